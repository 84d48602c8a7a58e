package protocol

import (
	"fmt"
	"unicode/utf8"
)

// Kind names one way to break the protocol.
type Kind int

// The ways in which a peer can break the protocol.
const (
	NotAMessage       Kind = iota + 1 // a line that is no JSON-RPC 2.0 message
	TooLong                           // a line longer than the limit
	Unterminated                      // a last line without LF
	InvalidUTF8                       // bytes that are no UTF-8, or half of a surrogate pair
	NULByte                           // a NUL, as a byte or as \u0000
	DuplicateKey                      // a key that stands twice in an object
	TooDeep                           // objects and arrays nested deeper than MaxDepth
	BadID                             // an id that is neither a string nor a number
	WrongID                           // an answer to no request, or without an id
	TwoAnswers                        // a second answer to a request
	NoResultNorError                  // an answer with neither result nor error
	ResultAndError                    // an answer with both
	BadError                          // an error that is no JSON-RPC error object
	NoAnswer                          // the end of the stream before the answer
	UnexpectedRequest                 // a request from a plugin that runs for one call
	BadRequestID                      // a request of a plugin's whose id is no string
	BadResult                         // a result of another form than documented
	NoCommonVersion                   // a plugin that speaks none of the host's versions
	UnknownFeature                    // a result that requires what the host does not know
)

// String returns the name of the kind, such as "two-answers".
func (k Kind) String() string { return k.about().name }

// about is what is known of a kind: its name, the rule that is broken, what
// was expected, and what the author of the peer should do.
type about struct{ name, rule, want, advice string }

func (k Kind) about() about {
	if k < 1 || int(k) >= len(kinds) {
		return about{name: fmt.Sprintf("kind-%d", int(k))}
	}
	return kinds[k]
}

var kinds = [...]about{
	NotAMessage: {
		"not-a-message", "FRM-9", "a JSON-RPC 2.0 message",
		"stdout carries protocol messages only, one in each line: write everything else to stderr",
	},
	TooLong: {
		"too-long", "FRM-7", "a line within the limit",
		"send less, for example a patch in place of the whole configuration",
	},
	Unterminated: {
		"unterminated", "FRM-8", "a newline at the end of the last line",
		`end every message with "\n", and flush the output before the end`,
	},
	InvalidUTF8: {
		"invalid-utf8", "FRM-3", "UTF-8 without a byte order mark",
		"write UTF-8, and escape what is outside of it in pairs, or not at all",
	},
	NULByte: {"nul-byte", "FRM-4", "text without NUL", `leave out the byte 0 and the escape \u0000`},
	DuplicateKey: {
		"duplicate-key", "FRM-5", "every key once in an object",
		"write each key once; which of two values counts is not defined",
	},
	TooDeep: {"too-deep", "FRM-6", "at most 1000 levels of nesting", "nest less"},
	BadID: {
		"bad-id", "MSG-3", "an id that is a string or a number",
		"copy the id of the request into the answer as it is",
	},
	WrongID: {
		"wrong-id", "MSG-3", "the id of the request in its answer",
		"copy the id of the request into the answer as it is",
	},
	TwoAnswers: {"two-answers", "MSG-4", "one answer to a request", "write one answer, and end"},
	NoResultNorError: {
		"no-result-nor-error", "MSG-5", "a result or an error in an answer",
		`answer with "result", or with "error"`,
	},
	ResultAndError: {
		"result-and-error", "MSG-6", "a result or an error in an answer",
		`leave out "result" when there is an "error"`,
	},
	BadError: {
		"bad-error", "ERR-1", "an error with an integer code and a message",
		`write {"code":1,"message":"what is wrong"}`,
	},
	NoAnswer: {
		"no-answer", "MSG-7", "an answer",
		"write one line with a result or an error to stdout before the end",
	},
	UnexpectedRequest: {
		"unexpected-request", "MSG-12", "notifications and an answer",
		"a plugin that runs for one call cannot ask the host: take what it needs from params",
	},
	BadRequestID: {
		"bad-request-id", "ASK-1", "a request with a string as id",
		`number your requests "1", "2" and so on: integers are the host's`,
	},
	BadResult: {"bad-result", "MOD-2", "a result of the documented form", "see spec/protocol.md"},
	NoCommonVersion: {
		"no-common-version", "VER-4", "a plugin that speaks a version of the host's",
		"use a plugin and a host that speak the same version of the protocol",
	},
	UnknownFeature: {
		"unknown-feature", "VER-5", "a result that requires nothing unknown to the host",
		"use a newer host, or an older version of the plugin",
	},
}

// Violation says that a peer broke the protocol.
type Violation struct {
	Kind   Kind
	Rule   string // the id of the broken rule in spec/protocol.md
	Got    []byte // what came, or its beginning; nil when nothing came
	Detail string // what exactly is wrong with it; may be empty
	Advice string // what to do; empty for the usual advice of the kind

	syntax bool // NotAMessage: it is not even JSON
}

// NewViolation returns a Violation of the kind's own rule. It keeps a copy of
// the beginning of got, so that a long message can be collected.
func NewViolation(kind Kind, got []byte, detail string) *Violation {
	v := &Violation{Kind: kind, Rule: kind.about().rule, Detail: detail}
	if got != nil {
		v.Got = append([]byte{}, got[:min(len(got), quoteLimit+utf8.UTFMax)]...)
	}
	return v
}

// Error says what was expected and quotes what came.
func (v *Violation) Error() string {
	came := "none"
	if v.Got != nil {
		came = Quote(v.Got)
	}
	text := fmt.Sprintf("expected %s, got %s", v.Kind.about().want, came)
	if v.Detail != "" {
		text += ": " + v.Detail
	}
	return text
}

// Hint says what the author of the peer should do.
func (v *Violation) Hint() string {
	if v.Advice != "" {
		return v.Advice
	}
	return v.Kind.about().advice
}

// quoteLimit is how many bytes of what came an error shows.
const quoteLimit = 200

// Quote returns b as errors show it: in quotes, with escapes for everything
// that a terminal might act on, and cut after 200 bytes.
func Quote(b []byte) string {
	if len(b) <= quoteLimit {
		return fmt.Sprintf("%q", b)
	}
	end := quoteLimit
	for end > quoteLimit-utf8.UTFMax && !utf8.RuneStart(b[end]) {
		end--
	}
	return fmt.Sprintf("%q…", b[:end])
}
