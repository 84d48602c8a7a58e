//go:build linux

package faults

import (
	"bytes"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// faultNamed returns what the plugin does, nil for no such fault.
func faultNamed(name string) func(*plugin) {
	for _, row := range matrix {
		if row.name == name {
			return row.do
		}
	}
	return nil
}

// exit ends the plugin, which has said why.
func exit(status int) func(*plugin) {
	return func(*plugin) {
		tell("giving up")
		os.Exit(status)
	}
}

// says writes the text in place of an answer. %ID stands for the request's id,
// and %RIGHT for the right answer.
func says(text string) func(*plugin) {
	return func(p *plugin) {
		p.print(strings.NewReplacer("%ID", p.id, "%RIGHT", strings.TrimSuffix(p.right(), "\n")).Replace(text))
	}
}

// then does one thing after the other.
func then(steps ...func(*plugin)) func(*plugin) {
	return func(p *plugin) {
		for _, step := range steps {
			step(p)
		}
	}
}

func answers(p *plugin) { p.answer() }
func stays(*plugin)     { stay() }
func waits(*plugin)     { tell("waiting") }

// die is an end by a signal.
func die(*plugin) {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	stay()
}

// killGroup ends the plugin and all that it has started.
func killGroup(*plugin) {
	_ = syscall.Kill(0, syscall.SIGKILL)
	stay()
}

// stopItself is like a Ctrl-Z.
func stopItself(*plugin) {
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	stay()
}

func ignoreSIGTERM(*plugin) { signal.Ignore(syscall.SIGTERM) }

// trickle writes the answer so slowly that it will never be whole.
func trickle(p *plugin) {
	for _, b := range []byte(p.right()) {
		p.print(string(b))
		time.Sleep(time.Second)
	}
}

// pad writes the right answer as a line of so many bytes.
func pad(size int) func(*plugin) {
	return func(p *plugin) {
		head := strings.TrimSuffix(p.right(), "}\n") + `,"x":"`
		p.print(head)
		const piece = 1 << 20
		for left := size - len(head) - len(`"}`); left > 0; left -= piece {
			p.print(strings.Repeat("x", min(left, piece)))
		}
		p.print("\"}\n")
	}
}

// nest writes the right answer with arrays so deep.
func nest(levels int) func(*plugin) {
	return says(`{"jsonrpc":"2.0","id":%ID,"result":` + rightResult + `,"x":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + "}\n")
}

// endless writes the text to the file again and again.
func endless(file *os.File, text string) func(*plugin) {
	return func(*plugin) {
		block := bytes.Repeat([]byte(text), 1+1<<16/len(text))
		forever(func() {
			if _, err := file.Write(block); err != nil {
				os.Exit(8)
			}
		})
	}
}

const note = `{"jsonrpc":"2.0","method":"log","params":{"request":1,"level":"debug","message":"0123456789012345678901234567890123456789"}}` + "\n"

// notify writes so many notifications at once.
func notify(count int) func(*plugin) {
	return func(p *plugin) { p.print(strings.Repeat(note, count)) }
}

// notifyOn sends a notification now and then.
func notifyOn(p *plugin) {
	forever(func() {
		p.print(note)
		time.Sleep(10 * time.Millisecond)
	})
}

// fork starts a child that does nothing.
func fork(setsid bool, files ...*os.File) func(*plugin) {
	return func(*plugin) {
		attr := &os.ProcAttr{
			Env: append(os.Environ(), childVariable+"=1"), Files: files,
			Sys: &syscall.SysProcAttr{Setsid: setsid},
		}
		if _, err := os.StartProcess(os.Args[0], os.Args, attr); err != nil {
			tell(err.Error())
			os.Exit(9)
		}
	}
}

// joinHost makes the plugin a member of the process group of the host.
func joinHost(*plugin) {
	group, err := syscall.Getpgid(os.Getppid())
	if err == nil {
		err = syscall.Setpgid(0, group)
	}
	if err != nil {
		tell(err.Error())
		os.Exit(9)
	}
}

const question = `"id":"q","method":"config.get","params":{"request":%s,"pointer":%q}`

// ask asks for a value once, and passes on what the host says.
func ask(pointer string) func(*plugin) {
	return func(p *plugin) {
		p.say(question, p.id, pointer)
		r, ok := p.read()
		if !ok || r.Error == nil {
			os.Exit(9)
		}
		p.say(`"id":%s,"result":{"merge":{"hostname":"changed"},"messages":[{"level":"warning","message":%q}]}`, p.id, r.Error.Message)
	}
}

// askEndlessly asks again and again, and may read what it is answered.
func askEndlessly(reads bool) func(*plugin) {
	return func(p *plugin) {
		forever(func() {
			p.say(question, p.id, "")
			if reads {
				if _, ok := p.read(); !ok {
					os.Exit(0)
				}
			}
		})
	}
}

// untilCancelled waits until the host no longer wants the answer: it says so,
// and in one-shot mode it sends SIGTERM.
func untilCancelled(p *plugin) {
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	tell(working)
	if !p.kept {
		<-terminated
		return
	}
	if r, ok := p.read(); !ok || r.Method != "cancel" {
		os.Exit(9)
	}
}

// replace puts another program in the place of its own.
func replace(*plugin) {
	fresh := os.Args[0] + ".new"
	if os.WriteFile(fresh, []byte("#!/bin/sh\nexit 1\n"), 0o700) != nil || os.Rename(fresh, os.Args[0]) != nil {
		os.Exit(9)
	}
}

func closing(file *os.File) func(*plugin) { return func(*plugin) { _ = file.Close() } }

func sleeps(d time.Duration) func(*plugin) { return func(*plugin) { time.Sleep(d) } }
