package sdk

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Error is an error as it is answered. A plugin chooses codes of its own from 1
// to 2147483647 (rule ERR-2); an error of any other type becomes an internal
// error with the same text.
type Error = protocol.Error

// InvalidOptions is the error for options that the plugin cannot work with
// (rule OPT-5). The pointer says which one, as "/file"; say in the text what
// was expected and what came.
func InvalidOptions(pointer, format string, args ...any) error {
	return &Error{
		Code:    protocol.CodeInvalidOptions,
		Message: fmt.Sprintf(format, args...),
		Data:    data("pointer", pointer),
	}
}

// Unavailable is the error for what may work later (rule ERR-4): a service
// that does not answer, say. The host may try again after retryAfter, rounded
// up to seconds; 0 leaves the time to the host.
func Unavailable(retryAfter time.Duration, format string, args ...any) error {
	e := &Error{Code: protocol.CodeUnavailable, Message: fmt.Sprintf(format, args...)}
	if retryAfter > 0 {
		e.Data = data("retryAfter", int64(math.Ceil(retryAfter.Seconds())))
	}
	return e
}

func unsupported(got string) error {
	return &Error{
		Code: protocol.CodeUnsupportedProtocol,
		Message: fmt.Sprintf("this plugin speaks version %d of the protocol, the request %s",
			protocol.Version, got),
		Data: data("supported", []int{protocol.Version}),
	}
}

func data(key string, value any) json.RawMessage {
	text, err := protocol.EncodeParams(map[string]any{key: value})
	if err != nil {
		return nil
	}
	return text
}
