package host

import "syscall"

// sysProcAttr asks for a process group (ENV-4). This system has no parent-death
// signal: after a SIGKILL of this process the plugin sees EOF or SIGPIPE at
// most.
func sysProcAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
