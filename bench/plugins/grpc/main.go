// Command grpc is a plugin of go-plugin over gRPC.
package main

import (
	"github.com/hashicorp/go-plugin"

	"github.com/natesales/pathvector-plugin/bench/internal/goplugin"
)

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: goplugin.Handshake,
		Plugins:         plugin.PluginSet{goplugin.Name: goplugin.GRPC{}},
		GRPCServer:      goplugin.NewServer,
		Logger:          goplugin.Quiet(),
	})
}
