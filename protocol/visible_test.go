package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/natesales/pathvector-plugin/protocol"
)

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"plain, with a tab\t": "plain, with a tab\t",
		"\x1b[2J":             `\x1b[2J`,
		"a\nb\r":              `a\nb\r`,
		"\u202eevil\u200b":    `\u202eevil\u200b`,
		"\xff\xfe":            `\xff\xfe`,
		"Zürich \U0001F600":   "Zürich \U0001F600",
		"\uFFFD":              "\uFFFD",
	} {
		assert.Equal(t, want, protocol.Visible(text))
	}
}
