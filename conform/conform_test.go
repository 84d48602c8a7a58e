package conform

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const plugin = `#!/bin/sh
case "$1" in
describe) result='{"name":"zorb","version":"1.0.0","protocols":[1],"reads":["/asn"],"writes":["/hostname"],"options":{"type":"object","required":["site"]}}' ;;
modify) result='{"merge":{"hostname":"edge9"}}' ;;
*) exit 2 ;;
esac
printf '{"jsonrpc":"2.0","id":1,"result":%s}\n' "$result"
`

func written(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "pathvector-plugin-zorb")
	require.NoError(t, os.WriteFile(path, []byte(plugin), 0o755))
	return path
}

func TestTest(t *testing.T) {
	config := filepath.Join(t.TempDir(), "c.yml")
	require.NoError(t, os.WriteFile(config, []byte("asn: 65000\nrouter-id: 192.0.2.1\n"), 0o644))
	Test(t, written(t), Options{Options: "site: fra1", Config: config})
}

func TestWhatCannotBeTested(t *testing.T) {
	_, err := Options{}.step(filepath.Join(t.TempDir(), "none"))
	assert.ErrorContains(t, err, "none: does not exist")
	_, err = Options{Options: "[a]"}.step(written(t))
	assert.ErrorContains(t, err, "options must be a mapping")
	_, err = document("none.yml")
	assert.ErrorIs(t, err, os.ErrNotExist)
}
