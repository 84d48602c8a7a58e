package host

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// An entry of the cache is a file of three lines: the head of a snapshot, the
// answer as a message, and the SHA-256 of both lines.
const (
	maxEntryBytes = 256 << 10 // longer answers are not kept
	maxEntries    = 256       // beyond that the oldest are removed
)

var errNoEntry = errors.New("the file is no entry for this plugin, as it is now")

func encodeEntry(head []byte, result json.RawMessage) []byte {
	b := append(slices.Clone(head), '\n')
	b = protocol.AppendMessage(b, &protocol.Response{ID: json.RawMessage("1"), Result: result})
	b = append(b, '\n')
	return append(b, checksum(b)...)
}

// decodeEntry returns the result in an entry with this head. It reads the
// answer as it reads what comes from a plugin.
func decodeEntry(head, file []byte) (json.RawMessage, error) {
	body := file[:max(0, len(file)-len(checksum(nil)))]
	line, ok := bytes.CutPrefix(body, append(slices.Clone(head), '\n'))
	if !ok || !bytes.HasSuffix(file, checksum(body)) {
		return nil, errNoEntry
	}
	m, err := protocol.ParseMessage(bytes.TrimSuffix(line, []byte("\n")))
	if err != nil {
		return nil, err
	}
	answer, ok := m.(*protocol.Response)
	if !ok || answer.Error != nil {
		return nil, errNoEntry
	}
	return answer.Result, nil
}

func checksum(b []byte) []byte {
	sum := sha256.Sum256(b)
	return append(hex.AppendEncode(nil, sum[:]), '\n')
}

// file returns the path of the entry of the plugin at path. There is one for
// each path, so that it replaces the one before. An error means that the
// directory is not to be used.
func (c *DescribeCache) file(path string) (string, error) {
	if err := c.owned(); err != nil {
		return "", err
	}
	info, err := os.Stat(c.Dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() || !c.private(info) {
		return "", fmt.Errorf("%q is no directory of this user alone", c.Dir)
	}
	sum := sha256.Sum256([]byte(path))
	return filepath.Join(c.Dir, hex.EncodeToString(sum[:])), nil
}

// owned checks that the way to the directory belongs to this user or root, as
// far as it exists. With sudo it may not; whoever owns it could lead the host
// into any other directory.
func (c *DescribeCache) owned() error {
	if !filepath.IsAbs(c.Dir) {
		return fmt.Errorf("%q is not absolute", c.Dir)
	}
	for at := filepath.Clean(c.Dir); ; at = filepath.Dir(at) {
		info, err := os.Lstat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case c.owner(info) != 0 && c.owner(info) != os.Geteuid():
			return fmt.Errorf("%q belongs to another user", at)
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}

// private reports whether the file is this user's and nobody else may write
// to it.
func (c *DescribeCache) private(info fs.FileInfo) bool {
	return c.owner(info) == os.Geteuid() && info.Mode().Perm()&0o022 == 0
}

func (c *DescribeCache) owner(info fs.FileInfo) int {
	if c.owners != nil {
		return c.owners(info)
	}
	return owner(info)
}

func owner(info fs.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}

// read returns the result that is kept for the snapshot.
func (c *DescribeCache) read(s *snapshot) (json.RawMessage, error) {
	name, err := c.file(s.path)
	if err != nil {
		return nil, err
	}
	// A link is not followed, and a pipe that nobody writes to does not block.
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || !c.private(info) {
		return nil, fmt.Errorf("%q is no file of this user alone", name)
	}
	entry, err := io.ReadAll(io.LimitReader(f, maxEntryBytes))
	if err != nil {
		return nil, err
	}
	return decodeEntry(s.head, entry)
}

// write keeps the result for the snapshot. The entry appears as a whole.
func (c *DescribeCache) write(s *snapshot, result json.RawMessage) error {
	entry := encodeEntry(s.head, result)
	if len(entry) > maxEntryBytes {
		return fmt.Errorf("the answer is longer than %d bytes", maxEntryBytes)
	}
	if err := c.owned(); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	name, err := c.file(s.path)
	if err != nil {
		return err
	}
	if err := replaceFile(name, entry); err != nil {
		return err
	}
	return c.prune()
}

// replaceFile does not wait for the disk: after a power failure an entry may
// be damaged, and then counts as none.
func replaceFile(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// prune removes the oldest entries beyond the limit, and so in time those of
// plugins that are gone and what a killed host left half written.
func (c *DescribeCache) prune() error {
	found, err := os.ReadDir(c.Dir)
	if err != nil || len(found) <= maxEntries {
		return err
	}
	type aged struct {
		name    string
		written time.Time
	}
	var entries []aged
	for _, e := range found {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			entries = append(entries, aged{e.Name(), info.ModTime()})
		}
	}
	slices.SortFunc(entries, func(a, b aged) int {
		return cmp.Or(a.written.Compare(b.written), cmp.Compare(a.name, b.name))
	})
	for _, e := range entries[:max(0, len(entries)-maxEntries)] {
		err = errors.Join(err, os.Remove(filepath.Join(c.Dir, e.name)))
	}
	return err
}
