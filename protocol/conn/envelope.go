package conn

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/sourcegraph/jsonrpc2"
)

// envelopes makes the messages that the Conn is handed, which say no more than
// what it is to do. Their type is private and can only be unmarshalled, which
// parses the text three times by reflection and takes longer than all else that
// is done for a short call. So that is done once for each of the two kinds, and
// then the message is copied.
//
// What the copies point to they have in common. Only the goroutine of the Conn
// that reads uses it, and is done with one message before it takes the next.
type envelopes struct {
	answer   reflect.Value      // invalid until it is made
	response *jsonrpc2.Response // that answer points to
	note     reflect.Value      // likewise
}

// answered makes v a message that has the Conn wake the caller with the id, and
// forget the call. The answer itself is in calls.
func (e *envelopes) answered(v any, id uint64) error {
	if e.response != nil {
		e.response.ID.Num = id
		reflect.ValueOf(v).Elem().Set(e.answer)
		return nil
	}
	return remember(&e.answer, v, fmt.Sprintf(`{"id":%d,"result":0}`, id))
}

// onRecv is called by the Conn when it has taken a message.
func (e *envelopes) onRecv(_ *jsonrpc2.Request, response *jsonrpc2.Response) {
	if response != nil {
		e.response = response
	}
}

// noted makes v a message that the Conn calls Handle for.
func (e *envelopes) noted(v any) error {
	if e.note.IsValid() {
		reflect.ValueOf(v).Elem().Set(e.note)
		return nil
	}
	return remember(&e.note, v, `{"method":"message"}`)
}

// remember unmarshals the text into v, and keeps a copy.
func remember(kept *reflect.Value, v any, text string) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return err
	}
	made := reflect.ValueOf(v).Elem()
	*kept = reflect.New(made.Type()).Elem()
	kept.Set(made)
	return nil
}
