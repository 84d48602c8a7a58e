package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// taking checks the differences of a result one by one and collects them.
type taking struct {
	*View
	writes reach
	taken  []tree.Difference
	out    Outcome
	warned map[string]bool
}

// take checks one difference against the schema, then against what the plugin
// may write, and adds it to the changes.
func (t *taking) take(d tree.Difference) error {
	var err error
	if d.After, err = t.fitted(d); err != nil {
		return err
	}
	before, exists := tree.Lookup(t.whole, d.Path)
	if err := t.allowed(d, before); err != nil {
		return err
	}
	if exists && unchanged(before, d) {
		return nil
	}
	if exists && d.Op == tree.Add {
		d.Op = tree.Replace // of a value that the plugin does not see
	}
	d.Before = before
	t.taken = append(t.taken, d)
	t.out.Changes = append(t.out.Changes, newChange(d, t.secrets))
	return nil
}

// unchanged reports whether the plugin writes what is there without seeing it.
// An added empty object changes nothing about an object that is there.
func unchanged(before tree.Value, d tree.Difference) bool {
	_, wasObject := before.(*tree.Object)
	_, isObject := d.After.(*tree.Object)
	return d.Op == tree.Add && (wasObject && isObject || tree.Equal(before, d.After))
}

// fitted checks a difference against the schema and returns its new value in
// the schema's form. Keys that the schema does not know only lead to warnings:
// a newer Pathvector may have them.
func (t *taking) fitted(d tree.Difference) (tree.Value, error) {
	if d.Op == tree.Remove {
		return nil, nil
	}
	n, known := schema.Root(), true
	for i, key := range d.Path {
		if k := n.Kind(); k != schema.Any && k != schema.Object {
			return nil, &ValueError{Pointer: d.Path[:i].String(), Want: n.Want(), Got: "an object"}
		}
		if m := n.FitKey(key); m != nil {
			return nil, t.misfit(d.Path[:i], m)
		}
		if known && !n.Known(key) {
			known = false
			t.warnUnknown(d.Path[:i+1])
		}
		n = n.Child(key)
	}
	v, m := n.Fit(d.After)
	if m != nil {
		return nil, t.misfit(d.Path, m)
	}
	return v, nil
}

func (t *taking) misfit(at tree.Path, m *schema.Mismatch) error {
	path := append(slices.Clip(at), m.Path...)
	got := shown(masked(m.Got, schema.At(path), nil, nil))
	if t.secret(path) {
		got = mask
	}
	return &ValueError{Pointer: path.String(), Want: m.Want, Got: got}
}

func (t *taking) warnUnknown(path tree.Path) {
	pointer := path.String()
	if _, there := tree.Lookup(t.whole, path); there || t.warned[pointer] {
		return
	}
	t.warned[pointer] = true
	t.warn("%s: Pathvector is not known to have this key, and refuses a file with keys it does not have", brief(pointer))
}

func (t *taking) warn(format string, args ...any) {
	t.out.Warnings = append(t.out.Warnings, fmt.Sprintf(format, args...))
}

func (t *taking) secret(path tree.Path) bool { return schema.Secret(path) || t.secrets.within(path) }

// allowed refuses what the plugin may not change. before is what the whole
// configuration has there.
func (t *taking) allowed(d tree.Difference, before tree.Value) error {
	w, lacks := t.writes.to(d.Path), lacking{}
	var secret, guarded tree.Path
	if !t.scopes.Secrets {
		secret, lacks.secrets = t.first(d, t.secret, (*schema.Node).Secret)
	}
	if !t.scopes.Guarded {
		guarded, lacks.guarded = t.first(d, schema.Guarded, (*schema.Node).Guarded)
	}
	if !w.declared.whole {
		lacks.declaredWrites = []tree.Path{d.Path}
	}
	if !w.narrowed.whole {
		lacks.writes = []tree.Path{d.Path}
	}
	switch {
	case !w.declared.whole:
		return refuse(d.Path, RuleWrites, "the plugin does not declare that it writes it", lacks)
	case lacks.secrets:
		return refuse(secret, RuleSecret, "it is a secret", lacks)
	case lacks.guarded:
		return refuse(guarded, RuleGuarded, guardedProblem, lacks)
	case !w.narrowed.whole:
		return refuse(d.Path, RuleWrites, "the settings keep the plugin from writing it", lacks)
	}
	return t.drops(d, before)
}

// first returns the first value that is of a kind: the one that changes, or
// one in its new value.
func (t *taking) first(d tree.Difference, at func(tree.Path) bool, key func(*schema.Node, string) bool) (tree.Path, bool) {
	if at(d.Path) {
		return d.Path, true
	}
	return firstBelow(d.After, d.Path, schema.At(d.Path), key)
}

