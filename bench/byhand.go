package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// byHand is what any host must do to call a plugin in a process of its own:
// pipes, fork, exec, write, read, wait. It checks nothing, and would wait for
// ever.
func byHand(path string, arguments []string, request []byte) ([]byte, error) {
	stdin, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out, stdout, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p, err := os.StartProcess(path, append([]string{path}, arguments...), &os.ProcAttr{
		Dir: "/", Env: []string{"PATH=" + searchPath}, Files: []*os.File{stdin, stdout, nil},
	})
	stdin.Close()
	stdout.Close()
	if err != nil {
		return nil, err
	}
	if _, err := in.Write(request); err != nil && !errors.Is(err, syscall.EPIPE) {
		return nil, err
	}
	in.Close()
	answer, err := io.ReadAll(out)
	if err != nil {
		return nil, err
	}
	state, err := p.Wait()
	if err == nil && !state.Success() {
		err = fmt.Errorf("%s: %s", path, state)
	}
	return answer, err
}

// searchPath is the PATH of what is measured.
const searchPath = "/usr/bin:/bin"

// byWorkers makes the calls by hand, so many at once.
func byWorkers(workers int, paths []string, methods ...string) error {
	for _, method := range methods {
		done := make(chan error, len(paths))
		for first := range workers {
			go func() {
				for i := first; i < len(paths); i += workers {
					_, err := byHand(paths[i], []string{method}, line(method, []byte(`{"protocol":1}`)))
					done <- err
				}
			}()
		}
		var errs []error
		for range paths {
			errs = append(errs, <-done)
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	return nil
}
