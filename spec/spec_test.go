package spec

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRulesAreWellFormed(t *testing.T) {
	areas := []string{"FRM", "MSG", "VER", "INV", "NAM", "DSC", "OPT", "MOD", "TYP", "SCP", "CHK", "CMD", "NTF", "ASK", "ERR", "ENV"}
	next := map[string]int{}
	for _, r := range Rules() {
		area, number, _ := strings.Cut(r.ID, "-")
		assert.Contains(t, areas, area, r.ID)
		next[area]++
		assert.Equal(t, strconv.Itoa(next[area]), number, "ids of %s are unique and without a gap", area)
		assert.Contains(t, []string{Must, Should, May}, r.Level, "%s says MUST, SHOULD or MAY: %s", r.ID, r.Text)
		require.NotEmpty(t, r.Binds, r.ID)
		for _, who := range r.Binds {
			assert.Contains(t, []string{"plugin", "host"}, who, r.ID)
		}
		assert.True(t, strings.HasSuffix(r.Text, ".") || strings.HasSuffix(r.Text, "```"), "%s ends as a sentence does: %s", r.ID, r.Text)
	}
	for _, area := range areas {
		assert.NotZero(t, next[area], "area %s has rules", area)
	}
}

// Whatever stands in the text in bold like a rule id must have been read as
// a rule, or one with a typing error in its head would vanish.
func TestEveryRuleIsRead(t *testing.T) {
	bold := regexp.MustCompile(`\*\*([A-Z]+-[0-9]+)\*\*`).FindAllStringSubmatch(Protocol(), -1)
	var ids []string
	for _, m := range bold {
		ids = append(ids, m[1])
	}
	assert.Equal(t, ids, ruleIDs())
	assert.Greater(t, len(ids), 80)
}

func TestRuleReferencesExist(t *testing.T) {
	ids := ruleIDs()
	for _, ref := range regexp.MustCompile(`\b[A-Z]{3}-[0-9]+\b`).FindAllString(Protocol()+schemaTexts(t), -1) {
		if !strings.HasPrefix(ref, "RFC") && !strings.HasPrefix(ref, "UTF") {
			assert.Contains(t, ids, ref)
		}
	}
}

func TestParseRules(t *testing.T) {
	text := "# Head\n- **FRM-1** (plugin, host) One MUST\n  and MAY.\n\n  More.\nText.\n  Not this.\n- **MSG-1** (host) It should.\n- **MSG-2** no head\n"
	assert.Equal(t, []Rule{
		{ID: "FRM-1", Text: "One MUST and MAY. More.", Level: Must, Binds: []string{"plugin", "host"}},
		{ID: "MSG-1", Text: "It should.", Level: "", Binds: []string{"host"}},
	}, parseRules(text))
	assert.Equal(t, Should, strongest("MAY SHOULD"))
	assert.Equal(t, May, strongest("MAY"))
}

// The codes that the text lists are those that the schema accepts (ERR-2).
func TestErrorCodes(t *testing.T) {
	listed := regexp.MustCompile(`(?m)^\| (-3[0-9]+) \|`).FindAllStringSubmatch(Protocol(), -1)
	require.Len(t, listed, 9)
	var codes []int
	for _, m := range listed {
		code, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		codes = append(codes, code)
	}
	for _, code := range append(around(codes), -1, 0, 1, 2, 2147483647) {
		text := `{"code":` + strconv.Itoa(code) + `,"message":"m","data":{"supported":[1]}}`
		accepted := Validate("error", []byte(text)) == nil
		assert.Equal(t, code > 0 || slices.Contains(codes, code), accepted, "code %d", code)
	}
}

// around returns the codes, and those next to each.
func around(codes []int) []int {
	var out []int
	for _, code := range codes {
		out = append(out, code-1, code, code+1)
	}
	return out
}

// The patterns of SCP-11 follow the grammar of SCP-1.
func TestGuardedPatterns(t *testing.T) {
	_, list, found := strings.Cut(Protocol(), "```text\n")
	require.True(t, found)
	list, _, _ = strings.Cut(list, "```")
	patterns := strings.Fields(list)
	require.Len(t, patterns, 27)
	for _, p := range patterns {
		assert.NoError(t, Validate("pattern", []byte(strconv.Quote(p))))
	}
}

func ruleIDs() []string {
	var ids []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

func schemaTexts(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, name := range SchemaNames() {
		text, err := Schema(name)
		require.NoError(t, err)
		all.Write(text)
	}
	return all.String()
}
