// Command line is a plugin by hand: it reads a line, which is the payload and
// nothing else, and writes one. Its argument says what it does, and nothing
// checks anything.
package main

import (
	"bufio"
	"os"

	"github.com/natesales/pathvector-plugin/bench/internal/work"
)

func main() {
	in := bufio.NewReaderSize(os.Stdin, 64<<10)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		answer := []byte(work.Nothing)
		if os.Args[1] == "modify" {
			if answer, err = work.Modify(line); err != nil {
				panic(err)
			}
		}
		if _, err := os.Stdout.Write(append(answer, '\n')); err != nil {
			return
		}
	}
}
