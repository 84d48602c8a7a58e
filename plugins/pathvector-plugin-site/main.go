// Pathvector-plugin-site sets what differs from router to router, so that all
// routers can share one configuration: the router's addresses, its name and
// its site's communities, from one site file.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/natesales/pathvector-plugin/sdk"
)

func main() { os.Exit(plugin(os.Hostname).Main()) }

//go:embed options.json
var optionsSchema string

// options is what the operator gives; options.json is its schema.
type options struct {
	File   string `json:"file"`
	Router string `json:"router"`
}

// view is all that the plugin reads and writes of the configuration.
type view struct {
	RouterID    string   `json:"router-id,omitempty"`
	Source4     string   `json:"source4,omitempty"`
	Source6     string   `json:"source6,omitempty"`
	Hostname    string   `json:"hostname,omitempty"`
	Communities []string `json:"local-communities,omitempty"`
}

var scope = []string{"/router-id", "/source4", "/source6", "/hostname", "/local-communities"}

// plugin takes the look-up of the machine's name as an argument, for tests.
func plugin(machine func() (string, error)) *sdk.Plugin {
	return &sdk.Plugin{
		Name:        "site",
		Version:     "0.1.0",
		Description: "Sets router-id, source addresses, hostname and site communities from a site file",
		Reads:       scope,
		Writes:      scope,
		Options:     optionsSchema,
		Needs:       &sdk.Needs{Files: []string{"<options.file>"}},
		Modify: sdk.Modify(func(_ context.Context, c *sdk.Call[options, view]) (sdk.Result, error) {
			if c.Options.File == "" {
				return sdk.Result{}, sdk.InvalidOptions("/file", "expected the path of the site file, got none")
			}
			s, err := readSites(c.Path(c.Options.File))
			if err != nil {
				return sdk.Result{}, err
			}
			name, r, err := s.pick(c.Options.Router, machine)
			if err != nil {
				return sdk.Result{}, err
			}
			c.Infof("", "this is router %q of %s", name, s.file)
			r.apply(&c.View)
			return sdk.Changed(c.View), nil
		}),
	}
}

// apply sets what the router's entry has; what it lacks stays as it is.
func (r router) apply(v *view) {
	set := func(to *string, value string) {
		if value != "" {
			*to = value
		}
	}
	set(&v.RouterID, r.RouterID)
	set(&v.Source4, r.Source4)
	set(&v.Source6, r.Source6)
	set(&v.Hostname, r.Hostname)
	v.Communities = withCommunities(v.Communities, r.Communities)
}

// pick finds the entry of the router that is asked for, else of this machine:
// by its full name, then by the part before the first dot.
func (s *sites) pick(asked string, machine func() (string, error)) (string, router, error) {
	if asked != "" {
		if r, ok := s.routers[asked]; ok {
			return asked, r, nil
		}
		return "", router{}, sdk.InvalidOptions("/router", "%s has no router %q; it has %s", s.file, short(asked), s.list())
	}
	full, err := machine()
	if err != nil {
		return "", router{}, fmt.Errorf("cannot tell this machine's hostname: %w; give the option router", err)
	}
	brief, _, _ := strings.Cut(full, ".")
	for _, name := range []string{full, brief} {
		if r, ok := s.routers[name]; ok {
			return name, r, nil
		}
	}
	return "", router{}, s.missing(full, brief)
}

func (s *sites) missing(full, brief string) error {
	names := fmt.Sprintf("%q", full)
	if brief != full {
		names = fmt.Sprintf("%q or %q", full, brief)
	}
	return errors.New(s.file + " has no router " + names + ", which is this machine's hostname; it has " +
		s.list() + "; add the router, or name one by the option router")
}

// list names the routers of the file, as many as a reader looks through.
func (s *sites) list() string {
	const most = 20
	if len(s.names) <= most {
		return strings.Join(s.names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(s.names[:most], ", "), len(s.names)-most)
}
