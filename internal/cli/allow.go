package cli

import (
	"maps"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config/check"
)

// allowFlag is for commands that the host's checks can keep from their work:
// a newer Pathvector, or a fork, may take what they refuse.
func allowFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "allow", Usage: "let the finding `CODE` of the host's checks keep nothing back (repeatable)"}
}

// allowed returns the codes given with --allow.
func allowed(c *cli.Context) ([]string, error) {
	codes := c.StringSlice("allow")
	known := slices.Sorted(maps.Keys(check.Codes()))
	for _, code := range codes {
		if !slices.Contains(known, code) {
			return nil, &usageError{problem: "no check of the host's has the code " + quote(code), advice: suggestion(code, known, "codes")}
		}
	}
	return codes, nil
}

// allow takes the findings with these codes for warnings that keep nothing
// back. Those of plugins are not the host's to allow.
func allow(found []checkFinding, codes []string) {
	for i := range found {
		f := &found[i]
		if f.Plugin != "" || !slices.Contains(codes, f.Code) {
			continue
		}
		f.Allowed = true
		if f.Severity == string(check.Error) {
			f.Severity = string(check.Warning)
		}
	}
}
