// Package sh holds the SDK for plugins in POSIX shell, one file that is copied
// beside the plugin.
package sh

import _ "embed"

// FileName is the name that plugins look for beside them.
const FileName = "pathvector-plugin.sh"

// File is the text of the SDK.
//
//go:embed pathvector-plugin.sh
var File string
