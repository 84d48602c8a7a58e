//go:build linux

package faults

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// fault is a row of the matrix: something that a plugin does wrong in the call
// of modify, or before it has read the request, and what comes of it.
type fault struct {
	name          string // the option that chooses it
	does          string // for the documentation: a plugin that ...
	when          when
	do            func(*plugin)
	oneShot, kept outcome
}

// when says what a row needs besides the option.
type when struct {
	start     bool // it is chosen by the environment, and comes before any request
	large     bool // the request has 10 MB
	deadline  bool // the call has little time, and it is over
	interrupt bool // the host is interrupted when the plugin says that it works
}

// outcome is what comes of a call: a result unless exit is set.
type outcome struct {
	exit int    // the exit code
	rule string // the rule of the protocol that the error names
	says string // what the error says, or the warning about a result; " … " stands for anything
	note string // what is said of processes that were left
}

var (
	late = fmt.Sprintf("no answer within %s", timeout)
	hung = late + ", nor one to cancel after that; it was stopped"

	result      = outcome{}
	interrupted = outcome{exit: 130, says: "interrupted before it answered"}
	tooLate     = fails(late)
	hangs       = fails(hung)
	noAnswer    = breaks("MSG-7", `expected an answer, got none: stdout ended before the answer to "modify"`)
	tooLong     = breaks("FRM-7", "expected a line within the limit, got … it is longer than 67108864 bytes")
	noQuestions = breaks("MSG-12", `expected notifications and an answer`)
)

func warns(says string) outcome        { return outcome{says: says} }
func fails(says string) outcome        { return outcome{exit: 4, says: says} }
func breaks(rule, says string) outcome { return outcome{exit: 4, rule: rule, says: says} }

const (
	working = "working" // see when.interrupt

	exited  = "it exited with status 3 before it answered; its stderr ends in \"giving up\""
	killed  = "it was killed by signal 9 (SIGKILL) before it answered"
	holding = "a process that it started kept its stdout or stderr open"
	message = "expected a JSON-RPC 2.0 message, got "
	limit   = 64 << 20

	orphaned = "plugins left processes behind, which were killed: pathvector-plugin-fault"
)

var (
	inTime   = when{}
	atStart  = when{start: true}
	deadline = when{deadline: true}
)

