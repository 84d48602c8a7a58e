package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/recording"
	"github.com/natesales/pathvector-plugin/protocol"
)

func (a *app) replay() *cli.Command {
	return &cli.Command{
		Name:      "replay",
		Usage:     "make the calls in a recording again, and compare what plugins answer",
		ArgsUsage: "FILE [NAME-or-PATH]",
		Description: "FILE is what --trace has written. Each process in it is run again and sent the\n" +
			"same requests; with NAME, or a PATH with a / in it, only those of that plugin.\n" +
			"Answers are compared by the values in them. Exits with 4 if one differs.\n" +
			"Secrets were masked when FILE was written, so the masks are sent instead. The\n" +
			"plugin gets an empty state directory, and with -c that configuration's paths.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "update", Usage: "write what the plugins answer now into FILE", DisableDefaultText: true},
		},
		Action: a.runReplay,
	}
}

// errDiffers is no failure: it only carries the exit code of replay.
var errDiffers = errors.New("a plugin does not answer as it was recorded")

func (a *app) runReplay(c *cli.Context) error {
	names, err := arguments(c, 1, 2)
	if err != nil {
		return err
	}
	rec, err := readRecording(names[0])
	if err != nil {
		return err
	}
	s, err := a.session(c)
	if err != nil {
		return err
	}
	only := ""
	if len(names) == 2 {
		only = names[1]
	}
	exchanges, err := exchangesOf(rec, only)
	if err != nil {
		return err
	}
	a.tellMasked(exchanges)
	results, err := a.replayAll(c, s, exchanges, only)
	if err != nil {
		return err
	}
	return a.finishReplay(c, rec, results)
}

func readRecording(file string) (*recording.Recording, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &recording.Error{File: file, Problem: "cannot read the recording: " + plainCause(err)}
	}
	return recording.Parse(file, text)
}

// exchangesOf returns what is to be replayed: everything, or that of the plugin
// with the name or the path.
func exchangesOf(rec *recording.Recording, only string) ([]*recording.Exchange, error) {
	all := rec.Exchanges()
	if only == "" {
		return all, nil
	}
	name := only
	if strings.Contains(only, "/") {
		path, err := filepath.Abs(only)
		if err != nil {
			return nil, err
		}
		name = discovery.At(path).Name
	}
	var names []string
	for _, e := range all {
		if !slices.Contains(names, e.Plugin) {
			names = append(names, e.Plugin)
		}
	}
	all = slices.DeleteFunc(all, func(e *recording.Exchange) bool { return e.Plugin != name })
	if len(all) == 0 {
		return nil, &usageError{problem: rec.File + " has no calls of the plugin " + quote(name), advice: "it has those of: " + strings.Join(names, ", ")}
	}
	return all, nil
}

// tellMasked says which plugins are sent masks, as their answers may depend on
// what was there.
func (a *app) tellMasked(exchanges []*recording.Exchange) {
	const mask = "********"
	var plugins []string
	for _, e := range exchanges {
		calls, _ := e.Script()
		for _, call := range calls {
			if strings.Contains(string(call.Request.Params), mask) && !slices.Contains(plugins, e.Plugin) {
				plugins = append(plugins, e.Plugin)
			}
		}
	}
	if len(plugins) > 0 {
		a.report.note("secrets were masked in the recording: %s is sent %s in their place", strings.Join(plugins, ", "), mask)
	}
}

// replayed is what one exchange came to.
type replayed struct {
	Plugin      string                 `json:"plugin"`
	Process     int                    `json:"process"`
	Method      string                 `json:"method"`
	Calls       int                    `json:"calls"`
	Differences []recording.Difference `json:"differences"`
	Failures    []string               `json:"failures,omitempty"` // why calls have no answer
	now         *recording.Exchange
}

