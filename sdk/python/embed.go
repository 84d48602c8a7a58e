// Package python holds the SDK for plugins in Python, one file that is copied
// beside the plugin.
package python

import _ "embed"

// FileName is the name that plugins import it by.
const FileName = "pathvector_plugin.py"

// File is the text of the SDK.
//
//go:embed pathvector_plugin.py
var File string
