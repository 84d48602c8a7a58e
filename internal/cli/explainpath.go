package cli

import (
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// spelling is how a path is written on the command line.
type spelling func(tree.Path) string

// readPath reads what names a value: a JSON Pointer, which starts with a
// slash, or keys with dots between them. It also returns how to write another
// path in the same way.
func readPath(text string) (tree.Path, spelling, error) {
	if text == "" || text[0] == '/' {
		path, err := tree.ParsePointer(text)
		if err != nil {
			return nil, nil, &usageError{problem: err.Error(), advice: "write peers.NAME.asn instead, or escape the pointer"}
		}
		return path, tree.Path.String, nil
	}
	path, ok := parseDotted(text)
	if !ok {
		return nil, nil, &usageError{
			problem: quote(text) + " names no value: expected keys with one dot between them",
			advice:  `put a key that has a dot, a quote or nothing in it in double quotes, as in 'peers."a.b".asn', or write a JSON Pointer: /peers/a.b/asn`,
		}
	}
	return path, dotted, nil
}

// parseDotted reads keys with dots between them. A key in double quotes may
// hold dots, and quotes and backslashes behind a backslash.
func parseDotted(text string) (path tree.Path, ok bool) {
	for {
		key, rest, ok := cutKey(text)
		if !ok {
			return nil, false
		}
		path = append(path, key)
		if rest == "" {
			return path, true
		}
		if rest[0] != '.' {
			return nil, false
		}
		text = rest[1:]
	}
}

func cutKey(text string) (key, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexByte(text, '.')
		if end < 0 {
			end = len(text)
		}
		return text[:end], text[end:], end > 0
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), text[i+1:], true
		case text[i] == '\\' && i+1 < len(text):
			i++
		}
		b.WriteByte(text[i])
	}
	return "", "", false
}

func dotted(path tree.Path) string {
	words := make([]string, len(path))
	for i, key := range path {
		words[i] = key
		if key == "" || strings.ContainsAny(key, `."\`) {
			words[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(key) + `"`
		}
	}
	return strings.Join(words, ".")
}

// unknownPath says that a value is nowhere, and what is there instead.
func (e *explainer) unknownPath(path tree.Path, spell spelling) error {
	known := 0
	for known < len(path)-1 && e.leads(path[:known+1]) {
		known++
	}
	keys := e.keysAt(path[:known])
	missing := path[known]
	where := e.Document.File()
	if known > 0 {
		where = spell(path[:known]) + " in " + where
	}
	err := &usageError{problem: "there is no " + quote(missing) + " at " + where, advice: "there are no keys below it"}
	if known == 0 {
		err.problem = "there is no " + quote(missing) + " in " + where
	}
	if len(keys) > 0 {
		err.advice = "keys there: " + someOf(keys)
	}
	if near := nearest(missing, append(keys, config.Keys(path[:known])...)); near != "" {
		meant := append(path[:known:known], near)
		if whole := append(meant[:known+1:known+1], path[known+1:]...); e.isPath(whole) {
			meant = whole
		}
		err.advice = "did you mean " + spell(meant) + "? " + err.advice
	}
	return err
}

// exists reports whether the value is there, before or after the plugins.
func (e *explainer) exists(path tree.Path) bool {
	_, now := tree.Lookup(e.Tree, path)
	_, before := tree.Lookup(e.Document.Tree(), path)
	return now || before
}

// keysAt returns the keys of what stands at path, before or after the plugins;
// none of a secret's.
func (e *explainer) keysAt(path tree.Path) []string {
	if e.Document.Secret(path) {
		return nil
	}
	var keys []string
	seen := map[string]bool{}
	for _, root := range []tree.Value{e.Tree, e.Document.Tree()} {
		v, _ := tree.Lookup(root, path)
		o, ok := v.(*tree.Object)
		if !ok {
			continue
		}
		for _, key := range o.Keys() {
			if !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// nearest returns the key that a misspelt word comes nearest to, "" if none
// comes near. Case does not count.
func nearest(word string, keys []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, key := range keys {
		d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(key))
		if strings.HasPrefix(strings.ToLower(key), strings.ToLower(word)+".") {
			d = 0 // a key with a dot, written without quotes
		}
		if d < least {
			best, least = key, d
		}
	}
	return best
}

// someOf lists keys, cut where they would fill the screen.
func someOf(keys []string) string {
	const most = 12
	if len(keys) > most {
		return strings.Join(keys[:most], ", ") + ", …"
	}
	return strings.Join(keys, ", ")
}
