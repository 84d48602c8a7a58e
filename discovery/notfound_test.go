package discovery_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
)

func notFound(t *testing.T, inv *discovery.Inventory, name string) *discovery.NotFoundError {
	t.Helper()
	p, err := inv.Find(name)
	assert.Zero(t, p)
	var e *discovery.NotFoundError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, name, e.Name)
	return e
}

func TestNotFoundSaysWhereItLooked(t *testing.T) {
	dir := t.TempDir()
	in := append(places(dir, dir, "/no/such"), discovery.Places(nil, "bin")[0:]...)
	in = append(in, places(dir)...)
	e := notFound(t, discovery.Scan(in), "x")

	assert.Equal(t, dir, e.Searched[0])
	assert.Equal(t, "/no/such", e.Searched[1], "a directory listed twice is named once")
	require.Len(t, e.Skipped, 1)
	assert.Empty(t, e.Broken)
	assert.Empty(t, e.Similar)
	assert.ErrorContains(t, e, `no usable plugin is named "x"; searched: `+dir+", /no/such, ")
	assert.ErrorContains(t, e, `skipped from PATH: "bin" is not an absolute path`)
	for _, word := range []string{"cron", "systemd", "PATH", "--plugin-dir"} {
		assert.Contains(t, e.Hint(), word)
		assert.NotContains(t, e.Error(), "cron")
	}
}

func TestNotFoundListsBrokenCandidates(t *testing.T) {
	dir := t.TempDir()
	path := write(t, 0o644, dir, "pathvector-plugin-x")
	e := notFound(t, discovery.Scan(places(dir)), "x")
	require.Len(t, e.Broken, 1)
	assert.ErrorContains(t, e, path+" is not executable")
	assert.Equal(t, "chmod +x "+path, e.Hint(), "where that helps, PATH is not at fault")
}

func TestNotFoundSuggestsSimilarNames(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"drain", "drains", "inherit", "site", "site2", "site3", "site4", "a"} {
		write(t, 0o755, dir, discovery.Prefix+n)
	}
	write(t, 0o644, dir, discovery.Prefix+"inheret")
	inv := discovery.Scan(places(dir))
	cases := map[string][]string{
		"dain":                    {"drain", "drains"},
		"drian":                   {"drain"},
		"dxxin":                   {"drain"},
		"dxxxn":                   nil,
		"inherti":                 {"inherit"},
		"pathvector-plugin-drain": {"drain", "drains"},
		"site5":                   {"site", "site2", "site3"},
		"zzz":                     nil,
		"":                        {"a"},
	}
	for asked, want := range cases {
		e := notFound(t, inv, asked)
		assert.Equal(t, want, e.Similar, "asked for %q", asked)
		if len(want) > 0 {
			assert.Contains(t, e.Hint(), "did you mean "+want[0])
			if len(e.Broken) == 0 {
				assert.True(t, strings.HasSuffix(e.Hint(), "?"), "%s", e.Hint())
			}
		}
	}
}

// A name is looked up among what was found; it never becomes a path.
func TestFindIsNoPathLookup(t *testing.T) {
	dir := t.TempDir()
	write(t, 0o755, dir, "evil")
	write(t, 0o755, dir, "bin", "pathvector-plugin-x")
	inv := discovery.Scan(places(filepath.Join(dir, "bin")))
	for _, name := range []string{"../evil", "/../../evil", filepath.Join(dir, "evil"), "x/../x", ""} {
		notFound(t, inv, name)
	}
}
