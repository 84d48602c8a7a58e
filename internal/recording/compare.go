package recording

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Difference is something that is not as it was recorded.
type Difference struct {
	Call     int    `json:"call,omitempty"`   // from 1; 0 for what belongs to no call
	Method   string `json:"method,omitempty"` // of the call
	What     string `json:"what"`             // as in "result /merge/hostname", "error", "message 2"
	Recorded string `json:"recorded,omitempty"`
	Now      string `json:"now,omitempty"` // JSON or a text; nothing if there is none
}

// Compare returns what is different now. JSON is compared by its values, call
// by call: in which order the answers of several calls come does not count, nor
// do the plugin's ids of questions, how output is split, progress and changed.
func Compare(recorded, now *Exchange) []Difference {
	before, after := recorded.script(), now.script()
	c := &comparison{}
	for i, call := range before.calls {
		c.call, c.method = i+1, call.Request.Method
		if i >= len(after.calls) {
			c.add("call", string(call.answer), "(not made, as the process had ended)")
			continue
		}
		c.calls(call, after.calls[i])
	}
	c.call, c.method = 0, ""
	c.sequence("line", before.loose, after.loose)
	if before.exit != nil && after.exit != nil && before.exit.String() != after.exit.String() {
		c.add("end", before.exit.String(), after.exit.String())
	}
	return c.found
}

type comparison struct {
	call   int
	method string
	found  []Difference
}

func (c *comparison) add(what, recorded, now string) {
	c.found = append(c.found, Difference{c.call, c.method, what, recorded, now})
}

func (c *comparison) calls(before, after *Call) {
	c.said(before.Said, after.Said)
	streams := maps.Clone(before.Output)
	maps.Copy(streams, after.Output)
	for _, stream := range slices.Sorted(maps.Keys(streams)) {
		if b, a := before.Output[stream], after.Output[stream]; b != a {
			c.add("output to "+stream, b, a)
		}
	}
	c.answers(before, after)
}

func (c *comparison) said(before, after []Said) {
	for i := range max(len(before), len(after)) {
		var b, a string
		if i < len(before) {
			b = before[i].text()
		}
		if i < len(after) {
			a = after[i].text()
		}
		if b == "" || a == "" || !before[i].equal(after[i]) {
			c.add(fmt.Sprintf("message %d", i+1), b, a)
		}
	}
}

// sequence compares texts one by one.
func (c *comparison) sequence(what string, before, after []string) {
	for i := range max(len(before), len(after)) {
		var b, a string
		if i < len(before) {
			b = before[i]
		}
		if i < len(after) {
			a = after[i]
		}
		if b != a || i >= len(before) || i >= len(after) {
			c.add(fmt.Sprintf("%s %d", what, i+1), b, a)
		}
	}
}

func (c *comparison) answers(before, after *Call) {
	b, a := answerOf(before), answerOf(after)
	if b.kind != a.kind {
		c.add("answer", string(before.answer), string(after.answer))
		return
	}
	for _, d := range tree.Diff(b.value, a.value) {
		what := b.kind
		if len(d.Path) > 0 {
			what += " " + d.Path.String()
		}
		c.add(what, valueText(d.Op != tree.Add, d.Before), valueText(d.Op != tree.Remove, d.After))
	}
}

// answer is what is compared of an answer: all but its id.
type answer struct {
	kind  string // result, error, or nothing
	value tree.Value
}

func answerOf(c *Call) answer {
	switch {
	case c.Answer == nil:
		return answer{}
	case c.Answer.Error != nil:
		e := &tree.Object{}
		e.Set("code", json.Number(fmt.Sprint(c.Answer.Error.Code)))
		e.Set("message", c.Answer.Error.Message)
		if data, err := tree.Parse(c.Answer.Error.Data); err == nil {
			e.Set("data", data)
		}
		return answer{"error", e}
	}
	v, err := tree.Parse(c.Answer.Result)
	if err != nil { // ParseMessage has read it
		v = string(c.Answer.Result)
	}
	return answer{"result", v}
}

func valueText(there bool, v tree.Value) string {
	if !there {
		return ""
	}
	return string(tree.Append(nil, v))
}