func (a *app) replayAll(c *cli.Context, s *session, exchanges []*recording.Exchange, only string) ([]*replayed, error) {
	state, err := os.MkdirTemp("", "pathvector-plugin-replay-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(state) }()
	sends := paths{}
	if c.IsSet("config") {
		if sends["configFile"], err = filepath.Abs(c.String("config")); err != nil {
			return nil, err
		}
		sends["configDir"] = filepath.Dir(sends["configFile"])
	}
	var results []*replayed
	for _, e := range exchanges {
		sends["stateDir"] = filepath.Join(state, e.Plugin)
		if err := os.MkdirAll(sends["stateDir"], 0o700); err != nil {
			return nil, err
		}
		step, err := a.replayedStep(c, s, e, only)
		if err != nil {
			return nil, err
		}
		r, err := a.replayOne(c.Context, step, e, sends)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// replayedStep is the plugin that is to make the exchange again. It is started
// with serve only if it offers that (INV-15).
func (a *app) replayedStep(c *cli.Context, s *session, e *recording.Exchange, only string) (host.Step, error) {
	name := e.Plugin
	if strings.Contains(only, "/") {
		name = only
	}
	step, err := a.namedStep(c, s, name, nil)
	step.Mode = protocol.ModeOneShot
	if err != nil || e.Method != protocol.ArgServe {
		return step, err
	}
	step.Mode = protocol.ModeKeptRunning
	d, err := s.host.Describe(c.Context, step)
	if err == nil {
		_, err = d.ModeOf(step)
	}
	return step, err
}

func (a *app) replayOne(ctx context.Context, step host.Step, e *recording.Exchange, sends paths) (*replayed, error) {
	r := newReplayer(a.host(), step, e, sends)
	if err := r.play(ctx); err != nil {
		return nil, err
	}
	return &replayed{
		Plugin: e.Plugin, Process: e.Process, Method: e.Method, Calls: len(r.calls),
		Differences: append([]recording.Difference{}, recording.Compare(e, &r.now)...),
		Failures:    r.failures(), now: &r.now,
	}, nil
}

// finishReplay shows what is different, and writes it into the recording if that
// is asked for.
func (a *app) finishReplay(c *cli.Context, rec *recording.Recording, results []*replayed) error {
	differ := 0
	for _, r := range results {
		if len(r.Differences) > 0 {
			differ++
			rec.Replace(r.now)
		}
	}
	if differ > 0 && c.Bool("update") {
		text, err := rec.Encode()
		if err == nil {
			err = writeFile(rec.File, text)
		}
		if err != nil {
			return err
		}
	}
	if err := a.showReplayed(c, rec.File, results, differ); err != nil {
		return err
	}
	if differ > 0 && !c.Bool("update") {
		return errDiffers
	}
	return nil
}

// replayJSON is what replay prints with --json.
type replayJSON struct {
	File    string      `json:"file"`
	Same    bool        `json:"same"`
	Updated bool        `json:"updated"`
	Replays []*replayed `json:"processes"`
}

func (a *app) showReplayed(c *cli.Context, file string, results []*replayed, differ int) error {
	if c.Bool("json") {
		return a.printJSON(replayJSON{file, differ == 0, differ > 0 && c.Bool("update"), results})
	}
	var b strings.Builder
	calls := 0
	for _, r := range results {
		calls += r.Calls
		r.text(&b, a.report.verbose, a.color(c))
	}
	switch {
	case differ == 0 && a.report.quiet:
		return nil
	case differ == 0:
		fmt.Fprintf(&b, "%s: the same, %s\n", file, amount(calls, "call"))
	case c.Bool("update"):
		fmt.Fprintf(&b, "%s: updated, %s\n", file, amount(differ, "process"))
	default:
		fmt.Fprintf(&b, "%s: %d of %s different\n", file, differ, amount(len(results), "process"))
	}
	return a.print(b.String())
}

func amount(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "s"):
		return fmt.Sprintf("%d %ses", n, what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (r *replayed) text(b *strings.Builder, whole, color bool) {
	if len(r.Differences) == 0 {
		return
	}
	fmt.Fprintf(b, "%s %d (%s)\n", r.Plugin, r.Process, r.Method)
	for _, d := range r.Differences {
		where := d.What
		if d.Call > 0 && r.Method == protocol.ArgServe {
			where = fmt.Sprintf("call %d (%s): %s", d.Call, d.Method, d.What)
		}
		b.WriteString("  " + protocol.Visible(where) + "\n")
		b.WriteString(paint("-   recorded  "+orNothing(d.Recorded, whole), color) + "\n")
		b.WriteString(paint("+   now       "+orNothing(d.Now, whole), color) + "\n")
	}
	for _, f := range r.Failures {
		b.WriteString("  " + protocol.Visible(f) + "\n")
	}
}

func orNothing(text string, whole bool) string {
	switch {
	case text == "":
		return "(nothing)"
	case whole:
		return protocol.Visible(text)
	}
	return shortened(protocol.Visible(text), 500)
}
