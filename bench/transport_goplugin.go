package main

import (
	"fmt"
	"os/exec"

	"github.com/hashicorp/go-plugin"

	"github.com/natesales/pathvector-plugin/bench/internal/goplugin"
)

// hashicorp is a plugin of go-plugin, whichever its transport. It is set up as
// its documentation shows it, without TLS and without logging.
type hashicorp struct {
	file   string
	client *plugin.Client
	method string
	plugin goplugin.Caller
}

func openGRPC(b binaries, op operation) (transport, error) {
	return openHashicorp(b.path(binaryGRPC), op, plugin.ProtocolGRPC, goplugin.GRPC{})
}

func openNetRPC(b binaries, op operation) (transport, error) {
	return openHashicorp(b.path(binaryNetRPC), op, plugin.ProtocolNetRPC, goplugin.NetRPC{})
}

func openHashicorp(path string, op operation, protocol plugin.Protocol, p plugin.Plugin) (transport, error) {
	h := &hashicorp{file: path, method: goplugin.Noop, client: plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  goplugin.Handshake,
		Plugins:          plugin.PluginSet{goplugin.Name: p},
		Cmd:              exec.Command(path),
		AllowedProtocols: []plugin.Protocol{protocol},
		Logger:           goplugin.Quiet(),
	})}
	if op == modify {
		h.method = goplugin.Modify
	}
	if err := h.dispense(); err != nil {
		h.client.Kill()
		return nil, err
	}
	return h, nil
}

func (h *hashicorp) dispense() error {
	conn, err := h.client.Client()
	if err != nil {
		return err
	}
	raw, err := conn.Dispense(goplugin.Name)
	if err != nil {
		return err
	}
	var ok bool
	if h.plugin, ok = raw.(goplugin.Caller); !ok {
		return fmt.Errorf("expected a goplugin.Caller, got a %T", raw)
	}
	return nil
}

func (h *hashicorp) caller(payload []byte) (func() ([]byte, error), error) {
	return h.plugin.Caller(h.method, payload), nil
}

func (h *hashicorp) path() string { return h.file }

func (h *hashicorp) close() error {
	h.client.Kill()
	return nil
}
