package sdk

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Modifier is a function to change the configuration, as Modify makes it.
type Modifier handler

// Call is one request to change the configuration.
type Call[Options, View any] struct {
	Request[Options, View]

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

// Modify makes a Plugin's Modify of a function over the plugin's own types.
// Options and View are decoded by encoding/json; numbers in fields of type any
// are json.Number. An option that no field has exactly as its name is refused;
// in the view, what has no field is left alone. Options is a struct as a rule;
// map[string]any takes everything.
//
// A View that is json.RawMessage is the view as it came, without a copy, so its
// bytes must not be changed. Nobody has read it then if it is large: the plugin
// relies on a host that writes what it must (rule MSG-2). Any other View is
// checked as far as encoding/json does when it decodes it.
//
// The context ends when the host cancels, at the deadline the host gives, and
// when the plugin is stopped.
// An error of the function becomes the answer: see InvalidOptions, Unavailable
// and Error. A panic does too; it must not happen in a goroutine of
// the function's own, where nobody can catch it.
func Modify[Options, View any](f func(ctx context.Context, c *Call[Options, View]) (Result, error)) Modifier {
	return func(ctx context.Context, in *received) (json.RawMessage, error) {
		c := &Call[Options, View]{}
		if err := c.read(in); err != nil {
			return nil, err
		}
		result, err := f(ctx, c)
		if err != nil {
			return nil, err
		}
		return result.encode(in.config, c.messages)
	}
}
