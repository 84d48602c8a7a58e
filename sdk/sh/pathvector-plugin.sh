# shellcheck shell=sh
# Plugins of pathvector-plugin in POSIX shell, for dash, bash and busybox. It
# needs jq 1.5 or newer. A whole plugin, in an executable file named
# pathvector-plugin-limits with this file beside it:
#
#   #!/bin/sh
#   . "$(dirname "$(readlink -f "$0")")/pathvector-plugin.sh"
#
#   pv_declare '{
#     "name": "limits", "version": "1.0.0",
#     "reads": ["/peers/*/import-limit4"], "writes": ["/peers/*/import-limit4"],
#     "options": {"type": "object", "properties": {"limit": {"type": "integer", "default": 1000}}}
#   }'
#
#   modify() {
#     pv_merge '{peers: ((.peers // {}) | map_values({"import-limit4": (.["import-limit4"] // $options.limit)}))}'
#   }
#
#   pv_main "$@"
#
# The functions modify and check answer these methods, command_NAME the command
# NAME. What they print goes to stderr, where the host shows it to people; what a
# command prints is its output, and its status the exit code. They run under
# set -e, each call in a subshell: a command that fails, fails the call, and one
# that is left running in the background holds the answer back. With
# "mode": "kept-running" in the declaration the host keeps one process for many
# calls; they are answered one after the other, and what a variable was set to in
# one is not seen in the next.
#
# A FILTER is jq's. Its input is the view; $options, $context, $params, $changes
# (of check) and pointer, which makes a JSON Pointer of an array of keys, are
# there. Options of jq may follow it, as in: pv_get '.peers[$n].asn' --arg n "$name"
#
#   pv_declare JSON                     the describe result; protocols and methods are added
#   pv_get FILTER                       prints what the filter yields; strings without quotes
#   pv_option NAME                      prints an option, or its default in the schema
#   pv_config_get POINTER               prints a value as JSON; status 1 where there is none. The
#                                       host is asked for it when it keeps the plugin running
#   pv_merge, pv_patch, pv_config FILTER  answer modify with what the filter makes: a JSON Merge
#                                       Patch (several add up), an array of RFC 6902 operations
#                                       (several follow each other), or the whole view, changed
#   pv_message LEVEL TEXT [POINTER]     a message beside the answer: error, warning, info, debug
#   pv_findings FILTER                  findings of check: {severity, pointer, message, code?, proposed?}
#   pv_log LEVEL TEXT [FIELDS]          tells people of the work at once; fields are a JSON object
#   pv_progress DONE [TOTAL] [TEXT]     tells how far it is
#   pv_output STREAM TEXT               sends a command's output at once: stdout or stderr
#   pv_fail CODE TEXT [DATA]            ends the call with an error; own codes are 1 to 2147483647
#   pv_invalid POINTER TEXT             the same, for an option
#   pv_unavailable TEXT [SECONDS]       the same, for what may work later
#
# Rules of the protocol (spec/protocol.md of the project) are named where they
# are followed. jq 1.6 reads messages of up to 256 levels, and keeps integers up
# to 2^53 exactly. The host's cancel is heard in pv_config_get only.

# Nothing but messages gets to stdout, and nobody but the loop reads stdin.
exec 3>&1 1>&2 4<&0 </dev/null
pv_nl='
' pv_declaration='' pv_method='' pv_line='' pv_id='' pv_defaults='{}' pv_pending='' pv_kept=''

pv_declare() { pv_declaration=$1; }

# A line as the host wrote it becomes lines for the shell: what to do, the id, and
# an answer or the method, the defaults of the options and a command's arguments.
# shellcheck disable=SC2016 # the dollar signs are jq's
pv_intake='
def odd: endswith("\\") and (.[:-1] | odd | not);

# The id byte for byte (MSG-3), which jq would write in another way. The line is
# cut at its quotes; what is not inside of a string is structure.
def id_text: split("\"") as $pieces | label $found
  | foreach $pieces[] as $p ({depth: 0, inside: false, wanted: false, raw: ""};
      if .inside then
        .raw += $p
        | if $p | odd then .raw += "\"" else .inside = false | if .wanted then .found = "\"\(.raw)\"" else . end end
      else
        ($p | split(" ") | join("") | split("\t") | join("") | split("\r") | join("")) as $s
        | if .depth == 1 and ($s | startswith(":")) and ("\"\(.raw)\"" | fromjson) == "id" then
            if $s == ":" then .wanted = true else .found = ($s[1:] | split(",")[0] | split("}")[0]) end
          else . end
        | .depth += (($s | split("{") | length) + ($s | split("[") | length) - ($s | split("}") | length) - ($s | split("]") | length))
        | .inside = true | .raw = ""
      end;
      select(.found) | .found, break $found);

