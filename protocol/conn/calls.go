package conn

import (
	"encoding/json"
	"fmt"
	"strconv"
	"sync"

	"github.com/natesales/pathvector-plugin/protocol"
)

// calls holds what the Conn is not told: the payloads of the calls that wait
// for an answer, and which ids have been used.
type calls struct {
	mu      sync.Mutex
	last    uint64           // the id used last
	least   uint64           // the id that an answer may have before any is used
	byID    map[uint64]*call // those without an answer, or whose caller has not taken it yet
	retired []uint64         // ids that the Conn may still know
	waiting int              // how many of byID have a caller who waits
}

// call is a call from before it is sent until its caller has the answer.
type call struct {
	Call      // its Params are gone once they are sent
	answer    *protocol.Response
	abandoned bool // nobody waits for the answer any more
}

// newCalls knows the first call of a one-shot plugin before anybody makes it:
// one that does not read its stdin may answer at once, with the id 1 (INV-3).
func newCalls(keptRunning bool) *calls {
	if keptRunning {
		return &calls{byID: map[uint64]*call{}}
	}
	return &calls{byID: map[uint64]*call{1: {}}, least: 1}
}

// open begins a call and gives it an id.
func (c *calls) open(asked Call) (uint64, *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	opened, ok := c.byID[c.last]
	if !ok {
		opened = &call{}
		c.byID[c.last] = opened
	}
	opened.Call = asked
	c.waiting++
	return c.last, opened
}

// takeParams returns the params of a call and keeps them no longer: a call that
// is abandoned may be remembered for long.
func (c *calls) takeParams(id uint64) json.RawMessage {
	c.mu.Lock()
	defer c.mu.Unlock()
	opened := c.byID[id]
	params := opened.Params
	opened.Params = nil
	return params
}

// answered reports whether the answer is there.
func (c *calls) answered(opened *call) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return opened.answer != nil
}

// finish ends a call and returns its answer, nil if there is none. Unless the
// Conn has woken the caller it may still know the call, and is made to forget.
func (c *calls) finish(id uint64, woken bool) *protocol.Response {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !woken {
		c.retired = append(c.retired, id)
	}
	opened := c.byID[id]
	if opened.answer == nil {
		opened.abandoned = true
		c.waiting--
		return nil
	}
	delete(c.byID, id)
	return opened.answer
}

// anyWaits reports whether a caller waits for an answer.
func (c *calls) anyWaits() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting > 0
}

// toForget returns how many ids the Conn is to forget.
func (c *calls) toForget() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.retired)
}

// nextRetired returns an id that the Conn is to forget, if there is one.
func (c *calls) nextRetired() (uint64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.retired) == 0 {
		return 0, false
	}
	id := c.retired[0]
	c.retired = c.retired[1:]
	return id, true
}

// answer keeps an answer for its call, and returns the id of that. The line is
// the one it came in. An answer that nobody waits for any more is dropped.
func (c *calls) answer(m *protocol.Response, line []byte) (uint64, *protocol.Violation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, ok := c.meant(m.ID)
	if !ok || id < 1 || id > max(c.last, c.least) {
		return 0, protocol.NewViolation(protocol.WrongID, line,
			fmt.Sprintf("its id is %s, and %s", protocol.Quote(m.ID), c.asked()))
	}
	opened, ok := c.byID[id]
	switch {
	case !ok || opened.answer != nil:
		return 0, protocol.NewViolation(protocol.TwoAnswers, line,
			fmt.Sprintf("the request with the id %d has an answer already", id))
	case opened.abandoned:
		delete(c.byID, id)
	default:
		opened.answer = m
		c.waiting--
	}
	return id, nil
}

// asked says which ids an answer may have.
func (c *calls) asked() string {
	switch max(c.last, c.least) {
	case 0:
		return "nothing was asked yet"
	case 1:
		return "the request's is 1"
	}
	return fmt.Sprintf("the requests' are 1 to %d", c.last)
}

// meant returns the id that an answer is for. Ours are integers, and come back
// byte for byte (MSG-3). An error without an id is for the only request there
// is (MSG-11); when there are several, nobody knows.
func (c *calls) meant(raw json.RawMessage) (uint64, bool) {
	if string(raw) == "null" {
		return c.only()
	}
	id, err := strconv.ParseUint(string(raw), 10, 64)
	return id, err == nil
}

// only returns the id of the only call that waits, or of the only one that a
// one-shot plugin has.
func (c *calls) only() (uint64, bool) {
	if c.least == 1 && c.last <= 1 {
		return 1, true
	}
	var waiting []uint64
	for id, opened := range c.byID {
		if opened.waits() {
			waiting = append(waiting, id)
		}
	}
	if len(waiting) != 1 {
		return 0, false
	}
	return waiting[0], true
}

// waits reports whether somebody waits for the answer.
func (c *call) waits() bool { return c.answer == nil && !c.abandoned }

// belonging returns the call that a notification or a request of the plugin's
// belongs to, by the id in its params (NTF-4, NTF-8, ASK-2). Without one it is
// the only call there is.
func (c *calls) belonging(params json.RawMessage) (Call, bool) {
	request := protocol.RequestOf(params)
	c.mu.Lock()
	defer c.mu.Unlock()
	var id uint64
	var ok bool
	if request == nil {
		id, ok = c.only()
	} else {
		var err error
		id, err = strconv.ParseUint(string(request), 10, 64)
		ok = err == nil
	}
	if opened := c.byID[id]; ok && opened != nil && opened.waits() {
		return opened.Call, true
	}
	return Call{}, false
}
