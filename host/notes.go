package host

import (
	"fmt"
	"sync"

	"github.com/natesales/pathvector-plugin/protocol"
)

// notes passes the notifications of a call on, up to a size: a plugin must not
// fill the host's memory, or the screen, with them. What a command prints is
// its result, of which nothing may be lost (CMD-9).
type notes struct {
	notify func(*protocol.Notification) // may be nil

	mu      sync.Mutex // held while notify runs
	over    bool       // the call is, and nothing is passed on any more
	size    int
	dropped int
}

func (n *notes) add(note *protocol.Notification) {
	const limit = 1 << 20
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.over {
		return
	}
	if note.Method != protocol.NoteOutput {
		n.size += len(note.Method) + len(note.Params)
		if n.size > limit {
			n.dropped++
			return
		}
	}
	if n.notify != nil {
		n.notify(note)
	}
}

// end waits for the notification that is being passed on, after which there are
// no others: a plugin that hangs may have sent some that nobody has read yet.
func (n *notes) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.over = true
}

// warnings is for a call that has ended.
func (n *notes) warnings() []string {
	if n.dropped == 0 {
		return nil
	}
	return []string{fmt.Sprintf("sent %d notifications more than are passed on", n.dropped)}
}
