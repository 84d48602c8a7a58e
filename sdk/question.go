package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

// errOver is for what is asked when the call has its answer.
var errOver = errors.New("the call is over, so the host does not answer any more")

// get returns the value at the pointer: from the host if it answers questions,
// else from the view, which is what the host would look into too (rule ASK-3).
func (in *received) get(ctx context.Context, pointer string) (json.RawMessage, bool, error) {
	if in.job.server.asks {
		answer, err := in.job.ask(ctx, pointer)
		switch {
		case err != nil:
			return nil, false, err
		case answer == nil: // stdin has ended
		case answer.Error == nil:
			return readFound(answer.Result)
		case answer.Error.Code != protocol.CodeMethodNotFound:
			return nil, false, answer.Error
		}
	}
	return lookUp(in.config, pointer)
}

func readFound(raw json.RawMessage) (json.RawMessage, bool, error) {
	var given params // by exact names
	var found bool
	if decode(raw, &given) != nil || json.Unmarshal(given["found"], &found) != nil || found && given["value"] == nil {
		return nil, false, fmt.Errorf("expected %s to be answered with found and value, got %s", protocol.MethodConfigGet, protocol.Quote(raw))
	}
	return given["value"], found, nil
}

// ask asks the host and waits for the answer; nil when none can come, since
// stdin has ended.
func (j *job) ask(ctx context.Context, pointer string) (*protocol.Response, error) {
	params, err := protocol.EncodeParams(protocol.ConfigGetParams{Request: j.request.ID, Pointer: pointer})
	if err != nil {
		return nil, err
	}
	id, answer := j.server.expect()
	defer j.server.expectNoMore(id)
	line := protocol.AppendRequest(nil, []byte(id), protocol.MethodConfigGet, params)
	if err := sendable(line); err != nil {
		return nil, err
	}
	if !j.write(line) {
		return nil, errOver
	}
	j.server.readOn(j)
	ended := j.ending.context(j.server.life)
	select {
	case a := <-answer:
		return a, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-ended.Done():
		return nil, ended.Err()
	case <-j.server.reading.Done():
	}
	select {
	case a := <-answer: // it came before
		return a, nil
	default:
		return nil, ended.Err()
	}
}

// expect returns the id of a new question, and where its answer will come. It
// is a string (rule ASK-1), so that nobody takes it for one of the host's.
func (s *server) expect() (id string, answer <-chan *protocol.Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	id = `"a` + strconv.Itoa(s.asked) + `"`
	c := make(chan *protocol.Response, 1)
	s.questions[id] = c
	s.room.Broadcast()
	return id, c
}

func (s *server) expectNoMore(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.questions, id)
}

// answered hands an answer of the host's to who waits for it.
func (s *server) answered(r *protocol.Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.questions[string(r.ID)]; ok {
		delete(s.questions, string(r.ID))
		c <- r
	}
}

// lookUp is the value at the pointer.
func lookUp(view json.RawMessage, pointer string) (value json.RawMessage, found bool, err error) {
	if pointer == "" {
		return view, true, nil
	}
	if pointer[0] != '/' || badEscape(pointer) {
		return nil, false, invalidParams("expected a JSON Pointer, as %q, got %s", "/peers/A/asn", protocol.Quote([]byte(pointer)))
	}
	value = view
	for segment := range strings.SplitSeq(pointer[1:], "/") {
		if value, found = child(value, unescape.Replace(segment)); !found {
			return nil, false, nil
		}
	}
	return value, true, nil
}

var unescape = strings.NewReplacer("~1", "/", "~0", "~")

func badEscape(pointer string) bool {
	rest := strings.NewReplacer("~0", "", "~1", "").Replace(pointer)
	return strings.Contains(rest, "~")
}

// child is what stands in the object or array under the key.
func child(parent json.RawMessage, key string) (value json.RawMessage, found bool) {
	if isObject(parent) {
		var object params
		if decode(parent, &object) != nil {
			return nil, false
		}
		value, found = object[key]
		return value, found
	}
	var list []json.RawMessage
	i, err := strconv.Atoi(key)
	if err != nil || strconv.Itoa(i) != key || decode(parent, &list) != nil || i < 0 || i >= len(list) {
		return nil, false
	}
	return list[i], true
}
