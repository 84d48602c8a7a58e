package conform

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
)

//go:embed testdata/good.pl
var good string

// broken are plugins that break one rule each: what they do otherwise than
// testdata/good.pl.
var broken = []struct{ rule, name, change string }{
	{"NAM-1", "Bad_Name", ``},
	{"NAM-2", "other-name", `$about{name} = '"other"';`},
	{"FRM-2", "carriage-return", `$read = sub { exit 3 if $_[0] =~ /\r/; $_[0] };`},
	{"FRM-3", "latin-1", `$about{description} = "\"caf\xe9\"";`},
	{"FRM-3", "half-pair", `$about{description} = '"\ud800"';`},
	{"FRM-4", "nul", `$about{description} = '"\u0000"';`},
	{"FRM-5", "key-twice", `$about{description} = '"a","description":"b"';`},
	{"FRM-6", "too-deep", `$about{x} = '[' x 1000 . ']' x 1000;`},
	{"FRM-7", "too-long", `$about{description} = '"' . 'a' x 5_000_000 . '"';`},
	{"FRM-8", "no-newline", `$answer = sub { my ($id, $is) = @_; print qq({"jsonrpc":"2.0","id":$id,$is}) };`},
	{"FRM-9", "debug-print", `$before = sub { print "got a request\n" };`},
	{"FRM-9", "empty-line", `print "\n";`},
	{"FRM-9", "batch", `$answer = sub { my ($id, $is) = @_; line(qq([{"jsonrpc":"2.0","id":$id,$is}])) };`},
	{"FRM-9", "no-jsonrpc", `$answer = sub { my ($id, $is) = @_; line(qq({"id":$id,$is})) };`},
	{"FRM-9", "pretty", `$answer = sub { my ($id, $is) = @_; line(qq({\n"jsonrpc":"2.0","id":$id,$is})) };`},
	{"FRM-9", "print-in-serve", `print "ready\n" if $serving;`},
	{"MSG-3", "other-id", `$answer = sub { my ($id, $is) = @_; line(qq({"jsonrpc":"2.0","id":"x",$is})) };`},
	{"MSG-3", "id-respelt", `my $right = $answer; $answer = sub { my ($id, $is) = @_; $id = $id + 0 if $id =~ /^[\d.eE+-]+$/; $right->($id, $is) };`},
	{"MSG-4", "two-answers", `my $right = $answer; $answer = sub { $right->(@_); $right->(@_) };`},
	{"MSG-5", "neither", `$answer = sub { my ($id) = @_; line(qq({"jsonrpc":"2.0","id":$id})) };`},
	{"MSG-6", "both", `my $right = $answer; $answer = sub { my ($id, $is) = @_; $right->($id, qq($is,"error":{"code":1,"message":"no"})) };`},
	{"MSG-7", "silent", `$answer = sub { };`},
	{"MSG-7", "short-buffer", `$before = sub { exit 0 if length($_[2]) > 65536 };`},
	{"MSG-7", "cancelled-in-silence", `my $right = $answer; $ignored = sub { exit 0 if $_[0] =~ /"id":1\}/ && $_[0] =~ /cancel/ && !our $described }; $before = sub { $described = 1 if $_[1] eq 'describe' }; $ask = sub { };`},
	{"MSG-9", "strict-fields", `$before = sub { exit 1 if $_[1] eq 'describe' && $_[2] =~ /"x-unknown"/ };`},
	{"MSG-9", "strict-modify", `$before = sub { exit 1 if $_[1] eq 'modify' && $_[2] =~ /"x-later"/ };`},
	{"MSG-10", "crash-on-garbage", `$garbage = sub { exit 1 };`},
	{"MSG-10", "garbage-ignored-in-serve", `my $right = $garbage; $garbage = sub { $right->() unless $serving };`},
	{"MSG-10", "null-id", `my $right = $answer; $unknown = sub { failure('null', -32601, 'no such method') };`},
	{"MSG-12", "asks-one-shot", `my $right = $ask; $note = sub { line('{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":1,"pointer":""}}') unless $serving };`},
	{"MSG-13", "says-goodbye", `my $right = $answer; $answer = sub { $right->(@_); $note->(1) unless $serving };`},
	{"VER-2", "any-version", `$version = sub { 1 };`},
	{"VER-2", "version-last", `my $right = $version; $version = sub { $_[0] =~ /^,"params":\{"protocol":2,"options"/ || $right->(@_) };`},
	{"VER-3", "other-protocols", `$about{protocols} = '[2]';`},
	{"VER-5", "requires", `$about{requires} = '["teleport"]';`},
	{"INV-2", "modify-missing", `delete $result{modify};`},
	{"INV-5", "method-as-describe", `$unknown = sub { $answer->($_[0], '"result":{}') };`},
	{"INV-14", "no-serve", `exit 2 if @ARGV && $ARGV[0] eq 'serve';`},
	{"INV-14", "no-argument", `exit 2 if !@ARGV;`},
	{"INV-14", "one-answer", `my $right = $answer; $answer = sub { $right->(@_); exit 0 if $serving };`},
	{"INV-14", "stays", `$end = sub { sleep 60 };`},
	{"INV-16", "integers-only", `$before = sub { exit 3 if $_[0] =~ /^"/ };`},
	{"INV-16", "no-notifications", `$ignored = sub { exit 3 if $_[0] !~ /cancel/ };`},
	{"DSC-1", "describe-fails", `$version = sub { 1 }; $before = sub { if ($_[1] eq 'describe') { failure($_[0], 5, 'no'); exit 0 } };`},
	{"DSC-2", "no-version", `delete $about{version};`},
	{"DSC-2", "methods-text", `$about{methods} = '"modify"';`},
	{"DSC-3", "version-changes", `$about{version} = qq("$$");`},
	{"OPT-2", "schema-list", `$about{options} = '[]';`},
	{"OPT-2", "schema-wrong", `$about{options} = '{"type":"text"}';`},
	{"OPT-2", "schema-remote", `$about{options} = '{"$ref":"https://example.net/options.json"}';`},
	{"OPT-2", "default-refused-by-schema", `$about{options} = '{"properties":{"hostname":{"type":"string","default":7}}}';`},
	{"OPT-2", "default-refused-by-plugin", `$before = sub { if ($_[1] eq 'modify' && $_[2] =~ /"config":/ && $_[2] =~ /"options":\{"hostname"/) { failure($_[0], -32002, 'a short name, please', ',"data":{"pointer":"/hostname"}'); exit 0 } };`},
	{"MOD-2", "no-form", `$result{modify} = '{}';`},
	{"MOD-2", "two-forms", `$result{modify} = '{"merge":{},"patch":[]}';`},
	{"MOD-3", "merge-null", `$result{modify} = '{"merge":null}';`},
	{"MOD-4", "patch-misses", `$result{modify} = '{"patch":[{"op":"replace","path":"/hostnam","value":"a"}]}';`},
	{"MOD-5", "config-list", `$result{modify} = '{"config":[]}';`},
	{"MOD-7", "loud-message", `$result{modify} = '{"merge":{},"messages":[{"level":"loud","message":"hear"}]}';`},
	{"MOD-7", "message-pointer", `$result{modify} = '{"merge":{},"messages":[{"level":"info","message":"hear","pointer":"hostname"}]}';`},
	{"CMD-1", "command-not-in-methods", `$about{methods} = '["describe","modify"]';`},
	{"CMD-1", "command-name", `$about{commands} = '[{"name":"Show It"}]';`},
	{"CMD-5", "exit-code", `$result{command} = '{"exitCode":256}';`},
	{"CMD-8", "output-stream", `$before = sub { line(qq({"jsonrpc":"2.0","method":"output","params":{"request":$_[0],"stream":"log","text":"a"}})) if $_[1] eq 'command' };`},
	{"CHK-3", "finding-form", `$result{check} = '{"findings":[{"severity":"bad","pointer":"","message":"a"}]}';`},
	{"TYP-6", "hostname-number", `$result{modify} = '{"merge":{"hostname":7}}';`},
	{"SCP-1", "pattern", `$about{reads} = '["peers/*"]';`},
	{"SCP-8", "writes-elsewhere", `$result{modify} = '{"merge":{"asn":65001}}';`},
	{"SCP-9", "drops-hidden", `$about{writes} = '["/peers"]'; $result{modify} = '{"merge":{"peers":null}}';`},
	{"SCP-10", "writes-password", `$about{writes} = '["/peers/*"]'; $result{modify} = '{"merge":{"peers":{"Core":{"password":"a"}}}}';`},
	{"SCP-11", "writes-guarded", `$about{writes} = '[""]'; $result{modify} = '{"merge":{"rtr-server":"192.0.2.9:8282"}}';`},
	{"NTF-2", "log-level", `$note = sub { line(qq({"jsonrpc":"2.0","method":"log","params":{"request":$_[0],"level":"loud","message":"a"}})) };`},
	{"NTF-3", "progress", `$note = sub { line(qq({"jsonrpc":"2.0","method":"progress","params":{"request":$_[0],"done":-1}})) };`},
	{"NTF-4", "log-of-no-call", `$note = sub { line('{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"a"}}') };`},
	{"NTF-4", "log-of-other-call", `$note = sub { line('{"jsonrpc":"2.0","method":"log","params":{"request":77,"level":"info","message":"a"}}') };`},
	{"ASK-1", "integer-question", `$ask = sub { line(qq({"jsonrpc":"2.0","id":9,"method":"config.get","params":{"request":$_[0],"pointer":""}})) };`},
	{"ASK-1", "question-of-no-call", `my $right = $answer; $answer = sub { $right->(@_); line('{"jsonrpc":"2.0","id":"z","method":"config.get","params":{"request":1,"pointer":""}}') if $serving };`},
	{"ASK-2", "no-pointer", `$ask = sub { line(qq({"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":$_[0]}})) };`},
	{"ERR-1", "error-text", `$unknown = sub { $answer->($_[0], '"error":"no such method"') };`},
	{"ERR-2", "error-code", `delete $result{modify}; $unknown = sub { failure($_[0], -7, 'no such method') };`},
	{"ERR-3", "no-supported", `$supported = '';`},
}

