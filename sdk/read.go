package sdk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/natesales/pathvector-plugin/protocol"
)

// errReadElsewhere says that another goroutine has taken over the reading.
var errReadElsewhere = errors.New("another goroutine reads on")

// read takes up lines until stdin ends, or nobody wants to read on. A read that
// is under way then is left behind: it cannot be interrupted, and nobody reads
// after it.
func (s *server) read() error {
	if s.alone { // nothing ends it but a signal
		return s.readLines()
	}
	go s.readAside()
	select {
	case err := <-s.ended:
		return err
	case <-s.reading.Done():
	}
	if s.method == "" && errors.Is(s.reading.Err(), context.Canceled) || s.tookUpOne() {
		return nil
	}
	return fmt.Errorf("stopped while waiting for a request: %w", s.reading.Err())
}

// tookUpOne reports whether a request has come.
func (s *server) tookUpOne() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.took
}

// readAside is what the goroutine that reads does; there is one at a time.
func (s *server) readAside() {
	if err := s.readLines(); !errors.Is(err, errReadElsewhere) {
		s.ended <- err
	}
}

// readLines takes up lines. After a line that is broken at its end nobody knows
// where the next one starts, so that one is the last.
func (s *server) readLines() error {
	for {
		line, err := s.in.ReadLine()
		var broken *protocol.Violation
		switch {
		case errors.As(err, &broken):
			s.take(s.job(&protocol.Request{}, err, nil))
			return err
		case s.method == "" && errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, io.EOF):
			return errNoRequest
		case err != nil:
			return err
		}
		j := s.takeUp(line)
		switch {
		case j == nil:
		case !s.take(j):
			return errReadElsewhere
		case s.method != "":
			return nil
		}
	}
}

// takeUp takes up a line, and returns the request if it is one to answer. A
// notification is none (rule MSG-9), nor is an answer to what nobody asked.
func (s *server) takeUp(line []byte) *job {
	if request, given, ok := protocol.ParseRequest(line); ok {
		request.ID = bytes.Clone(request.ID) // the line may be reused before the handler's goroutines have ended
		j := s.job(request, nil, line)
		j.given = given
		return j
	}
	message, err := protocol.ParseMessage(line)
	switch message := message.(type) {
	case *protocol.Request:
		return s.job(message, nil, line)
	case *protocol.Response:
		s.answered(message)
	case *protocol.Notification:
		var given params // by exact names
		if message.Method == protocol.NoteCancel && decode(message.Params, &given) == nil && given["id"] != nil {
			s.cancel(given["id"])
		}
	default:
		return s.job(&protocol.Request{}, err, line)
	}
	return nil
}
