package yamledit

import (
	"bytes"
	"errors"
	"io"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
)

var located = lazyregexp.New(`^yaml: (?:line (\d+): )?(.*)$`)

// fromParser matches the problems that the library's parser finds, as opposed
// to its scanner: it counts their lines from 0.
var fromParser = lazyregexp.New(`^(did not find expected (key|'-' indicator|node content|<|',' or)|found (duplicate|incompatible|undefined)|unknown anchor)`)

// late matches those that the library places where the surrounding mapping or
// list starts, or nowhere.
var late = lazyregexp.New(`^(did not find expected (key|'-' indicator)|unknown anchor)`)

// syntaxError keeps the library's message and gives it the right line.
func (d *Document) syntaxError(err error) error {
	m := located().FindStringSubmatch(err.Error())
	if m == nil {
		return refusal(1, 1, err.Error(), "mend the YAML syntax there")
	}
	line, _ := strconv.Atoi(m[1])
	switch {
	case late().MatchString(m[2]):
		line = d.firstFailing(err.Error(), m[2])
	case fromParser().MatchString(m[2]):
		line++
	}
	lines := len(d.lines)
	if lines > 1 && d.lines[lines-1] == len(d.s) {
		lines-- // what is missing at the end is missing on the last line
	}
	line = min(max(line, 1), lines)
	column := d.skipBlanks(d.lines[line-1]) - d.lines[line-1] + 1
	return refusal(line, column, m[2], "mend the YAML syntax there; look at indentation, quotes and brackets")
}

// firstFailing returns the first line with which the text has this problem:
// the shortest run of lines from the start that has it ends there.
func (d *Document) firstFailing(whole, problem string) int {
	last := len(d.lines)
	return 1 + sort.Search(last-1, func(i int) bool {
		got := problemOf(d.s[:d.lines[i+1]])
		return got == whole || strings.HasSuffix(got, ": "+problem)
	})
}

func problemOf(s string) string {
	dec := yaml.NewDecoder(bytes.NewReader([]byte(s)))
	for {
		var n yaml.Node
		if err := decode(dec, &n); errors.Is(err, io.EOF) {
			return ""
		} else if err != nil {
			return err.Error()
		}
	}
}
