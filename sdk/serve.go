package sdk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// errNobodyReads is why a plugin ends without answers to all it was asked.
var errNobodyReads = errors.New("calls are left without an answer, since nobody reads what the plugin writes to stdout")

// errNoRequest is why a plugin that was run for one method ends unasked.
var errNoRequest = errors.New("expected one request line on stdin, got none; --help shows how to ask by hand")

// run answers requests until there are no more to answer, and returns when all
// have their answer.
func (s *server) run() error {
	defer s.end()
	defer context.AfterFunc(s.reading, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.room.Broadcast()
	})()
	if s.method == "" {
		s.hear()
	}
	background := s.background()
	err := s.read()
	s.leave()
	unanswered := s.finish()
	within(background, s.bounds.stop)
	s.mu.Lock()
	defer s.mu.Unlock()
	return cmp.Or(s.out.failure(), s.failed, err, unanswered)
}

// read takes up lines until stdin ends, or nobody wants to read on. After a
// line that is broken at its end nobody knows where the next one starts, so
// that one is the last.
func (s *server) read() error {
	for {
		line, err := s.next()
		var broken *protocol.Violation
		switch {
		case errors.As(err, &broken):
			s.take(s.job(&protocol.Request{}, err, 0))
			return err
		case s.method == "" && (errors.Is(err, io.EOF) || errors.Is(err, context.Canceled)):
			return nil
		case errors.Is(err, io.EOF):
			return errNoRequest
		case err != nil:
			return err
		}
		if taken := s.takeLine(line); taken && s.method != "" {
			return nil
		}
	}
}

// next reads a line. When reading is to end first, the read is left behind: it
// cannot be interrupted, and nobody reads after it.
func (s *server) next() ([]byte, error) {
	if s.alone { // nothing ends it but a signal
		return s.in.ReadLine()
	}
	type result struct {
		line []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		line, err := s.in.ReadLine()
		done <- result{line, err}
	}()
	select {
	case r := <-done:
		return r.line, r.err
	case <-s.reading.Done():
		return nil, fmt.Errorf("stopped while waiting for a request: %w", s.reading.Err())
	}
}

// takeLine takes up a line, and reports whether it is one to answer. A
// notification is none (rule MSG-9), nor is an answer to what nobody asked.
func (s *server) takeLine(line []byte) bool {
	message, err := protocol.ParseMessage(line)
	switch message := message.(type) {
	case *protocol.Request:
		s.take(s.job(message, nil, len(line)))
		return true
	case *protocol.Response:
		s.answered(message)
		return false
	case *protocol.Notification:
		var given params // by exact names
		if message.Method == protocol.NoteCancel && decode(message.Params, &given) == nil && given["id"] != nil {
			s.cancel(given["id"])
		}
		return false
	}
	s.take(s.job(&protocol.Request{}, err, len(line)))
	return true
}

// finish waits for the answers. Handlers get time to finish when stdin has
// ended; a plugin that was run for one method has all the time until it is
// stopped. Then their contexts end, and those that do not return are answered
// for.
func (s *server) finish() error {
	s.mu.Lock()
	s.closing = true
	s.closeWhenIdle()
	s.mu.Unlock()
	var late <-chan time.Time
	if s.method == "" {
		timer := time.NewTimer(s.bounds.finish)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-s.idle:
		return nil
	case <-s.life.Done():
	case <-late:
	}
	s.end()
	if within(s.idle, s.bounds.stop) {
		return nil
	}
	for _, j := range s.waiting() {
		go j.answer(nil, errEnding) // a host that does not read must not keep the process
	}
	if !within(s.idle, s.bounds.write) {
		return errNobodyReads
	}
	return nil
}

// within waits for the channel to be closed, and reports whether it was.
func within(done <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// background runs the plugin's Background while requests are read. Its error
// ends the reading. The channel is closed when it has returned.
func (s *server) background() <-chan struct{} {
	done := make(chan struct{})
	if s.plugin.Background == nil || s.method != "" {
		close(done)
		return done
	}
	changed := func() {
		if s.reading.Err() == nil {
			s.out.write(protocol.AppendMessage(nil, &protocol.Notification{Method: protocol.NoteChanged}))
		}
	}
	go func() {
		defer close(done)
		if err := s.inBackground(changed); err != nil && s.reading.Err() == nil {
			s.mu.Lock()
			s.failed = fmt.Errorf("the plugin's Background failed: %w", err)
			s.mu.Unlock()
			s.leave()
		}
	}()
	return done
}

func (s *server) inBackground(changed func()) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = s.panicked(v)
		}
	}()
	return s.plugin.Background(s.reading, changed)
}
