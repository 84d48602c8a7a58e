package cli

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMaskLine(t *testing.T) {
	secrets := []string{"open-sesame", "open", "1"}
	assert.Equal(t, "  password: ********  # MD5\n", maskLine("  password: open-sesame  # MD5\n", secrets))
	assert.Equal(t, "  password: ********\n", maskLine("  password: 1\n", secrets))
	assert.Equal(t, "line 10: ******** not found\n", maskLine("line 10: open not found\n", secrets))
}
