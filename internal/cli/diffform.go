package cli

import (
	"github.com/urfave/cli/v2"
)

// The forms of --diff.
const (
	diffLines = "lines" // a unified diff, what --diff alone means
	diffPeers = "peers" // a line or few for each peer
)

// diffFlag is an option that stands alone or has its value behind an equals
// sign.
type diffFlag struct{ *cli.GenericFlag }

// TakesValue is false, as the argument behind --diff is another one.
func (diffFlag) TakesValue() bool { return false }

// String is the option's line in the help.
func (f diffFlag) String() string { return cli.FlagStringer(f) }

func newDiffFlag() cli.Flag {
	return diffFlag{&cli.GenericFlag{
		Name: "diff", Value: new(diffValue),
		Usage: "print a unified diff, each hunk with the plugins that made it; --diff=peers sums up what changes for each peer",
	}}
}

// diffValue is the form asked for, "" for none.
type diffValue string

// Set takes any word; checkDiffForm tells of a wrong one.
func (v *diffValue) Set(s string) error {
	if s == "true" { // what the parser makes of --diff alone
		s = diffLines
	}
	*v = diffValue(s)
	return nil
}

// String returns the form.
func (v *diffValue) String() string { return string(*v) }

// IsBoolFlag tells the parser that --diff may stand alone.
func (v *diffValue) IsBoolFlag() bool { return true }

// diffForm returns the form of diff that is asked for, "" for none.
func diffForm(c *cli.Context) string {
	v, ok := c.Generic("diff").(*diffValue)
	if !ok {
		return ""
	}
	return string(*v)
}

func checkDiffForm(c *cli.Context) error {
	form := diffForm(c)
	if !c.IsSet("diff") || form == diffLines || form == diffPeers {
		return nil
	}
	return &usageError{
		problem: "there is no diff of the form " + quote(form),
		advice:  "write --diff for a unified diff, or --diff=peers to see what changes for each peer",
	}
}
