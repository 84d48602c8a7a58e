package sdk

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Modifier is a function to change the configuration, as Modify makes it.
type Modifier func(ctx context.Context, params *protocol.ModifyParams) (*protocol.ModifyResult, error)

// Context says where the configuration comes from, and how long the call may
// take.
type Context = protocol.Context

// Call is one request to change the configuration.
type Call[Options, View any] struct {
	// Options is what the operator gave the plugin; {} when nothing.
	Options Options
	// View is the part of the configuration that the plugin reads. The handler
	// may change it and return it with Changed.
	View View
	// Context is as the host sent it; all of it may be empty when a person asks.
	Context Context

	messages []protocol.PluginMessage
}

// Infof puts a message for the operator beside the result. The pointer says
// which value it is about; it may be empty.
func (c *Call[Options, View]) Infof(pointer, format string, args ...any) {
	c.say(protocol.LevelInfo, pointer, fmt.Sprintf(format, args...))
}

// Warnf is Infof for what the operator should look at.
func (c *Call[Options, View]) Warnf(pointer, format string, args ...any) {
	c.say(protocol.LevelWarning, pointer, fmt.Sprintf(format, args...))
}

func (c *Call[Options, View]) say(level, pointer, text string) {
	c.messages = append(c.messages, protocol.PluginMessage{Level: level, Message: text, Pointer: pointer})
}

// Path resolves a file name from the options: a relative one is meant from the
// folder of the configuration, since the host runs plugins in /.
func (c *Call[Options, View]) Path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(c.Context.ConfigDir, file)
}

// Modify makes a Plugin's Modify of a function over the plugin's own types.
// Options and View are decoded by encoding/json; numbers in fields of type any
// are json.Number. An option that no field has exactly as its name is refused;
// in the view, what has no field is left alone. Options is a struct as a rule;
// map[string]any takes everything.
//
// The context ends when the host cancels, and at the deadline the host gives.
// An error of the function becomes the answer: see InvalidOptions, Unavailable
// and Error. A panic does too; it must not happen in a goroutine of
// the function's own, where nobody can catch it.
func Modify[Options, View any](f func(ctx context.Context, c *Call[Options, View]) (Result, error)) Modifier {
	return func(ctx context.Context, params *protocol.ModifyParams) (*protocol.ModifyResult, error) {
		c := &Call[Options, View]{Context: params.Context}
		if err := decodeOptions(params.Options, &c.Options); err != nil {
			return nil, err
		}
		if err := decodeView(params.Config, &c.View); err != nil {
			return nil, err
		}
		result, err := f(ctx, c)
		if err != nil {
			return nil, err
		}
		return result.encode(params.Config, c.messages)
	}
}
