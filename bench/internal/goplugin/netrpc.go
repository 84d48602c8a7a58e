package goplugin

import (
	"net/rpc"

	"github.com/hashicorp/go-plugin"
)

// NetRPC is the plugin for both sides of net/rpc.
type NetRPC struct{}

// Server returns what answers.
func (NetRPC) Server(*plugin.MuxBroker) (any, error) { return &Service{}, nil }

// Client returns a Caller.
func (NetRPC) Client(_ *plugin.MuxBroker, c *rpc.Client) (any, error) { return netrpcCaller{c}, nil }

// Service answers over net/rpc, which finds its methods by their form.
type Service struct{}

// Noop returns a constant.
func (*Service) Noop(in []byte, out *[]byte) (err error) {
	*out, err = answer(Noop, in)
	return err
}

// Modify decodes the configuration and returns a patch.
func (*Service) Modify(in []byte, out *[]byte) (err error) {
	*out, err = answer(Modify, in)
	return err
}

type netrpcCaller struct{ client *rpc.Client }

func (c netrpcCaller) Caller(method string, payload []byte) func() ([]byte, error) {
	return func() ([]byte, error) {
		var out []byte
		err := c.client.Call("Plugin."+method, payload, &out)
		return out, err
	}
}
