// Package jsonschema holds values to JSON Schemas, as plugins declare them for
// their options. It knows draft 2020-12, and reads what drafts 6, 7 and 2019-09
// write differently. format and the content keywords say nothing about whether
// a value fits.
//
// It loads nothing by itself, and does nothing before it is asked to: the library
// that the tests compare it with makes every start of the program twice as long.
package jsonschema

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Schema is a schema that was found to be one, with all that it refers to. It
// may be used by several goroutines at once.
type Schema struct {
	root  tree.Value
	nodes map[*tree.Object]*node
}

// Loader returns the schema with a URI that another one refers to.
type Loader func(uri string) (tree.Value, error)

// node is what is known of a schema that is an object.
type node struct {
	object   *tree.Object
	in       *resource
	pattern  *regexp.Regexp
	patterns map[string]*regexp.Regexp // of patternProperties
	ref      tree.Value                // what $ref leads to; nil without one
	dynamic  tree.Value                // what $dynamicRef or $recursiveRef leads to
	anchor   string                    // that $dynamicRef names, if what it leads to has it
}

// resource is a schema with a URI, without those in it that have their own.
type resource struct {
	uri     *url.URL
	root    tree.Value
	draft   draft
	anchors map[string]tree.Value
	dynamic map[string]tree.Value // those of $dynamicAnchor
}

// draft is a version of JSON Schema.
type draft int

const (
	draft6    draft = 6
	draft7    draft = 7
	draft2019 draft = 2019
	draft2020 draft = 2020
)

// knows reports whether a keyword means anything in the draft.
func (d draft) knows(keyword string) bool {
	switch keyword {
	case "if", "then", "else":
		return d >= draft7
	case "$defs", "$anchor", "dependentSchemas", "dependentRequired", "unevaluatedProperties", "unevaluatedItems", "minContains", "maxContains":
		return d >= draft2019
	case "$recursiveRef", "$recursiveAnchor":
		return d == draft2019
	case "$dynamicRef", "$dynamicAnchor", "prefixItems":
		return d >= draft2020
	case "additionalItems":
		return d <= draft2019
	}
	return true
}

// draftOf returns the draft that $schema names, that of the schema around it
// where there is none.
func draftOf(o *tree.Object, around draft, at tree.Path) (draft, error) {
	v, ok := o.Get("$schema")
	if !ok {
		return around, nil
	}
	text, _ := v.(string)
	name := strings.TrimSuffix(text, "#")
	name = strings.TrimPrefix(strings.TrimPrefix(name, "http://"), "https://")
	switch name {
	case "json-schema.org/draft/2020-12/schema", "json-schema.org/schema":
		return draft2020, nil
	case "json-schema.org/draft/2019-09/schema":
		return draft2019, nil
	case "json-schema.org/draft-07/schema":
		return draft7, nil
	case "json-schema.org/draft-06/schema":
		return draft6, nil
	}
	return 0, unexpected(at.Child("$schema"), "https://json-schema.org/draft/2020-12/schema", v)
}

// reader reads schemas.
type reader struct {
	*Schema
	resources map[string]*resource // by their URIs
	load      Loader
	refs      []*node // that are not followed yet
}

// Compile reads a schema. Its URI is what relative ones in it start from, if it
// has no $id. Only with a Loader may it refer to anything outside of itself.
func Compile(uri string, schema tree.Value, load Loader) (*Schema, error) {
	r := &reader{Schema: &Schema{root: schema, nodes: map[*tree.Object]*node{}}, resources: map[string]*resource{}, load: load}
	if _, err := r.enter(uri, schema); err != nil {
		return nil, err
	}
	for len(r.refs) > 0 {
		n := r.refs[0]
		r.refs = r.refs[1:]
		if err := r.follow(n); err != nil {
			return nil, err
		}
	}
	return r.Schema, nil
}

// enter reads a whole document.
func (r *reader) enter(uri string, schema tree.Value) (*resource, error) {
	at, err := url.Parse(uri)
	if err != nil {
		return nil, err
	}
	in := &resource{uri: at, root: schema, draft: draft2020}
	if o, ok := schema.(*tree.Object); ok {
		if in.draft, err = draftOf(o, draft2020, nil); err != nil {
			return nil, err
		}
	}
	r.resources[uri] = in
	return in, r.read(schema, in, nil)
}

// read reads a schema that stands at a place of its document.
func (r *reader) read(schema tree.Value, in *resource, at tree.Path) error {
	o, ok := schema.(*tree.Object)
	if !ok {
		return expect(isBool(schema), at, "a schema, that is an object or a boolean", schema)
	}
	if r.nodes[o] != nil {
		return nil
	}
	in, err := r.inside(o, in, at)
	if err != nil {
		return err
	}
	n := &node{object: o, in: in}
	r.nodes[o] = n
	for key, v := range o.All() {
		if check := formOf(key); check != nil && in.draft.knows(key) {
			if err := check(r, n, v, at.Child(key)); err != nil {
				return err
			}
		}
	}
	n.name()
	r.refs = append(r.refs, n)
	return nil
}

