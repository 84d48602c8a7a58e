package sdk

import (
	"strconv"
	"strings"
)

var escape = strings.NewReplacer("~", "~0", "/", "~1")

// Pointer is the JSON Pointer (RFC 6901) of the value that the keys lead to:
// Pointer("peers", "IX/A", "asn") is "/peers/IX~1A/asn".
func Pointer(keys ...string) string {
	var b strings.Builder
	for _, key := range keys {
		_ = b.WriteByte('/')
		_, _ = escape.WriteString(&b, key)
	}
	return b.String()
}

func indexSegment(i int) string { return "/" + strconv.Itoa(i) }
