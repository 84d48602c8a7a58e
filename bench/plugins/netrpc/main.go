// Command netrpc is a plugin of go-plugin over net/rpc.
package main

import (
	"github.com/hashicorp/go-plugin"

	"github.com/natesales/pathvector-plugin/bench/internal/goplugin"
)

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: goplugin.Handshake,
		Plugins:         plugin.PluginSet{goplugin.Name: goplugin.NetRPC{}},
		Logger:          goplugin.Quiet(),
	})
}