def failure($code; $message): {error: {code: $code, message: $message}};
def answer($id; $body): "answer", $id, ($body | tojson);
def strings: type == "array" and all(.[]; type == "string");
def listed: if . == [] then "none" else map(tojson) | join(", ") end;

def version: if .params | type == "object" and has("protocol") then "is in version \(.params.protocol | tojson)" else "names none" end;

def call($id; $declared):
  (if $method == "" then .method else $method end) as $name
  | (["describe"] + ($functions | split(" ")) + (if $declared.commands then ["command"] else [] end)) as $methods
  | version as $asked
  | .params as $p
  | if ($p | type) != "object" or $p.protocol != 1 then
      answer($id; failure(-32001; "this plugin speaks version 1 of the protocol, the request \($asked)") | .error.data = {supported: [1]})
    elif ($declared | type) != "object" then
      answer($id; failure(-32603; "pv_declare: expected a JSON object, got \($declaration[:100] | tojson)"))
    elif $methods | index($name) == null then
      answer($id; failure(-32601; "expected one of the methods \($methods | join(", ")), got \($name | tojson)"))
    elif $name == "describe" then answer($id; {result: ({protocols: [1]} + $declared + {methods: $methods})})
    elif $p.config | type != "object" then answer($id; failure(-32602; "params.config must be an object"))
    elif $p.options | type != "object" and . != null then answer($id; failure(-32602; "params.options must be an object"))
    elif $name == "command" and ($p.arguments | strings | not) then answer($id; failure(-32602; "params.arguments must be a list of strings"))
    elif $name == "command" and ([$declared.commands[].name] | index($p.name) == null) then
      answer($id; failure(-32602; "expected one of the commands \([$declared.commands[].name] | listed), got \($p.name | tojson)"))
    else
      "call", $id, $name,
      (($declared.options.properties // {}) | with_entries(select(.value | type == "object" and has("default")) | .value |= .default) | tojson),
      (if $name == "command" then "command_" + ($p.name | split("-") | join("_")) + " " + ($p.arguments | @sh) else "" end)
    end;

. as $line
| (if . == "" then [] else try [fromjson] catch [] end) as $parsed
| $parsed[0] as $r
| if $parsed == [] then answer("null"; failure(-32700; "expected a JSON-RPC request on one line, got \($line[:100] | tojson)"))
  elif ($r | type) != "object" or $r.jsonrpc != "2.0" then
    answer("null"; failure(-32600; "a request must be an object with \"jsonrpc\":\"2.0\", got \($line[:100] | tojson)"))
  elif ($r | has("id") and (has("result") or has("error")) and (has("method") | not)) or ($r | (has("id") | not) and (.method | type) == "string") then
    "ignore"
  elif $r.id | type != "string" and type != "number" then answer("null"; failure(-32600; "an id must be a string or a number"))
  elif $r.method | type != "string" then answer($line | id_text; failure(-32600; "a method must be a string"))
  else ($line | id_text) as $id | $r | call($id; $declaration | try fromjson catch null) end
'

# What a handler recorded, to the answer without its id.
# shellcheck disable=SC2016
pv_outcome='
def failure($message): {error: {code: -32603, message: $message}};

. as $all
| [$all[] | .messages | values] as $messages
| [$all[] | .status | values] as $status
| [$all[] | del(.messages, .status, .trouble, .error, .finding, .output) | select(. != {})] as $forms
| ([$forms[] | keys[]] | unique) as $names
| if any($all[]; .error) then {error: ([$all[] | .error | values][0])}
  elif $status == [] then failure("the plugin was stopped while it worked")
  elif $method == "command" then {result: ({exitCode: $status[0]} + ([$all[] | .output | values | select(. != "") | {output: .}] | add // {}))}
  elif $status[0] != 0 then
    failure(([$all[] | .trouble | values] | .[-1]) // "the function \($method) ended with status \($status[0]); what it wrote to stderr says why")
  elif $method == "check" then {result: {findings: [$all[] | .finding | values]}}
  elif $names | length > 1 then failure("expected one form of an answer, got \($names | join(" and "))")
  else
    {result: (
      (if $names == ["patch"] then {patch: ([$forms[].patch] | add)}
       elif $names == ["config"] then $forms[-1]
       else {merge: (reduce $forms[].merge as $m ({}; . * $m))} end)
      + if $messages == [] then {} else {messages: $messages} end)}
  end
'

# pv_next: the next line, from those that came while the host was asked, or from stdin.
pv_next() {
	if [ -n "$pv_pending" ]; then
		pv_line=${pv_pending%%"$pv_nl"*}
		pv_pending=${pv_pending#*"$pv_nl"}
	else
		IFS= read -r pv_line <&4
	fi
}

# pv_answer BODY: answers the request; the body is an object without its brace.
pv_answer() { printf '{"jsonrpc":"2.0","id":%s,%s\n' "$pv_id" "${1#?}" >&3; }

pv_handle() {
	if ! command -v jq >/dev/null 2>&1; then
		pv_without_jq
		return
	fi
	pv_digest=$(printf '%s\n' "$pv_line" | jq -Rr --arg declaration "$pv_declaration" \
		--arg functions "$pv_functions" --arg method "$pv_method" "$pv_intake") || pv_digest="answer${pv_nl}null$pv_nl"'{"error":{"code":-32603,"message":"jq failed; what it wrote to stderr says why"}}'
	[ "$pv_digest" != ignore ] || return 0
	pv_verdict=${pv_digest%%"$pv_nl"*} pv_digest=${pv_digest#*"$pv_nl"}
	pv_id=${pv_digest%%"$pv_nl"*} pv_digest=${pv_digest#*"$pv_nl"}
	if [ "$pv_verdict" = answer ]; then
		pv_answer "$pv_digest"
		return
	fi
	pv_called=${pv_digest%%"$pv_nl"*} pv_digest=${pv_digest#*"$pv_nl"}
	pv_defaults=${pv_digest%%"$pv_nl"*}
	pv_run "$pv_called" "${pv_digest#*"$pv_nl"}"
}

# pv_run METHOD WORDS: calls the function; what it records on descriptor 5 becomes
# the answer, or waits to be handled.
pv_run() {
	if [ "$1" = command ]; then
		pv_records=$({ pv_call "$2" | jq -Rsc '{output: .}' >&5; } 5>&1)
	else
		pv_records=$({ pv_call "$1" >&2; } 5>&1)
	fi
	case $pv_nl$pv_records in *"${pv_nl}queued "*) pv_requeue ;; esac
	pv_body=$(printf '%s\n' "$pv_records" | jq -sc --arg method "$1" "$pv_outcome") ||
		pv_body='{"error":{"code":-32603,"message":"jq failed on what the plugin answered; what it wrote to stderr says why"}}'
	pv_answer "$pv_body"
}

pv_call() {
	(
		set -e
		eval "$1"
	)
	printf '{"status":%d}\n' "$?" >&5
}

# pv_requeue: takes the lines that came while the host was asked out of the records.
pv_requeue() {
	pv_left=$pv_records$pv_nl pv_records=''
	while [ -n "$pv_left" ]; do
		case $pv_left in
		'queued '*) pv_first=${pv_left#queued } pv_pending=$pv_pending${pv_first%%"$pv_nl"*}$pv_nl ;;
		*) pv_records=$pv_records${pv_left%%"$pv_nl"*}$pv_nl ;;
		esac
		pv_left=${pv_left#*"$pv_nl"}
	done
}

# pv_without_jq: an error that says what to do. The host writes the keys of a
# request in a fixed order (MSG-2), so that the id is found all the same; with the
# method as argument it is 1 (INV-3).
pv_without_jq() {
	pv_id=null
	case $pv_line in
	'{"jsonrpc":"2.0","id":'*',"method":"'*)
		pv_id=${pv_line#'{"jsonrpc":"2.0","id":'} pv_id=${pv_id%%',"method":"'*}
		;;
	'{"jsonrpc":"2.0","method":'*) return ;;
	esac
	[ -z "$pv_method" ] || pv_id=1
	pv_answer '{"error":{"code":-32603,"message":"jq is not on PATH, and this plugin needs it: install the package jq, or add its directory to PATH"}}'
}

# pv_jq FILTER [OPTION...]: runs jq on the request. What it says when it fails is
# shown, and stands in the answer unless the handler goes on without it.
# shellcheck disable=SC2016
pv_jq() {
	pv_filter='def pointer: map(tostring | split("~") | join("~0") | split("/") | join("~1") | "/" + .) | add // "";
.params as $params | ($defaults + ($params.options // {})) as $options
| $params.context as $context | ($params.changes // []) as $changes | $params.config | '$1
	shift
	{ pv_said=$(printf '%s\n' "$pv_line" | jq --argjson defaults "$pv_defaults" "$@" "$pv_filter" 2>&1 >&7) && pv_status=0 || pv_status=$?; } 7>&1
	[ -z "$pv_said" ] || printf '%s\n' "$pv_said" >&2
	[ "$pv_status" = 0 ] || printf '{"trouble":%s}\n' "$(pv_quote "$pv_said")" >&5
	return "$pv_status"
}

# pv_quote TEXT: the text as a JSON string.
pv_quote() { printf %s "$1" | jq -Rs .; }

pv_get() {
	pv_filter=$1
	shift
	pv_jq "$pv_filter" -r "$@"
}

# shellcheck disable=SC2016
pv_option() { pv_jq '$options[$name] | if . == null then empty else . end' -r --arg name "$1"; }

pv_merge() { pv_form merge object "$@"; }
pv_patch() { pv_form patch array "$@"; }
pv_config() { pv_form config object "$@"; }

# pv_form FORM TYPE FILTER [OPTION...]
pv_form() {
	pv_filter="[($3
)] | if length == 1 and (.[0] | type) == \"$2\" then {$1: .[0]}
  else error(\"pv_$1: expected one $2, got \" + (map(type) | join(\", \") | if . == \"\" then \"nothing\" else . end)) end"
	shift 3
	pv_jq "$pv_filter" -c "$@" >&5
}

pv_findings() {
	pv_filter="($1
) | {finding: .}"
	shift
	pv_jq "$pv_filter" -c "$@" >&5
}

# pv_level LEVEL: refuses what is none (MOD-7, NTF-2).
pv_level() {
	case $1 in debug | info | warning | error) ;; *)
		pv_fail -32603 "expected the level debug, info, warning or error, got \"$1\""
		;;
	esac
}

# shellcheck disable=SC2016
pv_message() {
	pv_level "$1"
	printf %s "$2" | jq -Rsc --arg level "$1" --arg pointer "${3-}" \
		'{messages: ({level: $level, message: .} + if $pointer == "" then {} else {pointer: $pointer} end)}' >&5
}

# pv_notify METHOD PARAMS: sends a notification that belongs to this call, unless
# jq could not make the params and has said why.
pv_notify() {
	[ -n "$2" ] || return
	printf '{"jsonrpc":"2.0","method":"%s","params":{"request":%s,%s\n' "$1" "$pv_id" "${2#?}}" >&3
}

# shellcheck disable=SC2016
pv_log() {
	pv_level "$1"
	pv_notify log "$(printf %s "$2" | jq -Rsc --arg level "$1" --argjson fields "${3:-null}" \
		'{level: $level, message: .} + if $fields == null then {}
			elif $fields | type == "object" then {fields: $fields}
			else error("pv_log: expected an object of fields, got \($fields | tojson)") end')"
}

# shellcheck disable=SC2016
pv_progress() {
	pv_notify progress "$(printf %s "${3-}" | jq -Rsc --argjson "done" "$1" --argjson total "${2:-0}" \
		'if [$done, $total] | all(type == "number" and . >= 0) then
			(if . == "" then {} else {message: .} end) + {done: $done} + if $total > 0 then {total: $total} else {} end
		else error("pv_progress: expected two numbers, not negative, got \($done) and \($total)") end')"
}

# shellcheck disable=SC2016
pv_output() {
	pv_notify output "$(printf %s "$2" | jq -Rsc --arg stream "$1" 'if $stream == "stdout" or $stream == "stderr" then {stream: $stream, text: .}
		else error("pv_output: expected stdout or stderr, got \($stream | tojson)") end')"
}

# shellcheck disable=SC2016
pv_fail() {
	printf %s "$2" | jq -Rsc --arg code "$1" --arg data "${3-}" '
		($code | tonumber? // 0) as $n
		| {error: ({
			code: (if ($n == ($n | floor) and $n >= 1 and $n <= 2147483647) or ([-32700, -32600, -32601, -32602, -32603, -32001, -32002, -32003, -32800] | index($n)) then $n else -32603 end),
			message: (if . == "" then "the plugin gave no reason" else . end)
		} + if $data == "" then {} else {data: ($data | try fromjson catch $data)} end)}' >&5
	exit 1
}

pv_invalid() { pv_fail -32002 "$2" "{\"pointer\":$(pv_quote "$1")}"; }

pv_unavailable() {
	case ${2-} in
	'' | *[!0-9]*) pv_fail -32003 "$1" ;;
	*) pv_fail -32003 "$1" "{\"retryAfter\":$2}" ;;
	esac
}

# shellcheck disable=SC2016
pv_config_get() {
	if [ -n "$pv_kept" ]; then
		pv_found=$(pv_ask "$1")
	else # the view is all there is (MSG-12)
		pv_found=$(pv_jq 'reduce ($pointer | split("/")[1:][] | split("~1") | join("/") | split("~0") | join("~")) as $key ({found: true, value: .};
			(if (.value | type) == "array" then ($key | tonumber? // -1) else $key end) as $at
			| if .found and (.value | (type == "object" or type == "array") and has($at)) then .value |= .[$at] else {found: false} end)' -c --arg pointer "$1")
	fi
	printf '%s\n' "$pv_found" | jq -ce 'if .found then [.value] else null end' >/dev/null || return
	printf '%s\n' "$pv_found" | jq -c .value
}

# pv_ask POINTER: asks the host (ASK-2) and prints its result. What else comes
# meanwhile is recorded, to be handled after this call.
# shellcheck disable=SC2016
pv_ask() {
	printf '{"jsonrpc":"2.0","id":"a1","method":"config.get","params":{"request":%s,"pointer":%s}}\n' "$pv_id" "$(pv_quote "$1")" >&3
	while IFS= read -r pv_read <&4; do
		pv_reply=$(printf '%s\n' "$pv_read" | jq -Rc --argjson of "$pv_id" '(try fromjson catch null)
			| if type != "object" then "other"
			  elif .id == "a1" and (has("method") | not) then if .error then {error} else {result} end
			  elif .method == "cancel" and .params.id == $of then {error: {code: -32800, message: "the host cancelled the call"}}
			  else "other" end')
		case $pv_reply in
		'{"result":'*)
			pv_reply=${pv_reply#'{"result":'}
			printf '%s\n' "${pv_reply%\}}"
			return
			;;
		'{"error":'*)
			printf '%s\n' "$pv_reply" >&5
			exit 1
			;;
		*) printf 'queued %s\n' "$pv_read" >&5 ;;
		esac
	done
	pv_fail -32603 'the host closed stdin, and did not answer config.get'
}

# pv_people OPTION: for a person at a terminal.
# shellcheck disable=SC2016
pv_people() {
	printf '%s\n' "$pv_declaration" | jq -r --arg option "$1" 'if $option == "--version" then "pathvector-plugin-\(.name) \(.version)" else
"pathvector-plugin-\(.name) \(.version), a plugin of pathvector-plugin
\(.description // "")
Try it: echo \u0027{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"describe\",\"params\":{\"protocol\":1}}\u0027 | pathvector-plugin-\(.name) describe" end' >&3
}

# pv_main [METHOD]: the plugin. With a method it answers one request, else all that
# come until stdin ends.
pv_main() {
	set +e
	pv_functions=''
	for pv_each in modify check; do
		[ "$(command -v "$pv_each")" != "$pv_each" ] || pv_functions="$pv_functions${pv_functions:+ }$pv_each"
	done
	case ${1-} in
	-h | --help | --version) pv_people "$1" ;;
	'' | serve)
		pv_kept=1
		while pv_next; do
			pv_handle
		done
		;;
	*)
		pv_method=$1
		[ -t 4 ] || pv_line=$(head -n 1 <&4) # faster than read, which takes byte by byte
		[ -n "$pv_line" ] || [ "$1" != describe ] || pv_line='{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}'
		pv_handle
		;;
	esac
	exit 0
}
