package sdk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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
