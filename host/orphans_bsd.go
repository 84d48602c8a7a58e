//go:build darwin || freebsd

package host

// AdoptOrphans does nothing here: what leaves a plugin's process group is out of
// reach.
func AdoptOrphans() bool { return false }

// EndOrphans finds nothing here.
func EndOrphans() []string { return nil }
