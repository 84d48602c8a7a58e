package settings

import (
	"slices"

	"github.com/natesales/pathvector-plugin/config"
)

// Select says which plugins run, in which order, each with its options: those
// named (the --plugin options, also for disabled ones), else the settings'
// list, else those that the configuration's plugins section names. An entry
// without options takes the ones that the configuration has for it. The error
// is that of such options.
func (s *Settings) Select(named []string, fromConfig []config.PluginEntry) ([]Plugin, error) {
	var selected []Plugin
	switch {
	case len(named) > 0:
		for _, name := range named {
			selected = append(selected, s.entry(name))
		}
	case s.Listed:
		for _, p := range s.Plugins {
			if p.Enabled {
				selected = append(selected, p)
			}
		}
	default:
		for _, e := range fromConfig {
			selected = append(selected, Plugin{Name: e.Name, Enabled: true})
		}
	}
	for i := range selected {
		if selected[i].Options != nil {
			continue
		}
		var err error
		if selected[i].Options, err = optionsOf(selected[i].Name, fromConfig); err != nil {
			return nil, err
		}
	}
	return selected, nil
}

// Has reports whether the list has an entry for the plugin.
func (s *Settings) Has(name string) bool {
	return slices.ContainsFunc(s.Plugins, func(p Plugin) bool { return p.Name == name })
}

// entry returns the settings for the plugin, or an empty entry.
func (s *Settings) entry(name string) Plugin {
	for _, p := range s.Plugins {
		if p.Name == name {
			return p
		}
	}
	return Plugin{Name: name, Enabled: true}
}

func optionsOf(name string, entries []config.PluginEntry) (any, error) {
	for _, e := range entries {
		if e.Name == name {
			return e.Options, e.Err
		}
	}
	return nil, nil
}
