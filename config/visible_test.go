package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// CHK-2: a plugin is told of changes as far as it may read them.
func TestVisibleChanges(t *testing.T) {
	d, err := Parse("c.yml", []byte("peers:\n  A: {asn: 1, password: &p hunter2}\n  B: {description: *p}\n"))
	require.NoError(t, err)
	changes := []Change{
		{Pointer: "/asn", Op: tree.Replace, Before: []byte(`1`), After: []byte(`2`), Plugin: "a"},
		{Pointer: "/peers/A", Op: tree.Remove, Before: []byte(`{"asn":1,"password":"x","tags":["t"]}`), Plugin: "b"},
		{Pointer: "/peers/A/password", Op: tree.Replace, Before: []byte(`"x"`), After: []byte(`"y"`), Plugin: "c"},
		{Pointer: "/peers/B/description", Op: tree.Replace, Before: []byte(`"hunter2"`), After: []byte(`"y"`), Plugin: "c"},
		{Pointer: "/plugins/x", Op: tree.Remove, Before: []byte(`"k: v"`), Plugin: "d"},
	}
	for _, tt := range []struct {
		reads   []string
		secrets bool
		want    []string
	}{
		{nil, false, []string{`/asn 1 2`, `/peers/A {"asn":1,"tags":["t"]} `}},
		{nil, true, []string{`/asn 1 2`, `/peers/A {"asn":1,"password":"x","tags":["t"]} `, `/peers/A/password "x" "y"`, `/peers/B/description "hunter2" "y"`}},
		{[]string{}, true, nil},
		{[]string{"/peers/*/asn", "/peers/*/password"}, false, []string{`/peers/A {"asn":1} `}},
		{[]string{"/peers/*/asn", "/peers/*/password"}, true, []string{`/peers/A {"asn":1,"password":"x"} `, `/peers/A/password "x" "y"`}},
		{[]string{"/peers/B"}, false, nil},
	} {
		s := Scopes{Secrets: tt.secrets}
		if tt.reads != nil {
			s.Reads = []Pattern{}
			for _, text := range tt.reads {
				p, err := ParsePattern(text)
				require.NoError(t, err)
				s.Reads = append(s.Reads, p)
			}
		}
		var got []string
		for _, c := range NewView(d.Tree(), d, s).Visible(changes) {
			got = append(got, c.Pointer+" "+string(c.Before)+" "+string(c.After))
		}
		assert.Equal(t, tt.want, got, "%v", tt.reads)
	}
}

func TestTags(t *testing.T) {
	d, err := Parse("c.yml", []byte("asn: !!int 1\npeers:\n  A: {tags: [x, !t y], password: !vault z}\nlater: !m {a: !n 1}\n"))
	require.NoError(t, err)
	var got []string
	for _, tag := range d.Tags() {
		got = append(got, tag.Path.String()+" "+tag.Name)
	}
	assert.Equal(t, []string{"/peers/A/tags/1 !t", "/peers/A/password !vault", "/later !m", "/later/a !n"}, got)
}
