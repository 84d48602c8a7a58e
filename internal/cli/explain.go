package cli

import (
	"encoding/json"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

func (a *app) explain() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "show who set a value, from what, and where in the file it is",
		ArgsUsage: "[POINTER]",
		Description: "Runs the plugins as modify does, as a dry run, and explains the value that POINTER\n" +
			"names, or everything that plugins changed. POINTER is a JSON Pointer with its\n" +
			"slash in front, or keys with dots between them: /peers/Cloudflare/asn is\n" +
			"peers.Cloudflare.asn. A key that has a dot in it stands in double quotes:\n" +
			"'peers.\"AS65001 v1.2\".asn'. '' is the whole configuration. Of a value that is\n" +
			"not set it tells what the peer's template or Pathvector's default makes of it.",
		Flags:  runFlags(),
		Action: a.runExplain,
	}
}

func (a *app) runExplain(c *cli.Context) error {
	names, err := arguments(c, 0, 1)
	if err != nil {
		return err
	}
	var path tree.Path
	var spell spelling
	if len(names) == 1 {
		if path, spell, err = readPath(names[0]); err != nil {
			return err
		}
	}
	r, err := a.modified(c, true)
	if err != nil {
		return err
	}
	e := newExplainer(r)
	if len(names) == 0 {
		if c.Bool("json") {
			return a.printJSON(e.document(nil, e.told(e.changedTree())))
		}
		return a.print(e.changed(a.color(c)))
	}
	if !e.isPath(path) {
		return e.unknownPath(path, spell)
	}
	if c.Bool("json") {
		pointer := path.String()
		return a.printJSON(e.document(&pointer, e.told(e.wholeTree(path))))
	}
	return a.print(e.about(path, a.color(c)))
}

// explainer tells of a result who set what.
type explainer struct {
	*result
	texts []string // secrets, wherever they stand
}

func newExplainer(r *result) *explainer { return &explainer{r, copiedSecrets(r)} }

// copiedSecrets are the secrets that are looked for wherever they stand.
func copiedSecrets(r *result) []string {
	return slices.DeleteFunc(r.Secrets(), func(secret string) bool { return len(secret) < leastSecret })
}

// chain is the changes that led to the value at path as it is, in order: those
// of the value itself and of what is around it.
func (e *explainer) chain(path tree.Path) []step {
	var steps []step
	for _, i := range e.touching(path) {
		if on, ok := e.Changes[i].On(path.String()); ok {
			steps = append(steps, e.step(i, on))
		}
	}
	return steps
}

// step is one change of a value, as far as it is about that value, and masked.
type step struct {
	config.Change
	overwrites, extends []string // plugins that set it before
	was                 string   // where the file has the value; empty for a later step
}

func (e *explainer) step(i int, on config.Change) step {
	s := step{Change: maskedWith(on, e.texts)}
	s.overwrites, s.extends = e.overlapNames(i, pathOf(on.Pointer))
	return s
}

// maskedWith is a change without secrets, also those that were copied to other
// places.
func maskedWith(c config.Change, texts []string) config.Change {
	c = c.Masked()
	c.Before, c.After = masked(c.Before, texts), masked(c.After, texts)
	return c
}

func masked(raw json.RawMessage, texts []string) json.RawMessage {
	v, err := tree.Parse(raw)
	if raw == nil || err != nil {
		return nil
	}
	return tree.Append(nil, config.MaskMessage(v, texts))
}

// now returns the value at path as it is after the plugins, masked.
func (e *explainer) now(path tree.Path) (json.RawMessage, bool) {
	v, ok := tree.Lookup(e.Tree, path)
	if !ok {
		return nil, false
	}
	return tree.Append(nil, config.MaskMessage(e.Document.Mask(path, v), e.texts)), true
}

// isPath reports whether there is anything to tell of path: a value that is or
// was there, or one that Pathvector knows.
func (e *explainer) isPath(path tree.Path) bool {
	if e.exists(path) || len(e.chain(path)) > 0 {
		return true
	}
	if _, inherited := config.Template(e.Tree, path); inherited {
		return true
	}
	return e.leads(path)
}

// leads reports whether a value is there or could be: names of the operator's
// choice must be there, keys of Pathvector's must be known.
func (e *explainer) leads(path tree.Path) bool {
	for n := range path {
		if !e.exists(path[:n+1]) && !slices.Contains(config.Keys(path[:n]), path[n]) {
			return false
		}
	}
	return true
}