// firstBelow returns the first key below a value for which is holds. In a list
// that is the list: it counts as one value.
func firstBelow(v tree.Value, path tree.Path, n *schema.Node, is func(*schema.Node, string) bool) (tree.Path, bool) {
	switch v := v.(type) {
	case *tree.Object:
		for key, child := range v.All() {
			if is(n, key) {
				return path.Child(key), true
			}
			if at, found := firstBelow(child, path.Child(key), n.Child(key), is); found {
				return at, true
			}
		}
	case []tree.Value:
		for _, item := range v {
			if _, found := firstBelow(item, path, n.Item(), is); found {
				return path, true
			}
		}
	}
	return nil, false
}

// drops refuses a change with which values would go that the plugin does not
// see, or may not write. Removing a whole peer or template takes them along,
// which is warned of (spec SCP-9).
func (t *taking) drops(d tree.Difference, before tree.Value) error {
	if at, found := t.blocked(d.Path); found {
		return t.refusedHidden(lacking{}, at)
	}
	if t.secretList(before, d.Path) {
		return t.refusedHidden(lacking{}, d.Path)
	}
	o, ok := before.(*tree.Object)
	_, staysObject := d.After.(*tree.Object)
	if !ok || d.Op == tree.Add && staysObject {
		return nil
	}
	seen, _ := tree.Lookup(t.shown, d.Path)
	hidden := unseen(o, seen, d.Path)
	if d.Op == tree.Remove && len(d.Path) == 2 && (d.Path[0] == "peers" || d.Path[0] == "templates") {
		if len(hidden) > 0 {
			t.warn("%s: removed, with values in it that the plugin does not see: %s", brief(d.Path.String()), names(hidden))
		}
		return nil
	}
	guarded, found := firstBelow(o, d.Path, schema.At(d.Path), (*schema.Node).Guarded)
	lacks := lacking{guarded: found && !t.scopes.Guarded}
	switch {
	case len(hidden) > 0:
		return t.refusedHidden(lacks, hidden...)
	case lacks.guarded:
		return refuse(guarded, RuleGuarded, guardedProblem, lacks)
	}
	return nil
}

// secretList reports whether v, the value at path, is a list that is kept from
// the plugin because it holds a secret.
func (t *taking) secretList(v tree.Value, path tree.Path) bool {
	_, isList := v.([]tree.Value)
	return isList && t.secretInside(v, schema.At(path))
}

// refusedHidden advises by why the plugin does not see the values: they are
// secrets, the settings keep them back, or the plugin does not ask for them.
func (t *taking) refusedHidden(lacks lacking, hidden ...tree.Path) error {
	for _, at := range hidden {
		v, _ := tree.Lookup(t.whole, at)
		reads := t.scopes.reads().to(at)
		lacks.secrets = lacks.secrets || !t.scopes.Secrets && (t.secret(at) || t.secretList(v, at))
		if !reads.declared.whole {
			lacks.declaredReads = append(lacks.declaredReads, at)
		}
		if !reads.narrowed.whole {
			lacks.reads = append(lacks.reads, at)
		}
	}
	return refuse(hidden[0], RuleHidden, "the change would drop it, and the plugin does not see it", lacks)
}

// blocked returns the value above path that is no object, so that nothing can
// be written below it without dropping it. The plugin does not see it, or it
// would have replaced it.
func (t *taking) blocked(path tree.Path) (tree.Path, bool) {
	for i := 1; i < len(path); i++ {
		v, ok := tree.Lookup(t.whole, path[:i])
		if !ok || v == nil {
			break
		}
		if _, isObject := v.(*tree.Object); !isObject {
			return path[:i], true
		}
	}
	return nil, false
}

// unseen lists the values in o that the plugin does not see. seen is what it
// sees of o.
func unseen(o *tree.Object, seen tree.Value, path tree.Path) []tree.Path {
	if seen == tree.Value(o) {
		return nil
	}
	visible, _ := seen.(*tree.Object)
	if visible == nil {
		visible = &tree.Object{}
	}
	var out []tree.Path
	for key, child := range o.All() {
		shown, ok := visible.Get(key)
		inner, isObject := child.(*tree.Object)
		switch {
		case !ok:
			out = append(out, path.Child(key))
		case isObject:
			out = append(out, unseen(inner, shown, path.Child(key))...)
		}
	}
	return out
}

func names(paths []tree.Path) string {
	var words []string
	for _, p := range paths {
		words = append(words, p[len(p)-1])
	}
	return strings.Join(words, ", ")
}
