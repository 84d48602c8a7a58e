package main

import (
	"errors"
	"fmt"
)

// The names of the transports, as the tables have them.
const (
	nameOurs   = "ours"
	nameGRPC   = "gRPC"
	nameNetRPC = "net/rpc"
	nameLine   = "line loop"
)

// operation is what a plugin does in a call.
type operation int

const (
	noop   operation = iota // takes the payload, answers with a constant
	modify                  // decodes the payload, answers with a small patch
)

// transport is a plugin that runs and waits for calls.
type transport interface {
	// caller returns the function that makes the call with the payload again and
	// again. What does not depend on the call is made before.
	caller(payload []byte) (func() ([]byte, error), error)
	path() string // of the plugin's executable
	close() error
}

// transports are plugins that do the same, side by side.
type transports struct {
	names  []string
	opened []transport
}

// open starts a plugin of each transport.
func open(b binaries, op operation, names ...string) (*transports, error) {
	start := map[string]func(binaries, operation) (transport, error){
		nameOurs: openOurs, nameGRPC: openGRPC, nameNetRPC: openNetRPC, nameLine: openLine,
	}
	all := &transports{names: names}
	for _, name := range names {
		t, err := start[name](b, op)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("cannot start the plugin of %s: %w", name, err), all.close())
		}
		all.opened = append(all.opened, t)
	}
	return all, nil
}

func (t *transports) close() error {
	var errs []error
	for _, o := range t.opened {
		errs = append(errs, o.close())
	}
	return errors.Join(errs...)
}

// contenders makes the call with the payload once with each transport, sees
// that all answer the same, and returns the calls to measure.
func (t *transports) contenders(payload []byte) ([]contender, error) {
	var all []contender
	var want []byte
	for i, name := range t.names {
		call, err := t.opened[i].caller(payload)
		if err != nil {
			return nil, err
		}
		got, err := call()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if want == nil {
			want = got
		}
		if string(got) != string(want) {
			return nil, fmt.Errorf("expected the same answer of all, got %s of %s and %s of %s", want, t.names[0], got, name)
		}
		all = append(all, contender{name, func() error {
			_, err := call()
			return err
		}})
	}
	return all, nil
}
