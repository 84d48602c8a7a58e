// Package protocol holds what a host and its plugins say to each other,
// version 1: lines (Reader, WriteLine), messages (ParseMessage,
// AppendMessage), the types they carry, and the errors for a peer that breaks
// the rules. The rules are in spec/protocol.md, and cited by their ids here.
//
// It uses the standard library only, and runs nothing.
package protocol

// Version is the version of the protocol that this package speaks (VER-1).
const Version = 1

// DefaultLimit is how many bytes a line may have at most, unless the operator
// sets another limit (FRM-7).
const DefaultLimit = 64 << 20

// MaxDepth is how deep objects and arrays may be nested in a message; the
// message itself is level 1 (FRM-6).
const MaxDepth = 1000

// The methods that a host calls, and the arguments it starts a plugin with.
const (
	MethodDescribe = "describe"
	MethodModify   = "modify"
	MethodCheck    = "check"
	MethodCommand  = "command"
)

// ArgServe is the argument with which a plugin that is kept running is started
// (INV-14).
const ArgServe = "serve"

// MethodConfigGet is what a kept-running plugin may ask the host (ASK-2).
const MethodConfigGet = "config.get"

// The notifications of plugins (NTF-2, NTF-3, NTF-7, CMD-8), and the host's
// (INV-17).
const (
	NoteLog      = "log"
	NoteProgress = "progress"
	NoteOutput   = "output"
	NoteChanged  = "changed"
	NoteCancel   = "cancel"
)

// ValidName reports whether s can be the NAME of a plugin: lower-case letters
// and digits in words with single hyphens between them (NAM-1).
func ValidName(s string) bool {
	hyphen := true // a hyphen may not stand first, nor after another
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			hyphen = false
		case c == '-' && !hyphen:
			hyphen = true
		default:
			return false
		}
	}
	return !hyphen
}
