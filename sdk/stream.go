package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/natesales/pathvector-plugin/protocol"
)

// stream is the plugin's end of the pipe to the host.
type stream struct {
	in  *protocol.Reader
	out io.Writer
}

// errNoRequest is why a plugin that was run for one method ends unasked.
var errNoRequest = errors.New("expected one request line on stdin, got none; --help shows how to ask by hand")

// answerOne answers one request, as the host asks it when it gives the method
// as the argument.
func (s *stream) answerOne(ctx context.Context, r *responder) error {
	for {
		line, err := s.next(ctx)
		if errors.Is(err, io.EOF) {
			return errNoRequest
		}
		if answered, err := s.answer(ctx, r, line, err); answered || err != nil {
			return err
		}
	}
}

// answerAll answers every line until stdin ends or the context does.
func (s *stream) answerAll(ctx context.Context, r *responder) error {
	for {
		line, err := s.next(ctx)
		if errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
			return nil
		}
		if _, err := s.answer(ctx, r, line, err); err != nil {
			return err
		}
	}
}

// answer writes the answer to a line, if it needs one. After a broken line
// nobody knows where the next one starts, so that one is the last.
func (s *stream) answer(ctx context.Context, r *responder, line []byte, readErr error) (bool, error) {
	var broken *protocol.Violation
	switch {
	case errors.As(readErr, &broken):
		return true, errors.Join(s.write(failure(nil, readErr)), readErr)
	case readErr != nil:
		return false, readErr
	}
	reply := r.reply(ctx, line)
	if reply == nil {
		return false, nil
	}
	return true, s.write(reply)
}

func (s *stream) write(line []byte) error {
	if err := protocol.WriteLine(s.out, line); err != nil {
		return fmt.Errorf("cannot write the answer: %w", err)
	}
	return nil
}

// next reads a line. When the context ends first, the read is left behind: it
// cannot be interrupted, and nobody reads after it.
func (s *stream) next(ctx context.Context) ([]byte, error) {
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
	case <-ctx.Done():
		return nil, fmt.Errorf("stopped while waiting for a request: %w", ctx.Err())
	}
}
