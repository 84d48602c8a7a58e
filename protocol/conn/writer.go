package conn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/natesales/pathvector-plugin/protocol"
)

// writer writes messages one after the other. As much as the peer's pipe has
// room for is written by whoever queues it, since to wake another goroutine
// takes longer than to write a short line. The rest is left to a goroutine that
// lives only while there is any: nobody waits for the peer to read.
type writer struct {
	w    io.WriteCloser
	pipe *pipe // that w writes to; nil if it is none
	once bool  // w is closed after the first message

	mu      sync.Mutex
	shorter *sync.Cond  // the queue is, or it does not matter any more
	parts   [][]byte    // of messages, to be written
	size    int         // of parts, in bytes
	onError func(error) // told, once, what writing failed with; may be nil
	running bool        // there is a goroutine that writes
	last    bool        // nothing is queued any more
	err     error       // what writing failed with
	closed  bool
}

func newWriter(w io.WriteCloser, once bool, onError func(error)) *writer {
	made := &writer{w: w, pipe: pipeOf(w), once: once, onError: onError}
	made.shorter = sync.NewCond(&made.mu)
	return made
}

var errNoMoreCalls = errors.New("expected no call after the end of the plugin's stdin")

// queue has the message written that consists of these parts, and belongs to
// the writer from now on. The error is that of an earlier one: the plugin does
// not read any more, so it cannot answer what it is asked now.
func (w *writer) queue(message ...[]byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.add(message)
}

// queueSlowly has the message written too, but waits while much else is in
// front of it: a peer that asks and asks without reading what it is answered
// must not fill the memory (INV-23). What cannot be written any more is
// dropped.
func (w *writer) queueSlowly(message []byte) {
	const most = 1 << 20
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.size > most && !w.last {
		w.shorter.Wait()
	}
	_ = w.add([][]byte{message})
}

func (w *writer) add(message [][]byte) error {
	switch {
	case w.err != nil:
		return w.err
	case w.last:
		return errNoMoreCalls
	}
	w.last = w.once
	if err := oneLine(message); err != nil {
		w.fail(err)
		message = nil
	}
	switch {
	case w.pipe == nil && len(message) > 1:
		message = [][]byte{bytes.Join(message, nil)} // what is no pipe may count on whole messages
	case w.pipe != nil && !w.running:
		message = w.attempt(message)
	}
	for _, part := range message {
		w.parts = append(w.parts, part)
		w.size += len(part)
	}
	switch {
	case w.running:
	case len(w.parts) > 0:
		w.running = true
		go w.run()
	case w.last:
		_ = w.close()
	}
	return nil
}

// oneLine checks that the message ends in its only line break (FRM-1): one
// with another would be two.
func oneLine(message [][]byte) error {
	for i, part := range message {
		at := bytes.IndexByte(part, '\n')
		if at >= 0 && (i < len(message)-1 || at < len(part)-1) {
			return fmt.Errorf("expected a message without line breaks, got one in %s", protocol.Quote(part))
		}
	}
	return nil
}

// attempt writes what there is room for, and returns the rest.
func (w *writer) attempt(message [][]byte) [][]byte {
	for i, part := range message {
		n, err := w.pipe.attempt(part)
		if err != nil {
			w.fail(err)
			return nil
		}
		if n < len(part) {
			message[i] = part[n:]
			return message[i:]
		}
	}
	return nil
}

func (w *writer) run() {
	for {
		part, ok := w.next()
		if !ok {
			return
		}
		if _, err := w.w.Write(part); err != nil {
			w.failed(err)
		}
	}
}

// next returns what is to be written next. When there is nothing, the goroutine
// ends.
func (w *writer) next() ([]byte, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.parts) == 0 {
		w.running, w.parts = false, nil
		if w.last {
			_ = w.close()
		}
		return nil, false
	}
	part := w.parts[0]
	w.parts[0], w.parts = nil, w.parts[1:]
	w.size -= len(part)
	w.shorter.Signal()
	return part, true
}

func (w *writer) failed(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail(err)
}

func (w *writer) fail(err error) {
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
	w.parts, w.size, w.last = nil, 0, true
	w.shorter.Broadcast()
}

func (w *writer) close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	return w.w.Close()
}
