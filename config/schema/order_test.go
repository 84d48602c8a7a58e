package schema_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/natesales/pathvector-plugin/config/schema"
)

func TestBefore(t *testing.T) {
	assert.Empty(t, schema.Before("asn"))
	assert.Equal(t, []string{"source4", "router-id", "asn"}, schema.Before("source6"))
	assert.Empty(t, schema.Before("of-a-newer-pathvector"))
	assert.Len(t, schema.Before("plugins"), 50)
}
