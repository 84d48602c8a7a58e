// Package plugintest is for the unit tests of a plugin in Go: it calls the
// functions of a Plugin as a host would, without a process, a file or a
// configuration in YAML.
//
//	got := plugintest.Modify(t, plugin, plugintest.Config(`{"asn":65001}`))
//
// The configuration is whole, and the plugin is sent what it reads of it. What
// the plugin must not do fails the test, such as a change outside of its Writes;
// what it answers is for the test to look at, errors included. What it logs and
// prints goes to the log of the test.
//
// Two things of a host are missing: the options are not checked by the schema,
// nor defaults filled in, and the configuration is not checked by Pathvector's
// schema. The command "pathvector-plugin test" does both with the real program.
package plugintest
