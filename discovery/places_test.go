package discovery_test

import (
	"testing"

	"github.com/adrg/xdg"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
)

func setXDG(t *testing.T, home, dirs string) {
	t.Helper()
	t.Cleanup(xdg.Reload) // runs after Setenv's own clean-up has restored the environment
	t.Setenv("XDG_DATA_HOME", home)
	t.Setenv("XDG_DATA_DIRS", dirs)
	xdg.Reload()
}

func TestPlacesAreInOrder(t *testing.T) {
	setXDG(t, "/home/me/data", "/usr/local/share:/usr/share")
	want := []discovery.Place{
		{Dir: "/one", Origin: discovery.OriginPluginDir},
		{Dir: "/two", Origin: discovery.OriginPluginDir},
		{Dir: "/home/me/data/pathvector-plugin/plugins", Origin: discovery.OriginData},
		{Dir: "/usr/local/share/pathvector-plugin/plugins", Origin: discovery.OriginData},
		{Dir: "/usr/share/pathvector-plugin/plugins", Origin: discovery.OriginData},
		{Dir: "/usr/bin", Origin: discovery.OriginPath},
		{Dir: "/bin", Origin: discovery.OriginPath},
	}
	assert.Equal(t, want, discovery.Places([]string{"/one/", "/two"}, "/usr/bin:/bin/"))
}

func TestEmptyPathEntriesAreDropped(t *testing.T) {
	setXDG(t, "/h", "/d")
	for _, path := range []string{"", ":", "::"} {
		assert.Len(t, discovery.Places(nil, path), 2, "PATH=%q", path)
	}
	got := discovery.Places(nil, ":/usr/bin::/bin:")
	require.Len(t, got, 4)
	assert.Equal(t, "/usr/bin", got[2].Dir)
	assert.Equal(t, "/bin", got[3].Dir)
}

func TestRelativePlacesAreSkippedWithAReason(t *testing.T) {
	setXDG(t, "/h", "/d")
	for _, dir := range []string{".", "..", "bin", "./bin", "~/bin"} {
		for _, got := range [][]discovery.Place{
			discovery.Places(nil, "/usr/bin:"+dir)[3:],
			discovery.Places([]string{dir}, "")[:1],
		} {
			require.Len(t, got, 1)
			assert.Equal(t, dir, got[0].Dir)
			require.Error(t, got[0].Skip)
			assert.ErrorContains(t, got[0].Skip, `"`+dir+`" is not an absolute path`)
		}
	}
}
