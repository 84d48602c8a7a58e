package main

import "embed"

// sdkSources are what a new plugin in Go brings along to build without a network.
// Only the module's root can embed folders of several packages, and here they
// get into no plugin that imports the SDK.
//
//go:embed LICENSE go.mod protocol/*.go sdk/*.go sdk/plugintest/*.go
var sdkSources embed.FS
