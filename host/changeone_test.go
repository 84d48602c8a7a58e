package host_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// askedScopes and askedMerge are in the environment of changeOne.
const (
	askedScopes = "HOST_TEST_SCOPES"
	askedMerge  = "HOST_TEST_MERGE"
)

// changeOne is a plugin that is kept running, reads the configuration that it
// is sent, and always changes the same.
func changeOne() int {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return 0
		}
		var m struct {
			ID     json.RawMessage
			Method string
			Params struct{ Config map[string]json.RawMessage }
		}
		if json.Unmarshal(line, &m) != nil || m.ID == nil {
			continue
		}
		result := `{"merge":` + os.Getenv(askedMerge) + `}`
		if m.Method == "describe" {
			result = `{"name":"zorb","version":"1","protocols":[1],"mode":"kept-running"` + os.Getenv(askedScopes) + `}`
		}
		fmt.Printf(`{"jsonrpc":"2.0","id":%s,"result":%s}`+"\n", m.ID, result)
	}
}
