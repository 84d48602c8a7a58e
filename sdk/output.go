package sdk

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/natesales/pathvector-plugin/protocol"
)

// output is the plugin's way to the host. Lines stay whole, whoever writes
// them. It keeps nothing back: who writes waits until the host has read enough,
// so that a host that does not read costs no memory.
type output struct {
	to     io.Writer
	failed func() // called when writing fails

	mu  sync.Mutex // held while a line is written, which may take forever
	err atomic.Pointer[error]
}

// write writes the line and an LF.
func (o *output) write(line []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failure() != nil {
		return
	}
	if err := protocol.WriteLine(o.to, line); err != nil {
		err = fmt.Errorf("cannot write the answer: %w", err)
		o.err.Store(&err)
		o.failed()
	}
}

// failure is why writing failed; nil if it did not.
func (o *output) failure() error {
	if err := o.err.Load(); err != nil {
		return *err
	}
	return nil
}

// sendable checks what a plugin's author put into a line: a message that
// breaks the protocol would end every call that waits (rule INV-21).
func sendable(line []byte) error {
	if len(line) > protocol.DefaultLimit {
		return protocol.NewViolation(protocol.TooLong, line, fmt.Sprintf("it has %d bytes, more than %d", len(line), protocol.DefaultLimit))
	}
	return protocol.Validate(line)
}
