package check_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/check"
)

// section is what docs/checks.md says of one code.
type section struct {
	code, severity string
	examples       []example
}

type example struct {
	good, whole, silent, untried bool
	text                         string
}

// file returns the whole file that the example stands for.
func (e example) file() []byte {
	text := e.text
	if !e.whole && !strings.HasPrefix(text, "asn:") {
		text = "asn: 64500\n" + text
	}
	if !e.whole && !strings.Contains(text, "router-id:") {
		text = "router-id: 192.0.2.1\n" + text
	}
	return []byte(text)
}

var (
	heading = regexp.MustCompile("(?m)^### `([a-z-]+)` \\((error|warning|info)\\)$")
	fence   = regexp.MustCompile("(?ms)^```yaml ([a-z ]+)\n(.*?)^```$")
)

func sections(t *testing.T) []section {
	t.Helper()
	text, err := os.ReadFile("../../docs/checks.md")
	require.NoError(t, err)
	doc := string(text)
	var out []section
	heads := heading.FindAllStringSubmatchIndex(doc, -1)
	require.NotEmpty(t, heads)
	for i, h := range heads {
		end := len(doc)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		s := section{code: doc[h[2]:h[3]], severity: doc[h[4]:h[5]]}
		for _, m := range fence.FindAllStringSubmatch(doc[h[1]:end], -1) {
			words := strings.Fields(m[1])
			has := func(word string) bool { return strings.Contains(m[1], word) }
			require.Contains(t, []string{"good", "bad"}, words[0], s.code)
			s.examples = append(s.examples, example{has("good"), has("whole"), has("silent"), has("untried"), m[2]})
		}
		out = append(out, s)
	}
	return out
}

// find returns the findings of a file, also of one that cannot be read.
func find(t *testing.T, text []byte) []check.Finding {
	t.Helper()
	doc, err := config.Parse("c.yml", text)
	var broken *config.Error
	if err != nil {
		require.ErrorAs(t, err, &broken)
		return []check.Finding{check.Unreadable(broken)}
	}
	return check.Document(doc)
}

// Every check is documented, and every example comes to just what it is for.
func TestDocument(t *testing.T) {
	codes := check.Codes()
	for _, s := range sections(t) {
		assert.Equal(t, string(codes[s.code]), s.severity, s.code)
		delete(codes, s.code)
		good, bad := 0, 0
		for _, e := range s.examples {
			found := find(t, e.file())
			if e.good {
				good++
				assert.Empty(t, found, "%s\n%s", s.code, e.text)
				continue
			}
			bad++
			require.Len(t, found, 1, "%s\n%s%v", s.code, e.text, found)
			assert.Equal(t, s.code, found[0].Code, e.text)
			assert.NotEmpty(t, found[0].Message, s.code)
			assert.NotEmpty(t, found[0].Instead, s.code)
			assert.Positive(t, found[0].Line, s.code)
		}
		assert.Positive(t, bad, s.code)
		assert.Positive(t, good, s.code)
	}
	assert.Empty(t, codes, "checks that docs/checks.md does not explain")
}
