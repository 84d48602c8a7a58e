package sdk

import "os"

// swapStdout lets the variable lead to stderr, and returns where it led.
func swapStdout() *os.File {
	host := os.Stdout
	os.Stdout = os.Stderr
	return host
}
