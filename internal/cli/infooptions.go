package cli

import (
	"encoding/json"
	"slices"
	"strings"
)

// declaredOption is what info shows of a property of the options' schema.
type declaredOption struct {
	Type        json.RawMessage   `json:"type"`
	Enum        []json.RawMessage `json:"enum"`
	Description string            `json:"description"`
	Default     json.RawMessage   `json:"default"`
}

// optionLines lists the options at the top of the schema, a line each.
func optionLines(schema json.RawMessage) []string {
	var s struct {
		Properties map[string]declaredOption `json:"properties"`
		Required   []string                  `json:"required"`
	}
	if schema == nil || json.Unmarshal(schema, &s) != nil || len(s.Properties) == 0 {
		return []string{"none declared"}
	}
	var lines []string
	for _, name := range sortedKeys(s.Properties) {
		line := s.Properties[name].line(slices.Contains(s.Required, name))
		lines = append(lines, name+": "+line)
	}
	return lines
}

func (o declaredOption) line(required bool) string {
	var facts []string
	if form := o.form(); form != "" {
		facts = append(facts, form)
	}
	if required {
		facts = append(facts, "required")
	}
	if o.Default != nil {
		facts = append(facts, "default "+string(o.Default))
	}
	line := strings.Join(facts, ", ")
	if o.Description != "" {
		line += ". " + o.Description
	}
	return line
}

// form is the type in words, or the values that are allowed.
func (o declaredOption) form() string {
	if len(o.Enum) > 0 {
		var values []string
		for _, v := range o.Enum {
			values = append(values, strings.Trim(string(v), `"`))
		}
		return strings.Join(values, " or ")
	}
	var one string
	var several []string
	if json.Unmarshal(o.Type, &one) == nil {
		return one
	}
	_ = json.Unmarshal(o.Type, &several) // another form shows nothing
	return strings.Join(several, " or ")
}
