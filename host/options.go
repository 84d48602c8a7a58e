package host

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/jsonschema"
)

// OptionsError says that the operator's options do not fit the schema that the
// plugin declares.
type OptionsError struct {
	Plugin  string
	Pointer string // into the options
	Problem string
}

func (e *OptionsError) Error() string {
	where := "the options"
	if e.Pointer != "" {
		where = "the option " + e.Pointer
	}
	return fmt.Sprintf("plugin %s: %s: %s", e.Plugin, where, e.Problem)
}

// Hint says where options come from.
func (e *OptionsError) Hint() string {
	return fmt.Sprintf("correct them in the settings' entry of %s, or under plugins: in the configuration; 'pathvector-plugin info %s' shows what it takes", e.Plugin, e.Plugin)
}

// PluginName returns the plugin whose options they are.
func (e *OptionsError) PluginName() string { return e.Plugin }

// optionsSchema is the JSON Schema that a plugin declares for its options; nil
// takes any object.
type optionsSchema struct {
	declared tree.Value
	hidden   writeOnly
	compiled *jsonschema.Schema
}

// newOptionsSchema reads a schema, which may refer to nothing outside itself
// (OPT-2).
func newOptionsSchema(schema json.RawMessage) (*optionsSchema, error) {
	if schema == nil {
		return nil, nil
	}
	declared, err := tree.Parse(schema)
	if err != nil {
		return nil, err
	}
	compiled, err := jsonschema.Compile("", declared, nil)
	if err != nil {
		return nil, badResult("OPT-2", string(schema), "the options are no valid JSON Schema: "+err.Error(), "correct the schema that describe returns")
	}
	return &optionsSchema{declared, newWriteOnly(declared), compiled}, nil
}

// apply returns what the plugin is sent: the operator's options with the
// schema's defaults filled in, held to the schema (OPT-3, OPT-4). It also
// returns the values of those that are write-only (OPT-6).
func (o *optionsSchema) apply(s Step) (encoded json.RawMessage, secrets []string, err error) {
	options := s.Options
	if options == nil {
		options = &tree.Object{}
	}
	if o == nil {
		return tree.Append(nil, options), nil, nil
	}
	options = withDefaults(o.declared, options)
	if faults := o.compiled.Validate(options); len(faults) > 0 {
		return nil, nil, o.fault(s.Plugin.Name, faults)
	}
	return tree.Append(nil, options), o.hidden.texts(options), nil
}

// withDefaults adds the default of every property that is missing, at every
// depth that the options have.
func withDefaults(schema, value tree.Value) tree.Value {
	object, ok := value.(*tree.Object)
	properties, _ := tree.Lookup(schema, tree.Path{"properties"})
	declared, declaredOK := properties.(*tree.Object)
	if !ok || !declaredOK {
		return value
	}
	for key, sub := range declared.All() {
		v, present := object.Get(key)
		if !present {
			fallback, ok := tree.Lookup(sub, tree.Path{"default"})
			if !ok {
				continue
			}
			v = fallback
		}
		object = tree.With(object, tree.Path{key}, withDefaults(sub, v)).(*tree.Object)
	}
	return object
}

// fault words the first of the faults, by where they stand, and says how many
// more there are.
func (o *optionsSchema) fault(plugin string, found []jsonschema.Fault) error {
	faults := make([]OptionsError, 0, len(found))
	for _, f := range found {
		path, problem := o.word(f)
		faults = append(faults, OptionsError{Plugin: plugin, Pointer: path.String(), Problem: problem})
	}
	slices.SortFunc(faults, func(a, b OptionsError) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Problem, b.Problem))
	})
	faults = slices.Compact(faults)
	first := faults[0]
	if more := len(faults) - 1; more > 0 {
		first.Problem += fmt.Sprintf(" (and %d more)", more)
	}
	return &first
}

// word says what is wrong, and where, without anything of a write-only value.
func (o *optionsSchema) word(f jsonschema.Fault) (tree.Path, string) {
	option, hidden := o.hidden.within(f.Path)
	if hidden && !(len(option) == len(f.Path) && tellsNoValue(f)) {
		return option, "the value does not fit (it is not shown, as the option is write-only)"
	}
	return f.Path, f.Problem
}

// tellsNoValue reports whether a fault is worded by the schema alone, or by
// the names of the options, which are no secrets.
func tellsNoValue(f jsonschema.Fault) bool {
	switch f.Keyword {
	case "type", "required":
		return true
	case "additionalProperties":
		return len(f.Path) == 0
	}
	return false
}
