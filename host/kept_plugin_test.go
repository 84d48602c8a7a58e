package host_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

// keepRunning is a plugin that does in a call what params.do says.
func keepRunning() int {
	if len(os.Args) != 2 || os.Args[1] != "serve" {
		fmt.Fprintf(os.Stderr, "expected the argument serve, got %q\n", os.Args)
		return 2
	}
	k := &keeping{cancelled: map[int]chan struct{}{}}
	var all sync.WaitGroup
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			all.Wait()
			return 0
		}
		k.take(line, &all)
	}
}

type keeping struct {
	mu        sync.Mutex
	cancelled map[int]chan struct{}
	asked     chan string
}

type keptLine struct {
	ID     any
	Method string
	Params struct {
		ID    int
		Do    string
		Nonce string
	}
}

func (k *keeping) take(line []byte, all *sync.WaitGroup) {
	var m keptLine
	if json.Unmarshal(line, &m) != nil {
		os.Exit(9)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch id, _ := m.ID.(float64); {
	case m.Method == "cancel":
		if c := k.cancelled[m.Params.ID]; c != nil {
			close(c)
		}
	case m.Method == "":
		k.asked <- strings.TrimSpace(string(line))
	default:
		gone := make(chan struct{})
		k.cancelled[int(id)] = gone
		k.asked = make(chan string, 1)
		all.Go(func() { k.do(int(id), m, gone) })
	}
}

func (k *keeping) say(format string, args ...any) {
	fmt.Printf(`{"jsonrpc":"2.0",`+format+"}\n", args...)
}

func (k *keeping) do(id int, m keptLine, cancelled chan struct{}) {
	switch m.Params.Do {
	case "pid":
		k.say(`"id":%d,"result":%d`, id, os.Getpid())
	case "exit":
		fmt.Fprintln(os.Stderr, "giving up")
		os.Exit(3)
	case "answer, then exit":
		k.say(`"id":%d,"result":1`, id)
		os.Exit(3)
	case "answer twice":
		k.say(`"id":%d,"result":1`, id)
		k.say(`"id":%d,"result":1`, id)
	case "fail":
		k.say(`"id":%d,"error":{"code":7,"message":"no site file"}`, id)
	case "wait":
		<-cancelled
		k.say(`"id":%d,"error":{"code":-32800,"message":"cancelled"}`, id)
	case "hang":
		signal.Ignore(syscall.SIGTERM)
		fmt.Fprintln(os.Stderr, "waiting for the cluster")
		time.Sleep(time.Minute)
	case "say":
		k.say(`"method":"log","params":{"request":%d,"level":"info","message":"hello"}`, id)
		k.say(`"method":"changed"`)
		k.say(`"id":%d,"result":1`, id)
	case "ask":
		k.say(`"id":"a","method":"config.get","params":{"request":%d,"pointer":"/asn"}`, id)
		k.say(`"id":%d,"result":%s`, id, <-k.asked)
	default:
		k.say(`"id":%d,"result":"%s"`, id, m.Params.Nonce)
	}
}
