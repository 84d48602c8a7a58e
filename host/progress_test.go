//go:build linux

package host_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/natesales/pathvector-plugin/host"
)

// NTF-3, NTF-5, NTF-9: progress is told as it comes, and that its call is over;
// what has another form says nothing. A call without progress is not told of.
func TestProgressIsTold(t *testing.T) {
	h := newHost()
	h.Jobs = 1
	var told []host.Progress
	h.Progress = func(p host.Progress) { told = append(told, p) }
	modify(t, h, edge, pluginStep(t, "zorb", `case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1]}}' ;;
modify)
	echo '{"jsonrpc":"2.0","method":"progress","params":{"request":1,"message":"reading","done":1,"total":2.5}}'
	echo '{"jsonrpc":"2.0","method":"progress","params":{"message":7,"done":-1,"total":1e999}}'
	echo '{"jsonrpc":"2.0","method":"progress"}'
	echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{}}}' ;;
esac`))
	assert.Equal(t, []host.Progress{
		{Plugin: "zorb", Method: "modify", Call: 2, Message: "reading", Done: 1, Total: 2.5},
		{Plugin: "zorb", Method: "modify", Call: 2},
		{Plugin: "zorb", Method: "modify", Call: 2},
		{Plugin: "zorb", Method: "modify", Call: 2, Ended: true},
	}, told)
}

// A message of progress is shown again and again: it is cut as any other is.
func TestProgressIsCut(t *testing.T) {
	h := newHost()
	var told []string
	h.Progress = func(p host.Progress) { told = append(told, p.Message) }
	modify(t, h, edge, pluginStep(t, "zorb", `case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1]}}' ;;
modify)
	printf '{"jsonrpc":"2.0","method":"progress","params":{"message":"%05000d"}}\n' 0
	echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{}}}' ;;
esac`))
	assert.Equal(t, []string{strings.Repeat("0", 4<<10) + " … (cut)", ""}, told)
}
