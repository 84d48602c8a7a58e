package jsonschema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func (j *judgement) ofObject(o *tree.Object) {
	j.bounds("minProperties", "maxProperties", o.Len())
	if missing := missing(o, j.list("required")); len(missing) == 1 {
		j.fault("required", "missing property %s", quote(missing[0]))
	} else if len(missing) > 1 {
		j.fault("required", "missing properties %s", quoteAll(missing))
	}
	j.depending(o)
	j.properties(o)
	if names, ok := j.keyword("propertyNames"); ok {
		for name := range o.All() {
			faults, _ := j.check(names, name, j.at.Child(name))
			for _, f := range faults {
				j.fault("propertyNames", "invalid propertyName %s: %s", quote(name), f.Problem)
			}
		}
	}
}

// missing returns which of the names an object lacks.
func missing(o *tree.Object, names []tree.Value) []string {
	var lacks []string
	for _, name := range names {
		if name := name.(string); !o.Has(name) {
			lacks = append(lacks, name)
		}
	}
	return lacks
}

// depending holds the object to what some of its members ask for.
func (j *judgement) depending(o *tree.Object) {
	for _, keyword := range []string{"dependencies", "dependentSchemas", "dependentRequired"} {
		for name, need := range j.members(keyword).All() {
			if !o.Has(name) {
				continue
			}
			names, list := need.([]tree.Value)
			if !list {
				j.same(need, o)
			} else if missing := missing(o, names); len(missing) > 0 {
				j.fault(keyword, "properties %s required, if %s exists", quoteAll(missing), quote(name))
			}
		}
	}
}

func (j *judgement) properties(o *tree.Object) {
	declared, patterns := j.members("properties"), j.members("patternProperties")
	others, hasOthers := j.keyword("additionalProperties")
	var refused []string
	for name, v := range o.All() {
		known := false
		if schema, ok := declared.Get(name); ok {
			known = true
			j.within(schema, v, name)
		}
		for pattern, schema := range patterns.All() {
			if j.patterns[pattern].MatchString(name) {
				known = true
				j.within(schema, v, name)
			}
		}
		switch {
		case known:
		case !hasOthers:
			continue
		case others == false:
			refused = append(refused, name)
		default:
			j.within(others, v, name)
		}
		j.seen.name(name)
	}
	if len(refused) > 0 {
		slices.Sort(refused)
		j.fault("additionalProperties", "additional properties %s not allowed", quoteAll(refused))
	}
}

func (j *judgement) ofArray(all []tree.Value) {
	j.bounds("minItems", "maxItems", len(all))
	if unique, _ := j.keyword("uniqueItems"); unique == true {
		j.unique(all)
	}
	j.items(all)
	j.contains(all)
}

func (j *judgement) unique(all []tree.Value) {
	for i, v := range all {
		if first := slices.IndexFunc(all[:i], func(o tree.Value) bool { return tree.Equal(o, v) }); first >= 0 {
			j.fault("uniqueItems", "items at %d and %d are equal", first, i)
			return
		}
	}
}

// items holds the first items each to a schema of its own, and the others to
// one for all.
func (j *judgement) items(all []tree.Value) {
	first, rest := j.list("prefixItems"), "items"
	if j.in.draft < draft2020 {
		if first = j.list("items"); first != nil {
			rest = "additionalItems"
		}
	}
	schema, ok := j.keyword(rest)
	for i, v := range all {
		switch {
		case i < len(first):
			j.within(first[i], v, strconv.Itoa(i))
		case !ok:
			return
		default:
			j.within(schema, v, strconv.Itoa(i))
		}
		j.seen.item(i)
	}
}

func (j *judgement) contains(all []tree.Value) {
	schema, ok := j.keyword("contains")
	if !ok {
		return
	}
	var fit []string
	for i, v := range all {
		if faults, _ := j.check(schema, v, j.at.Child(strconv.Itoa(i))); len(faults) == 0 {
			fit = append(fit, strconv.Itoa(i))
			if j.in.draft >= draft2020 {
				j.seen.item(i)
			}
		}
	}
	least, most := 1, len(all)
	if v, ok := j.keyword("minContains"); ok {
		least, _ = count(v)
	}
	if v, ok := j.keyword("maxContains"); ok {
		most, _ = count(v)
	}
	switch {
	case len(fit) == 0 && least == 1:
		j.fault("contains", "no items match contains schema")
	case len(fit) < least:
		j.fault("minContains", "min %d items required to match contains schema, but matched %d", least, len(fit))
	case len(fit) > most:
		j.fault("maxContains", "max %d items may match contains schema, but matched %d: %s", most, len(fit), strings.Join(fit, ", "))
	}
}

func (j *judgement) unevaluatedNames(o *tree.Object) {
	schema, ok := j.keyword("unevaluatedProperties")
	if !ok {
		return
	}
	for name, v := range o.All() {
		if !j.seen.names[name] {
			j.within(schema, v, name)
			j.seen.name(name)
		}
	}
}

func (j *judgement) unevaluatedItems(all []tree.Value) {
	schema, ok := j.keyword("unevaluatedItems")
	if !ok {
		return
	}
	for i, v := range all {
		if !j.seen.items[i] {
			j.within(schema, v, strconv.Itoa(i))
			j.seen.item(i)
		}
	}
}
