//go:build !linux && !darwin && !freebsd

package discovery

// Running plugins needs process groups, signals and pipes as Unix has them.
var _ = pathvectorPluginRunsOnLinuxMacOSAndFreeBSDOnly
