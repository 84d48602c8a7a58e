package host

import "syscall"

// sysProcAttr asks for a process group (ENV-4), and for the plugin to die when
// this process does, whatever ends it. What the plugin started itself is not
// reached by that.
func sysProcAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
