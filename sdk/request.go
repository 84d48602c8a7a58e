package sdk

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Context says where the configuration comes from, and how long the call may
// take.
type Context = protocol.Context

// Request is what a plugin's function is handed, whatever the method.
type Request[Options, View any] struct {
	// Options is what the operator gave the plugin; {} when nothing.
	Options Options
	// View is the part of the configuration that the plugin reads. The function
	// may change it; what comes of that, its result says.
	View View
	// Context is as the host sent it; all of it may be empty when a person asks.
	Context Context

	in *received // nil for a Request that a test has made
}

// received is a request as it came.
type received struct {
	job             *job
	params          params
	config, options json.RawMessage
	context         Context
	command         string // the one to run, with its arguments
	arguments       []string
	progress        throttle
}

func receive(j *job, given params) (*received, error) {
	in := &received{job: j, params: given, config: given["config"], options: given["options"]}
	if raw, ok := given["context"]; ok {
		c, err := j.server.contexts.decode(raw)
		if err != nil {
			return nil, invalidParams("params.%v", err)
		}
		in.context = *c
	}
	return in, nil
}

func (r *Request[Options, View]) read(in *received) error {
	r.in, r.Context = in, in.context
	_, in.job.kept = any(&r.View).(*json.RawMessage)
	if err := decodeOptions(in.options, &r.Options); err != nil {
		return err
	}
	err := decodeView(in.config, &r.View)
	if err == nil || in.job.given == nil {
		return err
	}
	if err := in.readSlowly(); err != nil {
		return err
	}
	var none View
	r.View = none
	return decodeView(in.config, &r.View)
}

// readSlowly reads the request as one that is not written as hosts write it:
// its configuration could not be decoded, and nobody has checked it yet.
func (in *received) readSlowly() error {
	message, err := protocol.ParseMessage(in.job.line)
	if err != nil {
		return err
	}
	given, err := readParams(message.(*protocol.Request).Params)
	in.config = given["config"]
	return err
}

// Path resolves a file name from the options: a relative one is meant from the
// folder of the configuration, since the host runs plugins in /.
func (r *Request[Options, View]) Path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(r.Context.ConfigDir, file)
}

// Log returns a logger to the host, which shows what it says with the plugin's
// name, while the call lasts. Attributes go along as fields, groups as objects
// in them.
func (r *Request[Options, View]) Log() *slog.Logger {
	if r.in == nil {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(&logHandler{job: r.in.job})
}

// Progress tells the host how far the work is, in a unit of the plugin's
// choice. Total 0 means that it is not known; the message may be empty. It may
// be called as often as there is news: what follows within a tenth of a second
// is left out, but for the end.
func (r *Request[Options, View]) Progress(done, total float64, message string) {
	if r.in != nil && r.in.progress.let(done, total) {
		r.in.job.progress(done, total, message)
	}
}

// Get reads the value at the JSON Pointer in the configuration into value, and
// reports whether there is one; value may be nil. A host that keeps the plugin
// running is asked, and knows all that the plugin may read; it refuses a
// pointer to anything else. Otherwise the view that was sent is the answer.
func (r *Request[Options, View]) Get(ctx context.Context, pointer string, value any) (found bool, err error) {
	raw, found, err := r.get(ctx, pointer)
	if err != nil || !found || value == nil {
		return found, err
	}
	if err := decode(raw, value); err != nil {
		below, problem := explain(err)
		return true, invalidParams("%s%s: %s", pointer, below, problem)
	}
	return true, nil
}

func (r *Request[Options, View]) get(ctx context.Context, pointer string) (json.RawMessage, bool, error) {
	if r.in != nil {
		return r.in.get(ctx, pointer)
	}
	view, err := protocol.EncodeParams(r.View)
	if err != nil {
		return nil, false, err
	}
	return lookUp(view, pointer)
}
