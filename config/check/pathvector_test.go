package check_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPathvector runs a real Pathvector, with the BIRD that it finds, over the
// examples: it must fail at the bad ones, unless they say that it does not,
// and take the good ones. PATHVECTOR names the program.
func TestPathvector(t *testing.T) {
	binary := os.Getenv("PATHVECTOR")
	if binary == "" {
		t.Skip("PATHVECTOR names no pathvector to try the examples with")
	}
	tried := 0
	for _, s := range sections(t) {
		for _, e := range s.examples {
			if e.untried {
				continue
			}
			tried++
			out, err := generate(t, binary, e.file())
			if e.good || e.silent {
				assert.NoError(t, err, "%s\n%s\n%s", s.code, e.text, out)
			} else {
				assert.Error(t, err, "%s\n%s\n%s", s.code, e.text, out)
			}
		}
	}
	assert.Greater(t, tried, 100)
}

func generate(t *testing.T, binary string, text []byte) (string, error) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "bird"), 0o700))
	// In front, as an example may end in a second document.
	own := "bird-directory: bird\ncache-directory: cache\nkeepalived-config: keepalived.conf\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "c.yml"), append([]byte(own), text...), 0o600))
	cmd := exec.Command(binary, "generate", "-n", "-c", "c.yml")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}