// inside returns the resource that a schema belongs to: a new one if it has an
// $id.
func (r *reader) inside(o *tree.Object, in *resource, at tree.Path) (*resource, error) {
	v, _ := o.Get("$id")
	id, ok := v.(string)
	if !ok || in.draft <= draft7 && o.Has("$ref") {
		return in, nil
	}
	parsed, err := url.Parse(id)
	if err != nil {
		return nil, unexpected(at.Child("$id"), "a URI", id)
	}
	if parsed.Fragment != "" && in.draft <= draft7 {
		in.mark(&in.anchors, parsed.Fragment, o)
	}
	parsed.Fragment = ""
	if *parsed == (url.URL{}) {
		return in, nil
	}
	own := &resource{uri: in.uri.ResolveReference(parsed), root: o}
	if own.draft, err = draftOf(o, in.draft, at); err != nil {
		return nil, err
	}
	if other, ok := r.resources[own.uri.String()]; ok && other.root != own.root {
		return nil, unexpected(at.Child("$id"), "a URI that no other schema has", id)
	}
	r.resources[own.uri.String()] = own
	return own, nil
}

// keyword returns what the schema has under a keyword of its draft.
func (n *node) keyword(name string) (tree.Value, bool) {
	if !n.in.draft.knows(name) {
		return nil, false
	}
	return n.object.Get(name)
}

func (n *node) text(keyword string) (string, bool) {
	v, _ := n.keyword(keyword)
	s, ok := v.(string)
	return s, ok
}

// name keeps the anchors of a schema.
func (n *node) name() {
	if name, ok := n.text("$anchor"); ok {
		n.in.mark(&n.in.anchors, name, n.object)
	}
	if name, ok := n.text("$dynamicAnchor"); ok {
		n.in.mark(&n.in.anchors, name, n.object)
		n.in.mark(&n.in.dynamic, name, n.object)
	}
	if v, _ := n.keyword("$recursiveAnchor"); v == true {
		n.in.mark(&n.in.dynamic, "", n.object)
	}
}

func (in *resource) mark(names *map[string]tree.Value, name string, o *tree.Object) {
	if *names == nil {
		*names = map[string]tree.Value{}
	}
	(*names)[name] = o
}

// follow finds what a schema refers to.
func (r *reader) follow(n *node) error {
	var err error
	if ref, ok := n.text("$ref"); ok {
		if n.ref, _, err = r.target(n, ref); err != nil {
			return err
		}
	}
	for _, key := range []string{"$recursiveRef", "$dynamicRef"} {
		ref, ok := n.text(key)
		if !ok {
			continue
		}
		var fragment string
		if n.dynamic, fragment, err = r.target(n, ref); err != nil {
			return err
		}
		n.anchor = fragment
	}
	return nil
}

// target returns what a reference leads to, and its fragment.
func (r *reader) target(n *node, ref string) (schema tree.Value, fragment string, err error) {
	parsed, err := url.Parse(ref)
	if err != nil {
		return nil, "", fmt.Errorf("a $ref to %s: expected a URI", ref)
	}
	full := *n.in.uri.ResolveReference(parsed)
	fragment, full.Fragment, full.RawFragment = full.Fragment, "", ""
	in, ok := r.resources[full.String()]
	if !ok {
		if in, err = r.outside(full.String()); err != nil {
			return nil, "", fmt.Errorf("a $ref to %s: %w", ref, err)
		}
	}
	schema, path, ok := in.find(fragment)
	if !ok {
		return nil, "", fmt.Errorf("a $ref to %s: nothing is there", ref)
	}
	return schema, fragment, r.read(schema, in, path)
}

func (r *reader) outside(uri string) (*resource, error) {
	if r.load == nil {
		return nil, errors.New("only references within the schema are followed")
	}
	schema, err := r.load(uri)
	if err != nil {
		return nil, err
	}
	return r.enter(uri, schema)
}

// find looks up a fragment: a JSON Pointer or an anchor.
func (in *resource) find(fragment string) (schema tree.Value, at tree.Path, ok bool) {
	if fragment != "" && fragment[0] != '/' {
		schema, ok = in.anchors[fragment]
		return schema, nil, ok
	}
	at, err := tree.ParsePointer(fragment)
	if err != nil {
		return nil, nil, false
	}
	schema, ok = tree.Lookup(in.root, at)
	return schema, at, ok
}
