// Package sdk is for plugins of pathvector-plugin in Go. A plugin's main is
//
//	func main() { os.Exit(plugin.Main()) }
//
// where plugin is a Plugin: its name, what it reads and writes of the
// configuration, and a function that changes it. Build it as an executable
// named pathvector-plugin-NAME and put that on PATH.
//
// The function is handed its options and the part of the configuration that it
// reads, both in its own types, and returns what is to change: Merge for a few
// values, Patch for exact steps, Changed for a view that it has changed itself.
// Whatever it prints goes to stderr, where the host shows it to people.
//
// A Plugin may also check the configuration as it is after all changes (Check),
// and provide commands that operators run by name (Command, Run).
//
// Without more code, such a plugin answers one request per process, or all that
// come over stdin when it is started with the argument "serve" or with none.
// KeptRunning lets the host keep one process for many calls. The functions then
// run side by side: what they share needs a lock. Each has a context of its
// own, which ends when the host cancels the call.
//
// While it works, a function may log (Request.Log), tell how far it is
// (Request.Progress) and look into the configuration (Request.Get). A Plugin's
// Background may tell the host between calls that its answer has changed.
//
// Package plugintest, below this one, tests a Plugin without a process.
//
// The protocol behind it is in spec/protocol.md; the package answers describe,
// requests in other versions, and requests that are none, so that a plugin sees
// valid input only. It uses the standard library and package
// protocol.
package sdk
