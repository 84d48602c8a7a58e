package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/recording"
	"github.com/natesales/pathvector-plugin/internal/settings"
	"github.com/natesales/pathvector-plugin/protocol"
)

// The exit codes, as the README documents them.
const (
	exitOK          = 0
	exitHost        = 1
	exitUsage       = 2
	exitInvalid     = 3
	exitPlugin      = 4
	exitRefused     = 5
	exitNotFound    = 6
	exitChanges     = 10
	exitPathvector  = 20 // plus Pathvector's own code, which counts as 100 at most
	exitInterrupted = 130
)

// errWouldChange is no failure: it only carries the exit code of --check.
var errWouldChange = errors.New("the configuration would change")

// errReaderGone says that whoever read the result closed the pipe. A pipe to a
// plugin that breaks is another matter, and is told.
var errReaderGone = errors.New("nobody reads the result any more")

// errFound is no failure: it only carries the exit code of doctor.
var errFound = errors.New("something is wrong with the installation")

// notConforming is no failure: it only carries the exit code of test, whose
// report has said all.
type notConforming struct{ code int }

func (e *notConforming) Error() string { return "the plugin did not pass the test" }

// commandFailed carries the exit code that a plugin's command ended with. The
// command itself has said why.
type commandFailed struct{ code int }

func (e *commandFailed) Error() string {
	return "the command ended with exit code " + strconv.Itoa(e.code)
}

// usageError is a command line that makes no sense.
type usageError struct{ problem, advice string }

func (e *usageError) Error() string { return e.problem }
func (e *usageError) Hint() string  { return e.advice }

// strictError is a warning under --strict.
type strictError struct{ plugin, warning string }

func (e *strictError) Error() string      { return "plugin " + e.plugin + ": " + e.warning }
func (e *strictError) PluginName() string { return e.plugin }
func (e *strictError) Hint() string {
	return "mend the plugin, or leave --strict out, under which a warning is an error"
}

// hinted is an error of the host's own with advice.
type hinted struct {
	error
	advice string
}

func (e *hinted) Hint() string  { return e.advice }
func (e *hinted) Unwrap() error { return e.error }

// interruptedError is a context's end in words of the host's own.
type interruptedError struct {
	when  string
	cause error
}

func interrupted(ctx context.Context, when string) error {
	return &interruptedError{when: when, cause: ctx.Err()}
}

func (e *interruptedError) Error() string { return "interrupted " + e.when }
func (e *interruptedError) Unwrap() error { return e.cause }

// withEntry completes the advice for a refused change where the settings have no
// entry of the plugin yet.
func withEntry(err error, s *settings.Settings) error {
	var refused *config.RefusedError
	name := pluginOf(err)
	if !errors.As(err, &refused) || len(refused.Settings) == 0 || s.Has(name) {
		return err
	}
	file := s.File
	if file == "" {
		file = "pathvector-plugin/settings.yml in ~/.config"
	}
	return &hinted{err, hintOf(err) + fmt.Sprintf("; it has none yet: write '- name: %s' with that below it under plugins: in %s, where all plugins that are to run must be listed", name, file)}
}

// exitCode maps an error to the exit code; the first match counts.
func exitCode(err error) int {
	var pathvector *pathvectorError
	var command *commandFailed
	var checked *checkError
	var tested *notConforming
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.Is(err, errWouldChange):
		return exitChanges
	case errors.As(err, &pathvector):
		return exitPathvector + min(pathvector.code, 100)
	case errors.As(err, &command):
		return command.code
	case errors.As(err, &tested):
		return tested.code
	case as[*usageError](err), as[*host.UnknownCommandError](err):
		return exitUsage
	case as[*discovery.NotFoundError](err), as[*brokenPlugin](err):
		return exitNotFound
	case errors.As(err, &checked) && checked.invalid():
		return exitInvalid
	case as[*config.RefusedError](err), as[*overlapError](err), as[*checkError](err):
		return exitRefused
	case as[*settings.Error](err), as[*recording.Error](err), as[*config.Error](err), as[*host.OptionsError](err), as[*host.ModeError](err), errors.Is(err, &protocol.Error{Code: protocol.CodeInvalidOptions}):
		return exitInvalid
	case as[*host.PluginError](err), as[*strictError](err), errors.Is(err, errDiffers):
		return exitPlugin
	}
	return exitHost
}

func as[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// hintOf returns the advice of the outermost error that has some.
func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// pluginOf returns the name of the plugin that err is about, "" for none.
func pluginOf(err error) string {
	var named interface{ PluginName() string }
	var notFound *discovery.NotFoundError
	switch {
	case errors.As(err, &named):
		return named.PluginName()
	case errors.As(err, &notFound):
		return notFound.Name
	}
	return ""
}

// ruleOf returns the id of the protocol's rule that a plugin broke, or by which
// its result was refused; "" where it was neither.
func ruleOf(err error) string {
	var refused *config.RefusedError
	if errors.As(err, &refused) {
		return refused.Rule
	}
	var broken *protocol.Violation
	if errors.As(err, &broken) && !as[*host.ExitError](err) { // a crash breaks no rule
		return broken.Rule
	}
	return ""
}

func quote(s string) string { return strconv.Quote(s) }
