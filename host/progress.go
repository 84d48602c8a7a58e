package host

import (
	"encoding/json"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Progress is how far a call has come, as its plugin says (NTF-3).
type Progress struct {
	Plugin  string
	Method  string
	Call    int64   // the call's number: a plugin may have several at once
	Message string  // "" if it says none; cut after 4 KiB
	Done    float64 // 0 or more
	Total   float64 // 0 if it is not known
	Ended   bool    // the call is over; said only of one that has told its progress
}

// watched makes the progress of a call known, and returns what to do when the
// call is over.
func (h *Host) watched(s Step, q *Request) (over func()) {
	if h.Progress == nil {
		return func() {}
	}
	call, told := h.calls.Add(1), false
	inner := q.Notify
	q.Notify = func(n *protocol.Notification) {
		if n.Method == protocol.NoteProgress {
			told = true
			h.Progress(progressOf(n, Progress{Plugin: s.Plugin.Name, Method: q.Method, Call: call}))
		}
		if inner != nil {
			inner(n)
		}
	}
	return func() {
		if told {
			h.Progress(Progress{Plugin: s.Plugin.Name, Method: q.Method, Call: call, Ended: true})
		}
	}
}

// progressOf fills in what the notification says. Fields of another form than
// NTF-3 has say nothing (NTF-5).
func progressOf(n *protocol.Notification, p Progress) Progress {
	var params protocol.ProgressParams
	_ = json.Unmarshal(n.Params, &params) // reads on after a field of the wrong type
	p.Message, p.Done, p.Total = cut(params.Message), max(params.Done, 0), max(params.Total, 0)
	return p
}