// matrix is every fault. What a row cannot say in both modes with the same
// words is about how the host ends a plugin: at the end of a one-shot call, or
// at the end of all calls.
var matrix = []fault{
	{"none", "answers", inTime, answers, result, result},
	{"silent", "never answers, and says on stderr what it waits for", deadline, then(waits, stays), fails(late + `; its stderr ends in "waiting"`), fails(hung + `; its stderr ends in "waiting"`)},
	{"exit", "exits with status 3 before it answers", inTime, exit(3), fails(exited), fails(exited)},
	{"exit-0", "exits with status 0 before it answers", inTime, exit(0), noAnswer, noAnswer},
	{"exit-after", "answers, and exits with status 3", inTime, then(answers, exit(3)), warns("answered, and then exit status 3"), warns("ended with exit status 3")},
	{"die-mid-line", "is killed in the middle of its answer", inTime, then(says(`{"jsonrpc":"2.0","id":%ID,"res`), die), fails(killed), fails(killed)},
	{"exit-mid-line", "exits with status 0 in the middle of its answer", inTime, then(says(`{"jsonrpc":"2.0","id":%ID,"res`), exit(0)), breaks("FRM-8", `expected a newline at the end of the last line, got "{`), breaks("FRM-8", `expected a newline at the end of the last line, got "{`)},
	{"half-a-line", "writes half an answer, and nothing more", deadline, then(says(`{"jsonrpc":"2.0","id":%ID,"res`), stays), tooLate, hangs},
	{"trickle", "writes one byte a second", deadline, trickle, tooLate, hangs},
	{"kill-group", "kills its own process group before it answers", inTime, killGroup, fails(killed), fails(killed)},
	{"crash-on-start", "crashes whenever it is started", atStart, exit(3), fails(exited), fails(exited)},

	{"wrong-id", "answers with another id", inTime, says(`{"jsonrpc":"2.0","id":99,"result":{}}` + "\n"), breaks("MSG-3", `expected the id of the request in its answer, got … its id is "99", and the request's is 1`), breaks("MSG-3", `expected the id of the request in its answer, got … its id is "99", and the request's is 1`)},
	{"never-asked", "answers a request that was never made, and then its own", inTime, says(`{"jsonrpc":"2.0","id":"x","result":{}}` + "\n%RIGHT\n"), breaks("MSG-3", `expected the id of the request in its answer, got … its id is "\"x\"", and the request's is 1`), breaks("MSG-3", `expected the id of the request in its answer, got … its id is "\"x\"", and the request's is 1`)},
	{"twice", "answers twice", inTime, says("%RIGHT\n%RIGHT\n"), breaks("MSG-4", "expected one answer to a request, got … the request with the id 1 has an answer already"), breaks("MSG-4", "expected one answer to a request, got … the request with the id 1 has an answer already")},
	{"rubbish-before", "writes text before its answer", inTime, says("loading\n%RIGHT\n"), breaks("FRM-9", message+`"loading"`), breaks("FRM-9", message+`"loading"`)},
	{"rubbish-between", "writes text between a notification and its answer", inTime, says(note + "loading\n%RIGHT\n"), breaks("FRM-9", message+`"loading"`), breaks("FRM-9", message+`"loading"`)},
	{"rubbish-after", "writes text after its answer", inTime, says("%RIGHT\ndone\n"), breaks("FRM-9", message+`"done"`), breaks("FRM-9", message+`"done"`)},
	{"half-after", "writes half a line after its answer, and exits", inTime, then(says("%RIGHT\n{"), exit(0)), breaks("FRM-8", `expected a newline at the end of the last line, got "{"`), breaks("FRM-8", `expected a newline at the end of the last line, got "{"`)},

	{"line-at-limit", "answers in a line as long as the limit, 64 MiB", inTime, pad(limit), result, result},
	{"line-over-limit", "answers in a line one byte over the limit", inTime, pad(limit + 1), tooLong, tooLong},
	{"line-100-mb", "answers in a line of 100 MB", inTime, pad(100_000_000), tooLong, tooLong},
	{"endless-line", "writes a line without end", inTime, endless(os.Stdout, "x"), tooLong, tooLong},
	{"endless-lines", "writes lines without end", inTime, endless(os.Stdout, "y\n"), breaks("FRM-9", message+`"y"`), breaks("FRM-9", message+`"y"`)},
	{"no-utf8", "answers in Latin-1", inTime, says(`{"jsonrpc":"2.0","id":%ID,"result":{"merge":{"hostname":"` + "z\xfcrich" + `"}}}` + "\n"), breaks("FRM-3", `expected UTF-8 without a byte order mark, got … z\xfcrich`), breaks("FRM-3", `expected UTF-8 without a byte order mark, got … z\xfcrich`)},
	{"nul", "writes a NUL byte in its answer", inTime, says(`{"jsonrpc":"2.0","id":%ID,"result":{"merge":{"hostname":"` + "\x00" + `"}}}` + "\n"), breaks("FRM-4", `expected text without NUL, got … \x00`), breaks("FRM-4", `expected text without NUL, got … \x00`)},
	{"key-twice", "writes a key twice in its answer", inTime, says(`{"jsonrpc":"2.0","id":%ID,"result":{"merge":{"hostname":"a","hostname":"b"}}}` + "\n"), breaks("FRM-5", `expected every key once in an object, got … "hostname" stands there again`), breaks("FRM-5", `expected every key once in an object, got … "hostname" stands there again`)},
	{"nesting", "answers with 100,000 levels of nesting", inTime, nest(100_000), breaks("FRM-6", "expected at most 1000 levels of nesting"), breaks("FRM-6", "expected at most 1000 levels of nesting")},
	{"huge-exponent", "answers with the number 1e999999999", inTime, says(`{"jsonrpc":"2.0","id":%ID,"result":{"merge":{"asn":1e999999999}}}` + "\n"), fails("/asn: expected a whole number from 1 to 4294967295, got 1e999999999"), fails("/asn: expected a whole number from 1 to 4294967295, got 1e999999999")},
	{"huge-number", "answers with a number of a million digits", inTime, says(`{"jsonrpc":"2.0","id":%ID,"result":{"merge":{"asn":` + strings.Repeat("9", 1_000_000) + `}}}` + "\n"), fails("/asn: expected a whole number from 1 to 4294967295, got 9999999999"), fails("/asn: expected a whole number from 1 to 4294967295, got 9999999999")},
	{"huge-id", "answers with an id of a million digits", inTime, says(`{"jsonrpc":"2.0","id":` + strings.Repeat("1", 1_000_000) + `,"result":{}}` + "\n"), breaks("MSG-3", `expected the id of the request in its answer, got … its id is "1111111111`), breaks("MSG-3", `expected the id of the request in its answer, got … its id is "1111111111`)},

	{"long-error", "answers an error of 1 MB", inTime, says(`{"jsonrpc":"2.0","id":%ID,"error":{"code":7,"message":"` + strings.Repeat("sorry ", 170_000) + `"}}` + "\n"), fails("sorry sorry … (cut) (code 7)"), fails("sorry sorry … (cut) (code 7)")},

	{"endless-stderr", "writes to stderr without end", deadline, endless(os.Stderr, "busy\n"), tooLate, hangs},
	{"endless-stderr-line", "writes a line to stderr without end", deadline, endless(os.Stderr, "x"), tooLate, hangs},
	{"much-stderr", "writes 10 MB to stderr, and answers", inTime, then(func(*plugin) { _, _ = os.Stderr.WriteString(strings.Repeat("busy\n", stderrSize/5)) }, answers), warns("more to stderr than the 1048576 that are shown"), warns("more to stderr than the 1048576 that are shown")},
	{"flood", "sends 10 MB of notifications, and answers", inTime, then(notify(floodSize), answers), warns("notifications more than are passed on"), warns("notifications more than are passed on")},
	{"notify-after", "answers, and goes on sending notifications", inTime, then(answers, notifyOn), warns("did not exit within 1s of its answer and was stopped"), warns("did not exit within 1s of the end of its stdin and was stopped")},
	{"endless-flood", "sends notifications without end", deadline, endless(os.Stdout, note), tooLate, hangs},

	{"close-stdout", "closes its stdout, and stays", inTime, then(closing(os.Stdout), stays), noAnswer, noAnswer},
	{"close-stdout-after", "answers, closes its stdout, and stays", inTime, then(answers, closing(os.Stdout), stays), warns("did not exit within 1s of its answer and was stopped"), warns("did not exit within 1s of the end of its stdin and was stopped")},
	{"close-stdin", "closes its stdin, and stays", deadline, then(closing(os.Stdin), stays), tooLate, hangs},
	{"close-stdin-unread", "closes its stdin before it has read a request of 10 MB, and stays", when{start: true, large: true, deadline: true}, then(closing(os.Stdin), stays), tooLate, fails("it does not read its stdin any more")},
	{"unread", "does not read a request of 10 MB, and stays", when{start: true, large: true, deadline: true}, stays, tooLate, hangs},
	{"fill-pipe", "writes 10 MB before it reads a request of 10 MB", when{start: true, large: true}, notify(floodSize), warns("notifications more than are passed on"), warns("notifications more than are passed on")},
	{"stay", "answers, and ignores the end of its stdin", inTime, then(answers, stays), warns("did not exit within 1s of its answer and was stopped"), warns("did not exit within 1s of the end of its stdin and was stopped")},
	{"stay-for-good", "answers, and ignores the end of its stdin and SIGTERM", inTime, then(ignoreSIGTERM, answers, stays), warns("did not exit within 1s of its answer and was stopped"), warns("did not exit within 1s of the end of its stdin and was stopped")},
	{"hang-for-good", "never answers, and ignores SIGTERM", deadline, then(ignoreSIGTERM, stays), tooLate, hangs},
	{"stop", "stops itself (SIGSTOP) before it answers", deadline, stopItself, tooLate, hangs},
	{"stop-after", "answers, and stops itself (SIGSTOP)", inTime, then(answers, stopItself), warns("did not exit within 1s of its answer and was stopped"), warns("did not exit within 1s of the end of its stdin and was stopped")},
	{"child", "leaves a child behind that holds nothing", inTime, then(fork(false), answers), result, result},
	{"child-stdout", "leaves a child behind that holds its stdout", inTime, then(fork(false, nil, os.Stdout), answers), warns(holding), warns(holding)},
	{"child-stderr", "crashes, and leaves a child behind that holds its stderr", inTime, then(fork(false, nil, nil, os.Stderr), exit(3)), fails(exited), fails(exited)},
	{"escape", "leaves a child behind in a session of its own (setsid)", inTime, then(fork(true), answers), outcome{note: orphaned}, outcome{note: orphaned}},
	{"escape-stdout", "leaves a child behind in a session of its own that holds its stdout", inTime, then(fork(true, nil, os.Stdout), answers), outcome{says: holding, note: orphaned}, outcome{says: holding, note: orphaned}},
	{"join-host", "moves into the host's process group, never answers, and ignores SIGTERM", deadline, then(joinHost, ignoreSIGTERM, stays), tooLate, hangs},

	{"ask-outside", "asks for a value that it may not read, and answers", inTime, ask("/peers"), noQuestions, result},
	{"ask-endlessly", "asks without end", deadline, askEndlessly(true), noQuestions, hangs},
	{"ask-unread", "asks without end, and reads no answer", when{large: true, deadline: true}, askEndlessly(false), noQuestions, hangs},
	{"late", "answers after the deadline", deadline, then(sleeps(timeout+500*time.Millisecond), answers), tooLate, tooLate},
	{"after-cancel", "answers when the host is interrupted", when{interrupt: true}, then(untilCancelled, answers), interrupted, interrupted},
	{"silent-after-cancel", "never answers, also when the host is interrupted", when{interrupt: true}, then(untilCancelled, ignoreSIGTERM, stays), interrupted, interrupted},
	{"replace", "is replaced on disk by a broken program during the call, and answers", inTime, then(replace, answers), result, result},
}
