package host

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/natesales/pathvector-plugin/config/tree"
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
	compiled, err := compile(schema)
	if err != nil {
		return nil, badResult("OPT-2", string(schema), "the options are no valid JSON Schema: "+err.Error(), "correct the schema that describe returns")
	}
	return &optionsSchema{declared, newWriteOnly(declared), compiled}, nil
}

func compile(schema json.RawMessage) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseLoader(noLoader{})
	const name = "urn:pathvector-plugin:options"
	if err := c.AddResource(name, doc); err != nil {
		return nil, err
	}
	return c.Compile(name)
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
	encoded = tree.Append(nil, options)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		return nil, nil, err
	}
	if err := o.compiled.Validate(value); err != nil {
		return nil, nil, o.fault(s.Plugin.Name, err)
	}
	return encoded, o.hidden.texts(options), nil
}

// noLoader refuses every $ref that leaves the schema: options never make the
// host read a file or open a connection.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("a $ref to %s: only references within the schema are followed", url)
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

// fault words the first of the faults that the validator found, by where they
// stand, and says how many more there are. The validator lists them in the
// order of a Go map.
func (o *optionsSchema) fault(plugin string, err error) error {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return &OptionsError{Plugin: plugin, Problem: err.Error()}
	}
	faults := o.faults(nil, plugin, invalid)
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

func (o *optionsSchema) faults(found []OptionsError, plugin string, invalid *jsonschema.ValidationError) []OptionsError {
	for _, cause := range invalid.Causes {
		found = o.faults(found, plugin, cause)
	}
	if len(invalid.Causes) > 0 {
		return found
	}
	path, problem := o.word(invalid)
	return append(found, OptionsError{Plugin: plugin, Pointer: path.String(), Problem: problem})
}

// word says what is wrong, and where, without anything of a write-only value.
func (o *optionsSchema) word(invalid *jsonschema.ValidationError) (tree.Path, string) {
	path := tree.Path(invalid.InstanceLocation)
	option, hidden := o.hidden.within(path)
	if hidden && !(len(option) == len(path) && tellsNoValue(path, invalid.ErrorKind)) {
		return option, "the value does not fit (it is not shown, as the option is write-only)"
	}
	return path, invalid.ErrorKind.LocalizedString(message.NewPrinter(language.English))
}

// tellsNoValue reports whether a fault is worded by the schema alone, or by
// the names of the options, which are no secrets.
func tellsNoValue(path tree.Path, fault jsonschema.ErrorKind) bool {
	switch fault.(type) {
	case *kind.Type, *kind.Required:
		return true
	case *kind.AdditionalProperties:
		return len(path) == 0
	}
	return false
}
