package host

import (
	"fmt"

	"github.com/natesales/pathvector-plugin/protocol"
)

// notes passes the notifications of a call on, up to a size: a plugin must not
// fill the host's memory, or the screen, with them. What a command prints is
// its result, of which nothing may be lost (CMD-9).
type notes struct {
	notify  func(*protocol.Notification) // may be nil
	size    int
	dropped int
}

func (n *notes) add(note *protocol.Notification) {
	const limit = 1 << 20
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

func (n *notes) warnings() []string {
	if n.dropped == 0 {
		return nil
	}
	return []string{fmt.Sprintf("sent %d notifications more than are passed on", n.dropped)}
}
