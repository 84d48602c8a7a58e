// Command parse parses a YAML file into the nodes of the YAML library, and does
// nothing with them.
package main

import (
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		var n yaml.Node
		err = yaml.Unmarshal(text, &n)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "parse:", err)
		os.Exit(1)
	}
}
