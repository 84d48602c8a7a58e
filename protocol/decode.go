package protocol

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// decoder reads a result by its documented form. encoding/json alone would not
// do: it takes "Writes" for writes, and null for everything. The first thing
// that does not fit stays in violation; reading on after it does no harm.
type decoder struct {
	raw       []byte // the whole result, for the violation
	rule      string // the rule that the form of it follows
	violation *Violation
}

// field reads the value of one key. At says where it stands.
type field func(raw []byte, at string)

// wrong notes that something else stands at this place than wanted.
func (d *decoder) wrong(rule, at, want string, got []byte) {
	if at == "" {
		at = "the result"
	}
	d.fail(BadResult, rule, fmt.Sprintf("%s must be %s, and is %s", at, want, Quote(got)))
}

func (d *decoder) fail(kind Kind, rule, detail string) {
	if d.violation == nil {
		d.violation = NewViolation(kind, d.raw, detail)
		d.violation.Rule = rule
	}
}

// err is the violation as an error, nil when there is none.
func (d *decoder) err() error {
	if d.violation == nil {
		return nil
	}
	return d.violation
}

// object returns what is in an object.
func (d *decoder) object(raw []byte, at string) []member {
	members, v := scan(raw)
	switch {
	case v != nil:
		d.fail(v.Kind, v.Rule, v.Detail)
	case members == nil:
		d.wrong(d.rule, at, "an object", raw)
	}
	return members
}

// each hands every member to its field, in the order in which they stand, and
// returns the keys that have none.
func each(members []member, at string, fields map[string]field) (unknown []string) {
	for _, m := range members {
		key := string(m.key)
		if read, ok := fields[key]; ok {
			read(m.value, join(at, key))
		} else {
			unknown = append(unknown, key)
		}
	}
	return unknown
}

// require notes the keys that are absent.
func (d *decoder) require(members []member, at string, keys ...string) {
	for _, key := range keys {
		if !slices.ContainsFunc(members, func(m member) bool { return string(m.key) == key }) {
			d.fail(BadResult, d.rule, join(at, key)+" is missing")
		}
	}
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// text returns a field for a string, which must not be empty if it is to be
// filled.
func (d *decoder) text(to *string, filled bool) field {
	return func(raw []byte, at string) {
		var ok bool
		if *to, ok = textOf(raw); !ok {
			d.wrong(d.rule, at, "a string", raw)
		} else if filled && *to == "" {
			d.wrong(d.rule, at, "a string that is not empty", raw)
		}
	}
}

// texts returns a field for an array of strings.
func (d *decoder) texts(to *[]string, filled bool) field {
	return d.array(func(raw []byte, at string) {
		var s string
		d.text(&s, filled)(raw, at)
		*to = append(*to, s)
	}, func() { *to = []string{} })
}

// array returns a field for an array. It calls start once, and then item for
// every element.
func (d *decoder) array(item field, start func()) field {
	return func(raw []byte, at string) {
		var items []json.RawMessage
		if raw[0] != '[' || json.Unmarshal(raw, &items) != nil {
			d.wrong(d.rule, at, "an array", raw)
			return
		}
		start()
		for i, raw := range items {
			item(raw, at+"["+strconv.Itoa(i)+"]")
		}
	}
}

// keep returns a field for a value that is kept as it is. If open is not 0, it
// must begin so.
func (d *decoder) keep(to *json.RawMessage, open byte, rule string) field {
	return func(raw []byte, at string) {
		switch {
		case open == '{' && raw[0] != open:
			d.wrong(rule, at, "an object", raw)
		case open == '[' && raw[0] != open:
			d.wrong(rule, at, "an array", raw)
		default:
			*to = raw
		}
	}
}

// version is a field for one of protocols.
func (d *decoder) version(to *[]int) field {
	return func(raw []byte, at string) {
		n, err := strconv.Atoi(string(raw))
		if err != nil || n < 1 {
			d.wrong(d.rule, at, "an integer from 1 on", raw)
			return
		}
		*to = append(*to, n)
	}
}

// features is what a result may require. Version 1 defines none (VER-5).
var features []string

func (d *decoder) checkFeatures(requires []string) {
	for _, name := range requires {
		if !slices.Contains(features, name) {
			d.fail(UnknownFeature, UnknownFeature.about().rule, fmt.Sprintf(
				"it requires %s, and this host knows [%s]", Quote([]byte(name)), strings.Join(features, " ")))
		}
	}
}

// decodeError reads an error object (ERR-1), and says what is wrong with it.
func decodeError(raw []byte) (*Error, string) {
	d := decoder{raw: raw}
	e := &Error{}
	members := d.object(raw, "error")
	d.require(members, "error", "code", "message")
	each(members, "error", map[string]field{
		"code": func(raw []byte, at string) {
			n, err := strconv.ParseInt(string(raw), 10, 32)
			if err != nil {
				d.wrong("", at, "an integer", raw)
			}
			e.Code = int(n)
		},
		"message": d.text(&e.Message, true),
		"data":    d.keep(&e.Data, 0, ""),
	})
	if d.violation != nil {
		return nil, d.violation.Detail
	}
	return e, ""
}