// written saves a plugin as an executable and returns the step that runs it.
func written(t *testing.T, name, change string) host.Step {
	t.Helper()
	if _, err := exec.LookPath("perl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("perl is missing")
		}
		t.Skip("perl is missing")
	}
	path := filepath.Join(t.TempDir(), discovery.Prefix+name)
	text := strings.Replace(good, "# BREAK", change, 1)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o755))
	return host.Step{Plugin: discovery.Plugin{Name: name, Path: path}}
}

func tested(t *testing.T, step host.Step, patience time.Duration) *Report {
	t.Helper()
	r, err := Run(t.Context(), Options{
		Step: step, Runner: &host.Runner{Limit: 4 << 20}, Commands: []string{"status"}, Patience: patience,
	})
	require.NoError(t, err)
	return r
}

func TestGoodPluginPasses(t *testing.T) {
	r := tested(t, written(t, "good", ""), 0)
	for _, c := range r.Checks {
		if c.Name != "largest-request" && c.Name != "describe-without-argument" {
			assert.Equal(t, Passed, c.Status, "%s: %s %+v", c.Name, c.Reason, c.Findings)
		}
	}
	assert.Greater(t, len(r.Checks), 30)
	assert.Positive(t, r.FirstAnswerUs)
}

func TestBrokenPluginsAreToldTheRule(t *testing.T) {
	for _, b := range broken {
		t.Run(b.rule+" "+b.name, func(t *testing.T) {
			t.Parallel()
			patience := time.Duration(0)
			if b.name == "stays" {
				patience = time.Second
			}
			r := tested(t, written(t, b.name, b.change), patience)
			assert.Equal(t, []string{b.rule}, r.Broken(must), "%+v", r.Checks)
			for _, c := range r.Checks {
				for _, f := range c.Findings {
					assert.Contains(t, append(c.Rules, strings.Fields(exchangeRules)...), f.Rule, c.Name)
					assert.NotEmpty(t, f.Hint, c.Name)
				}
			}
		})
	}
}
