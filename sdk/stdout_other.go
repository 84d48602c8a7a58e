//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package sdk

import "os"

// takeStdout lets what the plugin prints with package os or fmt go to stderr.
// What was made from os.Stdout before, and children that inherit the
// descriptor, still reach the host here.
func takeStdout() *os.File { return swapStdout() }
