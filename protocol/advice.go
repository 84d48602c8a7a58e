package protocol

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Hint says what the operator can do, by what the plugin put in Data; "" when
// there is nothing to go by.
func (e *Error) Hint() string {
	var data struct {
		Supported  []int   `json:"supported"`
		Pointer    string  `json:"pointer"`
		RetryAfter float64 `json:"retryAfter"`
	}
	if json.Unmarshal(e.Data, &data) != nil {
		return ""
	}
	switch {
	case e.Code == CodeUnsupportedProtocol && len(data.Supported) > 0:
		return fmt.Sprintf("the plugin speaks %v: use a host that does too", data.Supported)
	case e.Code == CodeInvalidOptions && data.Pointer != "":
		return "look at the option " + Quote([]byte(data.Pointer))
	case e.Code == CodeUnavailable && data.RetryAfter > 0:
		return "try again in " + strconv.FormatFloat(data.RetryAfter, 'f', -1, 64) + " s"
	}
	return ""
}
