package host

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// FuzzCacheEntry reads any bytes as an entry, and as the answer in an entry
// that is whole. An entry is accepted only as it was written, and it can say
// nothing that a plugin could not.
func FuzzCacheEntry(f *testing.F) {
	head := []byte(`{"format":1,"path":"/p"}`)
	f.Add(encodeEntry(head, []byte(`{}`)))
	f.Add([]byte("\n"))
	f.Add([]byte{})
	transcripts, err := spec.Transcripts()
	require.NoError(f, err)
	for _, tr := range transcripts {
		if len(tr.Answer) < 1<<10 {
			f.Add(tr.Answer)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		result, err := decodeEntry(head, b)
		if err == nil {
			require.Contains(t, string(b), string(result))
			require.Contains(t, string(b), string(head)+"\n")
		}
		whole := append(append(append([]byte{}, head...), '\n'), b...)
		whole = append(whole, checksum(whole)...)
		result, err = decodeEntry(head, whole)
		if err != nil {
			require.Nil(t, result)
			return
		}
		require.NoError(t, protocol.Validate(result))
		require.True(t, json.Valid(result))
		again, err := decodeEntry(head, encodeEntry(head, result))
		require.NoError(t, err)
		require.Equal(t, string(result), string(again))
		if d, err := readDescribe(discovery.Plugin{Name: "demo"}, result); err == nil {
			require.Equal(t, "demo", d.Name)
		}
	})
}

// An entry is another's if any part of its head differs, and an answer that a
// plugin may not give is not taken from an entry either.
func TestDecodeEntry(t *testing.T) {
	result := []byte(`{"name":"zorb","version":"1","protocols":[1]}`)
	entry := encodeEntry([]byte("head"), result)
	got, err := decodeEntry([]byte("head"), entry)
	require.NoError(t, err)
	assert.Equal(t, string(result), string(got))
	for _, head := range []string{"", "hea", "head\n", "head2", "Head"} {
		_, err := decodeEntry([]byte(head), entry)
		assert.Error(t, err, "%q", head)
	}
	for _, line := range []string{
		"", "\n", "{}\n", `{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}` + "\n",
		`{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}` + "\n",
		`{"jsonrpc":"2.0","method":"describe"}` + "\n",
		`{"jsonrpc":"2.0","id":1,"result":{"a":"` + "\x00" + `"}}` + "\n",
	} {
		b := []byte("head\n" + line)
		_, err := decodeEntry([]byte("head"), append(b, checksum(b)...))
		assert.Error(t, err, "%q", line)
	}
}

// Whose a file is comes from the system.
func TestOwner(t *testing.T) {
	info, err := os.Stat(t.TempDir())
	require.NoError(t, err)
	assert.Equal(t, os.Geteuid(), owner(info))
}

// DSC-8: an answer from the cache is checked as if it had just come.
func TestAKeptAnswerIsCheckedAgain(t *testing.T) {
	plugin := discovery.Plugin{Name: "zorb", Path: filepath.Join(t.TempDir(), "pathvector-plugin-zorb")}
	require.NoError(t, os.WriteFile(plugin.Path, nil, 0o700))
	c := &DescribeCache{Dir: filepath.Join(t.TempDir(), "describe")}
	for _, tc := range []struct {
		result string
		sound  bool
	}{
		{`{"name":"zorb","version":"1","protocols":[1],"writes":["/asn"]}`, true},
		{`{"name":"zorb","version":"1","protocols":[1],"writes":["asn"]}`, false},
		{`{"name":"zorb","version":"1","protocols":[1],"requires":["magic"]}`, false},
		{`{"name":"zorb","version":"1","protocols":[1],"options":{"type":7}}`, false},
		{`{"name":"other","version":"1","protocols":[1]}`, false},
		{`{"name":"zorb","version":"1","protocols":[2]}`, false},
	} {
		require.NoError(t, c.write(c.look(plugin, "1.0.0"), []byte(tc.result)))
		_, ok := c.Lookup(plugin, "1.0.0")
		assert.Equal(t, tc.sound, ok, "%s", tc.result)
	}
}
