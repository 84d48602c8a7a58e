package host_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// soakPlugin works on many calls at once, asks during some, and does in others
// what a plugin must not do. Every answer, note and question carries the nonce
// of its call.
func soakPlugin() int {
	s := &soaked{cancels: map[string]chan struct{}{}, answers: map[string]chan string{}}
	var all sync.WaitGroup
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			all.Wait()
			return 0
		}
		var m soakLine
		if json.Unmarshal(line, &m) != nil {
			return 9
		}
		s.take(m, &all)
	}
}

type soakLine struct {
	ID     json.RawMessage
	Method string
	Result struct{ Value string }
	Params struct {
		ID        json.RawMessage
		Do, Nonce string
	}
}

type soaked struct {
	mu      sync.Mutex
	cancels map[string]chan struct{} // closed by cancel
	answers map[string]chan string   // to questions
}

func (s *soaked) take(m soakLine, all *sync.WaitGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case m.Method == "cancel":
		if c := s.cancels[string(m.Params.ID)]; c != nil {
			close(c)
			delete(s.cancels, string(m.Params.ID))
		}
	case m.Method == "":
		s.answers[string(m.ID)] <- m.Result.Value
	default:
		id, cancelled, answer := string(m.ID), make(chan struct{}), make(chan string, 1)
		s.cancels[id], s.answers[`"`+id+`"`] = cancelled, answer
		all.Go(func() { s.do(id, m.Params.Do, m.Params.Nonce, cancelled, answer) })
	}
}

func (s *soaked) say(format string, args ...any) {
	fmt.Printf(`{"jsonrpc":"2.0",`+format+"}\n", args...)
}

func (s *soaked) do(id, what, nonce string, cancelled chan struct{}, answer chan string) {
	switch what {
	case "note":
		s.say(`"method":"log","params":{"request":%s,"level":"info","message":%q}`, id, nonce)
	case "ask":
		s.say(`"id":"%s","method":"config.get","params":{"request":%s,"pointer":%q}`, id, id, nonce)
		nonce = <-answer
	case "slow":
		select {
		case <-cancelled:
			s.say(`"id":%s,"error":{"code":-32800,"message":"cancelled"}`, id)
			return
		case <-time.After(20 * time.Millisecond):
		}
	case "fail":
		s.say(`"id":%s,"error":{"code":7,"message":%q}`, id, nonce)
		return
	}
	if fault := soakFaults[what]; fault != nil {
		fault(id)
	}
	s.say(`"id":%s,"result":%q`, id, nonce)
}

// soakFaults are what a plugin must not do; those that return answer after it.
var soakFaults = map[string]func(id string){
	"exit":         func(string) { os.Exit(3) },
	"rubbish":      func(string) { fmt.Println("loading") },
	"wrong id":     func(string) { fmt.Println(`{"jsonrpc":"2.0","id":1000000000,"result":1}`) },
	"twice":        func(id string) { fmt.Printf(`{"jsonrpc":"2.0","id":%s,"result":"first"}`+"\n", id) },
	"close stdout": func(string) { _ = os.Stdout.Close() },
	"close stdin":  func(string) { _ = os.Stdin.Close() },
	"stop":         func(string) { _ = syscall.Kill(os.Getpid(), syscall.SIGSTOP) },
	"hang": func(string) {
		signal.Ignore(syscall.SIGTERM)
		time.Sleep(time.Hour)
	},
	"half a line": func(string) {
		fmt.Print(`{"jsonrpc"`)
		os.Exit(0)
	},
}
