package protocol

import (
	"fmt"
	"slices"
)

// DecodeDescribe reads the result of describe (DSC-2). It looks at the
// versions and at what the result requires before anything else (VER-4,
// VER-5), so that a plugin of another version is told so and not that a field
// is missing. Unknown are the names of top-level fields that are not known
// here, for a warning (DSC-7). The error is a *Violation.
func DecodeDescribe(raw []byte) (desc *Describe, unknown []string, err error) {
	d := &decoder{raw: raw, rule: "DSC-2"}
	desc = &Describe{}
	members := d.object(raw, "")
	d.checkVersions(members, desc)
	unknown = each(members, "", d.describeFields(desc))
	d.require(members, "", "name", "version")
	if !ValidName(desc.Name) {
		d.wrong("NAM-2", "name", "words of a-z and 0-9 with hyphens between them", []byte(desc.Name))
	}
	if err := d.err(); err != nil {
		return nil, nil, err
	}
	return desc, unknown, nil
}

func (d *decoder) checkVersions(members []member, desc *Describe) {
	each(members, "", map[string]field{
		"protocols": d.array(d.version(&desc.Protocols), func() { desc.Protocols = []int{} }),
		"requires":  d.texts(&desc.Requires, true),
	})
	d.require(members, "", "protocols")
	if d.violation == nil && !slices.Contains(desc.Protocols, Version) {
		d.fail(NoCommonVersion, NoCommonVersion.about().rule,
			fmt.Sprintf("the plugin speaks %v, this host %v", desc.Protocols, []int{Version}))
	}
	d.checkFeatures(desc.Requires)
}

func (d *decoder) describeFields(desc *Describe) map[string]field {
	read := func([]byte, string) {} // by checkVersions
	return map[string]field{
		"protocols":   read,
		"requires":    read,
		"name":        d.text(&desc.Name, true),
		"version":     d.text(&desc.Version, true),
		"description": d.text(&desc.Description, false),
		"methods":     d.texts(&desc.Methods, true),
		"mode":        d.mode(&desc.Mode),
		"reads":       d.texts(&desc.Reads, false),
		"writes":      d.texts(&desc.Writes, false),
		"options":     d.keep(&desc.Options, '{', "OPT-2"),
		"needs":       d.needs(desc),
		"commands":    d.commands(desc),
	}
}

func (d *decoder) mode(to *string) field {
	return func(raw []byte, at string) {
		d.text(to, true)(raw, at)
		if !ValidMode(*to) {
			d.wrong(d.rule, at, fmt.Sprintf("%q or %q", ModeOneShot, ModeKeptRunning), raw)
		}
	}
}

func (d *decoder) needs(desc *Describe) field {
	return func(raw []byte, at string) {
		n := &Needs{}
		each(d.object(raw, at), at, map[string]field{
			"env":     d.texts(&n.Env, false),
			"files":   d.texts(&n.Files, false),
			"network": d.texts(&n.Network, false),
		})
		desc.Needs = n
	}
}

func (d *decoder) commands(desc *Describe) field {
	return d.array(func(raw []byte, at string) {
		c := CommandSpec{}
		members := d.object(raw, at)
		d.require(members, at, "name")
		each(members, at, map[string]field{
			"name":        d.text(&c.Name, true),
			"usage":       d.text(&c.Usage, false),
			"description": d.text(&c.Description, false),
			"flags":       d.flags(&c),
		})
		desc.Commands = append(desc.Commands, c)
	}, func() { desc.Commands = []CommandSpec{} })
}

func (d *decoder) flags(c *CommandSpec) field {
	return d.array(func(raw []byte, at string) {
		f := Flag{}
		members := d.object(raw, at)
		d.require(members, at, "name", "type")
		each(members, at, map[string]field{
			"name":        d.text(&f.Name, true),
			"type":        d.text(&f.Type, true),
			"description": d.text(&f.Description, false),
			"default":     d.keep(&f.Default, 0, ""),
		})
		c.Flags = append(c.Flags, f)
	}, func() { c.Flags = []Flag{} })
}
