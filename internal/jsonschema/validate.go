package jsonschema

import (
	"fmt"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Fault is one way in which a value does not fit a schema.
type Fault struct {
	Path    tree.Path // of what does not fit, from the value that was held to the schema
	Keyword string    // of the schema that it does not fit; "" is the schema false
	Problem string    // in words
}

// Validate returns every way in which v does not fit, none if it does. Where
// one of several schemas would do, these are the faults that each of them finds.
func (s *Schema) Validate(v tree.Value) []Fault {
	e := &evaluation{schema: s, under: map[visit]bool{}}
	faults, _ := e.check(s.root, v, nil)
	return faults
}

// evaluation is one run of Validate.
type evaluation struct {
	schema *Schema
	scope  []*resource // that led here, the outermost first
	under  map[visit]bool
}

// visit is a schema that a value is being held to. On the way to where the
// evaluation is there is one value of each depth.
type visit struct {
	schema *tree.Object
	depth  int
}

// seen are the names and items of a value that schemas have said something
// about, which is what the unevaluated keywords leave out.
type seen struct {
	names map[string]bool
	items map[int]bool
}

func (s *seen) name(name string) {
	if s.names == nil {
		s.names = map[string]bool{}
	}
	s.names[name] = true
}

func (s *seen) item(i int) {
	if s.items == nil {
		s.items = map[int]bool{}
	}
	s.items[i] = true
}

func (s *seen) add(other seen) {
	for name := range other.names {
		s.name(name)
	}
	for i := range other.items {
		s.item(i)
	}
}

// judgement is what comes of a value that is held to a schema.
type judgement struct {
	*evaluation
	*node
	at     tree.Path
	faults []Fault
	seen   seen
}

// check holds v to a schema. What was seen counts only if there is no fault.
func (e *evaluation) check(schema, v tree.Value, at tree.Path) ([]Fault, seen) {
	o, ok := schema.(*tree.Object)
	if !ok {
		if schema == true {
			return nil, seen{}
		}
		return []Fault{{at, "", "false schema"}}, seen{}
	}
	here := visit{o, len(at)}
	if e.under[here] {
		return []Fault{{at, "$ref", "the schema refers to itself without end"}}, seen{}
	}
	e.under[here] = true
	defer delete(e.under, here)
	j := &judgement{evaluation: e, node: e.schema.nodes[o], at: at}
	if n := len(e.scope); n == 0 || e.scope[n-1] != j.in {
		e.scope = append(e.scope, j.in)
		defer func() { e.scope = e.scope[:n] }()
	}
	j.judge(v)
	return j.faults, j.seen
}

func (j *judgement) judge(v tree.Value) {
	if j.ref != nil && j.in.draft <= draft7 {
		j.same(j.ref, v)
		return // what stands beside it does not count there
	}
	if !j.scalar(v) {
		return
	}
	if j.ref != nil {
		j.same(j.ref, v)
	}
	switch v := v.(type) {
	case *tree.Object:
		j.ofObject(v)
	case []tree.Value:
		j.ofArray(v)
	case string:
		j.ofText(v)
	default:
		j.ofNumber(v)
	}
	if j.dynamic != nil {
		j.same(j.leadsTo(), v)
	}
	j.combined(v)
	switch v := v.(type) {
	case *tree.Object:
		j.unevaluatedNames(v)
	case []tree.Value:
		j.unevaluatedItems(v)
	}
}

// leadsTo is where $dynamicRef leads: to the outermost schema on the way here
// that has the anchor, if the one that it would lead to has it.
func (j *judgement) leadsTo() tree.Value {
	target := j.dynamic
	o, ok := target.(*tree.Object)
	if !ok || j.schema.nodes[o].in.dynamic[j.anchor] != target {
		return target
	}
	for _, in := range j.scope {
		if outer, ok := in.dynamic[j.anchor]; ok {
			return outer
		}
	}
	return target
}

func (j *judgement) fault(keyword, format string, args ...any) {
	j.faults = append(j.faults, Fault{j.at, keyword, fmt.Sprintf(format, args...)})
}

// list returns what the schema has under a keyword, nil if that is no list.
func (j *judgement) list(name string) []tree.Value {
	v, _ := j.keyword(name)
	all, _ := v.([]tree.Value)
	return all
}

// members returns what the schema has under a keyword, an object without
// members if that is none.
func (j *judgement) members(name string) *tree.Object {
	v, _ := j.keyword(name)
	if o, ok := v.(*tree.Object); ok {
		return o
	}
	return &tree.Object{}
}

// same holds the same value to another schema too.
func (j *judgement) same(schema, v tree.Value) {
	faults, seen := j.check(schema, v, j.at)
	j.faults = append(j.faults, faults...)
	if len(faults) == 0 {
		j.seen.add(seen)
	}
}

// fits reports whether a value fits a schema.
func (j *judgement) fits(schema, v tree.Value) bool {
	faults, seen := j.check(schema, v, j.at)
	if len(faults) == 0 {
		j.seen.add(seen)
	}
	return len(faults) == 0
}

// within holds a part of the value to a schema.
func (j *judgement) within(schema, part tree.Value, name string) {
	faults, _ := j.check(schema, part, j.at.Child(name))
	j.faults = append(j.faults, faults...)
}

// combined holds the value to the keywords that combine schemas.
func (j *judgement) combined(v tree.Value) {
	if not, ok := j.keyword("not"); ok {
		if faults, _ := j.check(not, v, j.at); len(faults) == 0 {
			j.fault("not", "'not' failed")
		}
	}
	for _, schema := range j.list("allOf") {
		j.same(schema, v)
	}
	j.anyOf(v)
	j.oneOf(v)
	if condition, ok := j.keyword("if"); ok {
		branch := "else"
		if j.fits(condition, v) {
			branch = "then"
		}
		if schema, ok := j.keyword(branch); ok {
			j.same(schema, v)
		}
	}
}

func (j *judgement) anyOf(v tree.Value) {
	var all []Fault
	schemas, fit := j.list("anyOf"), false
	for _, schema := range schemas {
		faults, seen := j.check(schema, v, j.at)
		if len(faults) == 0 {
			fit = true
			j.seen.add(seen)
		}
		all = append(all, faults...)
	}
	if !fit {
		j.faults = append(j.faults, all...)
	}
}

func (j *judgement) oneOf(v tree.Value) {
	var all []Fault
	fit := -1
	for i, schema := range j.list("oneOf") {
		faults, seen := j.check(schema, v, j.at)
		switch {
		case len(faults) > 0:
			all = append(all, faults...)
		case fit >= 0:
			j.fault("oneOf", "'oneOf' failed, subschemas %d, %d matched", fit, i)
			return
		default:
			fit = i
			j.seen.add(seen)
		}
	}
	if fit < 0 {
		j.faults = append(j.faults, all...)
	}
}
