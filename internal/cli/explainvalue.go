package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// story is what there is to tell of one value.
type story struct {
	path      tree.Path
	now       json.RawMessage // masked; nil where the value is not there
	origin    *config.Origin  // in the file as it was; nil for a new value
	steps     []step
	list      tree.Path       // the list that the value is an item of: it counts as one value
	inherited *story          // of the template's value, where the peer has none
	fallback  json.RawMessage // Pathvector's default, where nothing sets the value
}

// story tells of the value at path, which is no mapping.
func (e *explainer) story(path tree.Path) *story {
	s := &story{path: path}
	s.now, _ = e.now(path)
	if origin, ok := e.Document.Origin(path); ok {
		s.origin = e.hushed(path, origin)
	}
	if list := e.listAround(path); list != nil {
		if steps := e.steps(list); len(steps) > 0 {
			s.list, s.steps, s.origin = list, steps, nil
		}
		return s
	}
	s.steps = e.steps(path)
	if s.now != nil && string(s.now) != "null" {
		return s
	}
	if from, ok := config.Template(e.Tree, path); ok {
		s.inherited = e.story(from)
	} else if s.now == nil {
		s.fallback, _ = config.Default(path)
	}
	return s
}

// steps is the chain of a value.
func (e *explainer) steps(path tree.Path) []step { return e.placed(path, e.chain(path)) }

// placed gives the first change of a value the place where the value was.
func (e *explainer) placed(path tree.Path, steps []step) []step {
	if len(steps) == 0 {
		return nil
	}
	steps[0].was = "(new)"
	if origin, ok := e.Document.Origin(path); ok {
		steps[0].was = e.short(e.hushed(path, origin))
	}
	return steps
}

// hushed is an origin without names that belong to a secret.
func (e *explainer) hushed(path tree.Path, o *config.Origin) *config.Origin {
	if e.Document.Secret(path) {
		for i := range o.Via {
			o.Via[i].Anchor = ""
		}
	}
	return o
}

// listAround returns the path of the outermost list that path leads into, nil
// for none.
func (e *explainer) listAround(path tree.Path) tree.Path {
	for n := 1; n < len(path); n++ {
		for _, root := range []tree.Value{e.Tree, e.Document.Tree()} {
			v, _ := tree.Lookup(root, path[:n])
			if _, is := v.([]tree.Value); is {
				return path[:n]
			}
		}
	}
	return nil
}

// written is where in the file a value is written, and how it gets from there to
// its own place. Sentences have the whole name of the file, rows the last part.
func written(file string, o *config.Origin) string {
	var text strings.Builder
	text.WriteString(fmt.Sprintf("%s:%d:%d", file, o.Line, o.Column))
	for _, v := range o.Via {
		how, what := "alias", fmt.Sprintf("line %d", v.AnchorLine)
		if v.Kind == config.ViaMerge {
			how = "merge key"
		}
		if v.Anchor != "" {
			what = "&" + v.Anchor + ", " + what
		}
		text.WriteString(fmt.Sprintf(" by the %s at %d:%d (%s)", how, v.Line, v.Column, what))
	}
	return text.String()
}

func (e *explainer) short(o *config.Origin) string {
	return written(filepath.Base(e.Document.File()), o)
}

// about tells of the value at path, or of all in the mapping there.
func (e *explainer) about(path tree.Path, color bool) string {
	if b := e.wholeTree(path); len(b.below) > 0 {
		return title(path) + "\n" + render(append(stepRows("", e.steps(path)), e.rows(b, 0)...), color)
	}
	s := e.story(path)
	text := title(path) + ": " + visible(s.value()) + "\n"
	if s.list != nil {
		text += "  a list counts as one value; of " + visible(s.list.String()) + ":\n"
	}
	rows := stepRows("", s.steps)
	if len(rows) == 0 || s.inherited != nil {
		text += "  " + visible(e.source(s)) + "\n"
	}
	if s.inherited != nil {
		rows = append(rows, stepRows("", s.inherited.steps)...)
	}
	return text + render(rows, color)
}

// title is how a value is named.
func title(path tree.Path) string {
	if len(path) == 0 {
		return "the whole configuration"
	}
	return visible(path.String())
}

// value is what holds for the value, in words.
func (s *story) value() string {
	switch {
	case s.inherited != nil:
		return s.inherited.value()
	case s.now != nil:
		return string(s.now)
	case s.fallback != nil:
		return string(s.fallback)
	case len(s.steps) > 0:
		return "removed"
	}
	return "not set"
}

// source says where a value comes from that no plugin changed itself.
func (e *explainer) source(s *story) string {
	switch {
	case s.inherited != nil:
		from := s.inherited
		text := "from template " + from.path[1]
		if from.origin != nil {
			text += " at " + written(e.Document.File(), from.origin)
		}
		if len(from.steps) == 0 {
			text += ", no plugin changed it"
		}
		return text
	case s.origin != nil:
		return "from " + written(e.Document.File(), s.origin) + ", no plugin changed it"
	case s.fallback != nil:
		return "Pathvector's default, as nothing sets it"
	}
	return "nothing sets it, and no default of Pathvector's is known"
}
