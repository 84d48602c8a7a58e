package conn

import (
	"errors"
	"io"
	"sync"

	"github.com/natesales/pathvector-plugin/protocol"
)

// writer writes lines one after the other, in a goroutine that lives only
// while there are any: whoever queues one does not wait for the peer to read.
type writer struct {
	w io.WriteCloser

	mu      sync.Mutex
	shorter *sync.Cond // the queue is, or it does not matter any more
	lines   [][]byte
	size    int         // of lines, in bytes
	onError func(error) // told, once, what writing failed with; may be nil
	running bool        // there is a goroutine that writes
	last    bool        // nothing is queued any more
	err     error       // what writing failed with
	closed  bool
}

func newWriter(w io.WriteCloser, onError func(error)) *writer {
	made := &writer{w: w, onError: onError}
	made.shorter = sync.NewCond(&made.mu)
	return made
}

var errNoMoreCalls = errors.New("expected no call after the end of the plugin's stdin")

// queue has the line written. The error is that of an earlier line: the plugin
// does not read any more, so it cannot answer what it is asked now.
func (w *writer) queue(line []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.add(line)
}

// queueSlowly has the line written too, but waits while much else is in front
// of it: a peer that asks and asks without reading what it is answered must
// not fill the memory (INV-23). What cannot be written any more is dropped.
func (w *writer) queueSlowly(line []byte) {
	const most = 1 << 20
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.size > most && !w.last {
		w.shorter.Wait()
	}
	_ = w.add(line)
}

func (w *writer) add(line []byte) error {
	switch {
	case w.err != nil:
		return w.err
	case w.last:
		return errNoMoreCalls
	}
	w.lines = append(w.lines, line)
	w.size += len(line)
	if !w.running {
		w.running = true
		go w.run()
	}
	return nil
}

func (w *writer) run() {
	for {
		line, ok := w.next()
		if !ok {
			return
		}
		if err := protocol.WriteLine(w.w, line); err != nil {
			w.failed(err)
		}
	}
}

// next returns the next line. When there is none, the goroutine ends.
func (w *writer) next() ([]byte, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.lines) == 0 {
		w.running = false
		if w.last {
			_ = w.close()
		}
		return nil, false
	}
	line := w.lines[0]
	w.lines = w.lines[1:]
	w.size -= len(line)
	w.shorter.Signal()
	return line, true
}

func (w *writer) failed(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	first := w.err == nil && !w.closed
	w.err = err
	w.drop()
	if first && w.onError != nil {
		w.onError(err)
	}
}

// abort closes the peer's input now.
func (w *writer) abort() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop()
	return w.close()
}

// drop forgets what is queued; nothing more will be.
func (w *writer) drop() {
	w.lines, w.size, w.last = nil, 0, true
	w.shorter.Broadcast()
}

func (w *writer) close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	return w.w.Close()
}
