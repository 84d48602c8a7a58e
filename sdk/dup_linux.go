package sdk

import "syscall"

// Some Linux architectures have no dup2.
func dup2(from, to int) error { return syscall.Dup3(from, to, 0) }
