package host

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Described is what a plugin says about itself, with what the host noticed.
type Described struct {
	protocol.Describe
	// ReadPatterns and WritePatterns are the declared scopes; nil where the
	// plugin declares none, so that the defaults hold (SCP-3).
	ReadPatterns, WritePatterns []config.Pattern
	// Warnings continue a sentence that starts with the plugin.
	Warnings []string

	options *optionsSchema
	cached  bool // the plugin was not asked
}

// Modifies reports whether the plugin answers modify.
func (d *Described) Modifies() bool {
	return d.Methods == nil || slices.Contains(d.Methods, protocol.MethodModify)
}

// Checks reports whether the plugin answers check.
func (d *Described) Checks() bool {
	return slices.Contains(d.Methods, protocol.MethodCheck)
}

// Describe asks the plugin what it is, or takes what it answered before from
// the Cache.
func (h *Host) Describe(ctx context.Context, s Step) (*Described, error) {
	d, err := h.describe(ctx, s, Request{})
	if err == nil {
		h.used(d)
	}
	return d, err
}

// describe makes the request q, which says where notifications go, a describe.
// That is one-shot whatever the mode.
func (h *Host) describe(ctx context.Context, s Step, q Request) (*Described, error) {
	if d, ok := h.known(s.Plugin); ok {
		d.cached = true
		return d, nil
	}
	before := h.Cache.look(s.Plugin, h.Version)
	params, err := protocol.EncodeParams(protocol.DescribeParams{Protocol: protocol.Version})
	if err != nil {
		return nil, err
	}
	q.Method, q.Params, s.Mode = protocol.MethodDescribe, params, protocol.ModeOneShot
	answer, err := h.Call(ctx, s, q)
	if err != nil {
		return nil, err
	}
	d, err := readDescribe(s.Plugin, answer.Result)
	if err != nil {
		return nil, s.failed(protocol.MethodDescribe, err)
	}
	if answer.alone {
		h.Cache.keep(s.Plugin, h.Version, before, answer.Result)
	}
	d.Warnings = append(answer.Warnings, d.Warnings...)
	return d, nil
}

func readDescribe(p discovery.Plugin, result []byte) (*Described, error) {
	desc, unknown, err := protocol.DecodeDescribe(result)
	if err != nil {
		return nil, err
	}
	if desc.Name != p.Name {
		return nil, badResult("NAM-2", desc.Name,
			fmt.Sprintf("the file is named pathvector-plugin-%s, but the plugin calls itself %q", p.Name, desc.Name),
			"give the file and the name in describe the same name")
	}
	d := &Described{Describe: *desc}
	if d.ReadPatterns, err = patterns("reads", desc.Reads); err != nil {
		return nil, err
	}
	if d.WritePatterns, err = patterns("writes", desc.Writes); err != nil {
		return nil, err
	}
	if d.options, err = newOptionsSchema(desc.Options); err != nil {
		return nil, err
	}
	d.Warnings = append(d.Warnings, d.leaveOutCommands()...)
	if len(unknown) > 0 {
		d.Warnings = append(d.Warnings, "describe has fields that this host does not know: "+suggestFields(unknown))
	}
	return d, nil
}

// suggestFields lists unknown fields of describe, each with the known one that it
// may be a misspelling of: write in place of writes leaves everything open.
func suggestFields(unknown []string) string {
	words := make([]string, 0, len(unknown))
	for _, field := range unknown {
		if near := nearestField(field); near != "" {
			field += " (did you mean " + near + "?)"
		}
		words = append(words, field)
	}
	return strings.Join(words, ", ")
}

// nearestField returns the known field that is one letter away, "" where none
// is.
func nearestField(field string) string {
	known := reflect.TypeFor[protocol.Describe]()
	for i := range known.NumField() {
		name, _, _ := strings.Cut(known.Field(i).Tag.Get("json"), ",")
		if levenshtein.ComputeDistance(field, name) == 1 {
			return name
		}
	}
	return ""
}

// patterns parses declared scopes; nil stays nil, which is not the same as an
// empty list.
func patterns(key string, texts []string) ([]config.Pattern, error) {
	if texts == nil {
		return nil, nil
	}
	out := make([]config.Pattern, 0, len(texts))
	for _, text := range texts {
		p, err := config.ParsePattern(text)
		if err != nil {
			return nil, badResult("SCP-1", text, fmt.Sprintf("%s in describe: %v", key, err), "write a JSON Pointer, as in /peers/*/prepends")
		}
		out = append(out, p)
	}
	return out, nil
}

// badResult is a result that breaks a rule which only the host can check.
func badResult(rule, got, detail, advice string) error {
	v := protocol.NewViolation(protocol.BadResult, []byte(got), detail)
	v.Rule, v.Advice = rule, advice
	return v
}

// failed names the plugin and the call in an error found after the answer.
func (s Step) failed(method string, err error) *PluginError {
	return &PluginError{Plugin: s.Plugin.Name, Path: s.Plugin.Path, Method: method, Err: err}
}
