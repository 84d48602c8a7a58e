package main

import (
	"bufio"
	"bytes"
	"io"
	"os/exec"
)

// lineLoop is the least that a transport can be: a line out, a line in, over the
// pipes of os/exec. It has no ids, no errors, no deadline, no limit, and a
// single call at a time.
type lineLoop struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func openLine(b binaries, op operation) (transport, error) {
	argument := "noop"
	if op == modify {
		argument = "modify"
	}
	l := &lineLoop{cmd: exec.Command(b.path(binaryLine), argument)}
	var err error
	if l.in, err = l.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	l.out = bufio.NewReaderSize(out, 64<<10)
	return l, l.cmd.Start()
}

func (l *lineLoop) caller(payload []byte) (func() ([]byte, error), error) {
	request := append(bytes.Clone(payload), '\n')
	return func() ([]byte, error) {
		if _, err := l.in.Write(request); err != nil {
			return nil, err
		}
		answer, err := l.out.ReadBytes('\n')
		return bytes.TrimSuffix(answer, []byte("\n")), err
	}, nil
}

func (l *lineLoop) path() string { return l.cmd.Path }

func (l *lineLoop) close() error {
	if err := l.in.Close(); err != nil {
		return err
	}
	return l.cmd.Wait()
}
