package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// ours is a plugin made with the SDK, kept running by a Host, with all that
// belongs to it: checks of what comes, cancelling, deadlines, limits, stderr.
type ours struct {
	host *host.Host
	step host.Step
}

func openOurs(b binaries, op operation) (transport, error) {
	name := binaryNoop
	if op == modify {
		name = binaryDecode
	}
	return newOurs(b.path(name), protocol.ModeKeptRunning)
}

func newOurs(path, mode string) (*ours, error) {
	p := discovery.At(path)
	if p.Err != nil {
		return nil, p.Err
	}
	return &ours{&host.Host{Runner: &host.Runner{}}, host.Step{Plugin: p, Mode: mode}}, nil
}

func (o *ours) caller(payload []byte) (func() ([]byte, error), error) {
	q, err := modifyRequest(payload)
	if err != nil {
		return nil, err
	}
	return func() ([]byte, error) {
		answer, err := o.host.Call(context.Background(), o.step, q)
		if err != nil {
			return nil, err
		}
		return answer.Result, nil
	}, nil
}

// modifyRequest is a request as Host.Modify makes it of a view: whoever calls
// by another transport has the bytes of the view, too.
func modifyRequest(view []byte) (host.Request, error) {
	params, err := protocol.EncodeParams(protocol.ModifyParams{
		Protocol: protocol.Version,
		Config:   view,
		Options:  json.RawMessage("{}"),
		Context:  protocol.Context{ConfigFile: "/etc/pathvector.yml", ConfigDir: "/etc", TimeoutMs: 30000, HostVersion: "bench"},
	})
	return host.Request{Method: protocol.MethodModify, Params: params, Ask: host.Answers(nil)}, err
}

func (o *ours) path() string { return o.step.Plugin.Path }

func (o *ours) close() error {
	messages, err := o.host.Close()
	if err == nil && len(messages) > 0 {
		err = fmt.Errorf("plugin %s %s", messages[0].Plugin, messages[0].Text)
	}
	return err
}
