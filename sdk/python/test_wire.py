"""Lines in, lines out: what is answered to what, with the rules of the protocol."""

import json
import unittest
from decimal import Decimal
from typing import Any, Callable, Dict, List, Optional

from pathvector_plugin import (
    Call, Change, CheckCall, CommandCall, Error, Finding, InvalidOptions, Json, Patch, Plugin, Unavailable, pointer,
)
from support import DESCRIBE, ask, error, request, result, run

plugin = Plugin("wire", version="1.0.0", reads=[], writes=["/hostname"], options={"type": "object"})
doings: Dict[str, Callable[[Call[Json, Json]], Any]] = {}


@plugin.modify
def modify(call: Call[Json, Json]) -> Any:
    return doings[call.options["do"]](call) if "do" in call.options else None


@plugin.check
def check(call: CheckCall[Json, Json]) -> Any:
    if call.options:
        return [Finding(*call.options["finding"])]
    return (Finding("warning", c.pointer, f"{c.op} by {c.plugin}: {c.before} {c.after}", "c", [1]) for c in call.changes)


@plugin.command("status", usage="PEER...", description="What is", flags=[{"name": "json", "type": "boolean"}])
def status(call: CommandCall[Json, Json]) -> Optional[int]:
    print("a", *call.arguments, file=call.stdout)
    call.stderr.write("b\0\ud800")
    if "exit" in call.options:
        raise SystemExit(call.options["exit"])
    return call.options.get("code")


def do(function: Callable[[Call[Json, Json]], Any], config: str = "{}") -> str:
    """The answer when the handler does what the function does."""
    doings["it"] = function
    return ask(plugin, request(config, '{"do":"it"}'))


def _set_deepest(view: Any, value: int) -> None:
    while isinstance(view["a"], dict):
        view = view["a"]
    view["a"] = value


def fail(e: BaseException) -> Any:
    raise e


class Requests(unittest.TestCase):
    def test_describe(self) -> None:  # DSC-1, FRM-2, MSG-9
        want = {
            "name": "wire", "version": "1.0.0", "protocols": [1], "methods": ["describe", "check", "command", "modify"],
            "commands": [{"name": "status", "usage": "PEER...", "description": "What is",
                          "flags": [{"name": "json", "type": "boolean"}]}],
            "reads": [], "writes": ["/hostname"], "options": {"type": "object"},
        }
        odd = ' { "params" : {"x":[],"protocol" : 1}, "method":"describe", "id":1, "y":{}, "jsonrpc":"2.0" } '
        for line in (DESCRIBE, DESCRIBE + "\r", odd, DESCRIBE.replace("id", "\\u0069d")):
            self.assertEqual(result(ask(plugin, line)), want)
            self.assertEqual(result(ask(plugin, line, "describe")), want)

    def test_ids(self) -> None:  # MSG-3
        for id in ('"a\\u0062\\/"', "1.50", "-1", "123456789012345678901234567890", "1" * 5000, '"ü"', "1e999"):
            self.assertTrue(ask(plugin, request(id=id)).startswith('{"jsonrpc":"2.0","id":' + id + ',"result"'), id)

    def test_errors(self) -> None:
        ok = '"params":{"protocol":1}}'
        for code, text, line in (
            (-32601, "got \"no\"", '{"jsonrpc":"2.0","id":1,"method":"no",' + ok),
            (-32001, "is in version 2", DESCRIBE.replace(":1}}", ":2}}")),
            (-32001, 'is in version "1"', DESCRIBE.replace(":1}}", ':"1"}}')),
            (-32001, "is in version true", DESCRIBE.replace(":1}}", ":true}}")),
            (-32001, "is in version 1.0", DESCRIBE.replace(":1}}", ":1.0}}")),
            (-32001, "names none", DESCRIBE.replace('"protocol"', '"Protocol"')),
            (-32001, "names none", '{"jsonrpc":"2.0","id":1,"method":"describe"}'),
            (-32001, "version 2", request("7").replace('"protocol":1', '"protocol":2')),
            (-32602, "params/config: expected an object, got null", '{"jsonrpc":"2.0","id":1,"method":"modify",' + ok),
            (-32602, "params/config: expected an object, got a list", request("[]")),
            (-32602, "params/options: expected an object, got a string", request(options='"a"')),
            (-32602, "params/context/timeoutMs: expected an integer", request().replace("30000", "1.5")),
            (-32602, "params/name: expected a string", request(method="command")),
            (-32602, "got \"no\"", request(method="command", more=',"name":"no"')),
            (-32602, "params/arguments/0", request(method="command", more=',"name":"status","arguments":[1]')),
        ):
            got = error(ask(plugin, line))
            self.assertEqual(got["code"], code, line)
            self.assertIn(text, got["message"])

    def test_other_method_than_the_argument(self) -> None:  # INV-1
        self.assertEqual(error(ask(plugin, DESCRIBE, "modify"))["code"], -32600)

    def test_no_answer(self) -> None:
        for line in ('{"jsonrpc":"2.0","method":"x"}', '{"jsonrpc":"2.0","id":"a1","result":{}}', '{"jsonrpc":"2.0","method":"cancel"}'):
            lines, errs, code = run(plugin, line.encode() + b"\n" + DESCRIBE.encode() + b"\n", "describe")
            self.assertEqual((len(lines), errs, code), (1, "", 0))

    def test_broken_lines(self) -> None:  # MSG-10; the next line is answered again
        for rule, code, line in (
            ("empty", -32700, b""), ("text", -32700, b"hello"), ("cut", -32700, b'{"jsonrpc":"2.0","id":1'),
            ("NaN", -32700, b'{"jsonrpc":"2.0","id":NaN}'), ("comma", -32700, b'{"jsonrpc":"2.0",}'),
            ("key", -32700, b'{1:2}'), ("two", -32700, DESCRIBE.encode() + b" {}"), ("BOM", -32700, b"\xef\xbb\xbf{}"),
            ("string", -32600, b'"describe"'), ("FRM-9", -32600, b"{}"), ("no method", -32600, b'{"jsonrpc":"2.0"}'),
            ("MSG-1", -32600, DESCRIBE.replace("2.0", "1.0").encode()), ("FRM-10", -32600, b"[" + DESCRIBE.encode() + b"]"),
            ("FRM-3", -32700, b'{"a":"\xff"}'), ("FRM-3", -32700, b'{"a":"\\ud800"}'), ("FRM-3", -32700, b'{"\\uDC00\\ud800":1}'),
            ("FRM-4", -32700, b'{"a":"\0"}'), ("FRM-4", -32700, b'{"a":"\\\\\\u0000"}'),
            ("FRM-5", -32600, b'{"id":1,"\\u0069d":2}'), ("FRM-5", -32600, b'{"a":[{"b":1,"b":1}]}'),
            ("FRM-6", -32600, b"[" * 1001 + b"]" * 1001), ("FRM-6", -32600, b'{"a":' + b"[" * 200000),
            ("id", -32600, DESCRIBE.replace(":1,", ":{},").encode()), ("id", -32600, DESCRIBE.replace(":1,", ":true,").encode()),
            ("params", -32600, DESCRIBE.replace('{"protocol":1}', "[1]").encode()),
        ):
            lines, _, exit_code = run(plugin, line + b"\n" + DESCRIBE.encode() + b"\n", "serve")
            self.assertEqual(len(lines), 2, rule)
            answers = sorted(lines, key=lambda text: "null" not in text)
            self.assertTrue(answers[0].startswith('{"jsonrpc":"2.0","id":null,"error":{"code":' + str(code)), (rule, answers))
            self.assertIn("result", answers[1])
            self.assertEqual(exit_code, 0)

    def test_allowed(self) -> None:  # what looks as if it broke a rule
        self.assertIn("result", ask(plugin, request('{"a":"\\\\u0000","b":"\\ud83d\\ude00","c":"[[[{{{\\"["}')))
        deep = "[" * 998 + "]" * 998  # with the message, params and config 1000 or 1001 levels
        nested = '{"a":' * 998 + "1" + "}" * 998
        changed = {"patch": [{"op": "replace", "path": "/a" * 998, "value": 2}]}
        self.assertEqual(result(do(lambda call: _set_deepest(call.view, 2), nested)), changed)
        self.assertEqual(result(do(lambda call: _set_deepest(call.view, 1), nested)), {"merge": {}})
        deepest = request('{"a":' + deep[1:-1] + "}")
        self.assertIn("result", ask(plugin, deepest))
        self.assertEqual(error(ask(plugin, request('{"a":' + deep + "}")))["code"], -32600)

    def test_end_of_stdin(self) -> None:
        lines, errs, code = run(plugin, DESCRIBE.encode(), "serve")  # FRM-8
        self.assertEqual((error(lines[0])["code"], code), (-32700, 1))
        self.assertIn("FRM-8", errs)
        self.assertEqual(run(plugin, b"", "serve"), ([], "", 0))
        lines, errs, code = run(plugin, b"", "describe")
        self.assertEqual((lines, code), ([], 1))
        self.assertIn("expected one request line", errs)

    def test_too_long(self) -> None:  # FRM-7
        lines, errs, code = run(plugin, b" " * (64 << 20) + b"{}\n", "serve")
        self.assertEqual((error(lines[0])["code"], code), (-32700, 1))
        self.assertIn("FRM-7", errs)
        at_limit = DESCRIBE.encode().ljust(64 << 20) + b"\n"
        self.assertIn("result", run(plugin, at_limit, "describe")[0][0])

    def test_arguments(self) -> None:
        self.assertEqual(run(plugin, b"", "--version"), (["pathvector-plugin-wire 1.0.0"], "", 0))
        self.assertIn("METHOD is describe or check or command or modify", "\n".join(run(plugin, b"", "--help")[0]))
        for args in (["a", "b"], ["-x"], [""]):
            lines, errs, code = run(plugin, b"", *args)
            self.assertEqual((lines, code), ([], 2))
            self.assertIn("--help", errs)


class Results(unittest.TestCase):
    def test_forms(self) -> None:
        patch: List[Json] = [{"op": "add", "path": pointer("a/b", "c~d", 0), "value": None}, {"op": "remove", "path": "/b"}]
        self.assertEqual(patch[0]["path"], "/a~1b/c~0d/0")
        for function, want in (
            (lambda call: None, {"merge": {}}),
            (lambda call: call.view, {"merge": {}}),
            (lambda call: {}, {"merge": {}}),
            (lambda call: {"hostname": "<&>", "source4": None}, {"merge": {"hostname": "<&>", "source4": None}}),
            (lambda call: Patch(patch), {"patch": patch}),
            (lambda call: Patch([]), {"patch": []}),
            (lambda call: {"path": [call.path("/a"), call.path("../b")]}, {"merge": {"path": ["/a", "/etc/b"]}}),
            (lambda call: call.warning("w", "/a") or call.info("i"),
             {"merge": {}, "messages": [{"level": "warning", "message": "w", "pointer": "/a"}, {"level": "info", "message": "i"}]}),
        ):
            self.assertEqual(result(do(function)), want)

    def test_change_in_place(self) -> None:  # MOD-4, SCP-7
        def change(call: Call[Json, Json]) -> None:
            view = call.view
            view["peers"]["IX/A"]["disabled"] = True
            del view["peers"]["B"]
            view["peers"]["C"] = {"tags": ("a",), "limit": None}
            view["tags"].append("b")
            view["one"] = True

        sent = '{"asn":4200000000,"peers":{"IX/A":{"asn":1,"disabled":false},"B":{"asn":2}},"tags":["a"],"one":1,"x":null}'
        want = [
            {"op": "remove", "path": "/peers/B"},
            {"op": "replace", "path": "/peers/IX~1A/disabled", "value": True},
            {"op": "add", "path": "/peers/C", "value": {"tags": ["a"], "limit": None}},
            {"op": "replace", "path": "/tags", "value": ["a", "b"]},
            {"op": "replace", "path": "/one", "value": True},
        ]
        self.assertCountEqual(result(do(change, sent))["patch"], want)

    def test_numbers(self) -> None:  # TYP-2: they go back as they came
        numbers = '{"big":123456789012345678901234567890,"long":%s,"f":1.50,"g":0.1000000000000000055511151231257827,"h":1E400}' % ("9" * 5000)
        copied = do(lambda call: {"copy": dict(call.view)}, numbers)
        self.assertIn('{"merge":{"copy":' + numbers + "}}", copied)
        self.assertEqual(result(do(lambda call: None, numbers)), {"merge": {}})
        self.assertIn('"f":3.0,', do(lambda call: {"f": call.view["f"] * 2, "d": Decimal("1.10")}, numbers))
        self.assertIn('"d":1.10}', do(lambda call: {"d": Decimal("1.10")}, numbers))

    def test_unsayable(self) -> None:
        loop: Json = {}
        loop["a"] = loop
        for value, text in (
            ({"a": [1, {"b/c": object()}]}, 'at \\"/merge/a/1/b~1c\\": JSON has no object'),
            ({"a": float("nan")}, "JSON has no nan"), ({"a": "\0"}, "holds a NUL"), ({174: 1}, "got 174"),
            ({"a": "\ud800"}, "surrogate"), (loop, "holds itself"), ([1], "expected a dict, a Patch"),
            (Patch([{"op": "ad", "path": ""}]), "expected op"),
        ):
            line = do(lambda call, value=value: value)  # type: ignore[misc]
            self.assertEqual(error(line)["code"], -32603)
            self.assertIn(text, line)

    def test_raised(self) -> None:
        for e, want in (
            (Error(7, "no", {"a": 1}), {"code": 7, "message": "no", "data": {"a": 1}}),
            (Error(-5, ""), {"code": -32603, "message": "the plugin failed, and does not say why"}),
            (Error(1 << 31, "a\0\ud800"), {"code": -32603, "message": "a\ufffd?"}),
            (InvalidOptions("/limit", "too much"), {"code": -32002, "message": "too much", "data": {"pointer": "/limit"}}),
            (Unavailable("busy", 60), {"code": -32003, "message": "busy", "data": {"retryAfter": 60}}),
            (Unavailable("busy"), {"code": -32003, "message": "busy"}),
            (Error(7, "no", object()), {"code": 7, "message": "no", "data": {
                "leftOut": 'cannot encode what the plugin answers, at "/data": JSON has no object'}}),
        ):
            self.assertEqual(error(do(lambda call, e=e: fail(e))), want)  # type: ignore[misc]

    def test_exceptions_name_the_line(self) -> None:
        doings["it"] = lambda call: json.loads("{")  # raises within a library
        lines, errs, _ = run(plugin, request(options='{"do":"it"}').encode() + b"\n", "modify")
        line = doings["it"].__code__.co_firstlineno
        self.assertRegex(error(lines[0])["message"], rf"^JSONDecodeError: Expecting .* \(test_wire.py:{line}\)$")
        self.assertIn("Traceback", errs)
        self.assertIn("SystemExit: 3 (test_wire.py", error(do(lambda call: fail(SystemExit(3))))["message"])

    def test_check(self) -> None:
        change = ',"changes":[{"pointer":"/a","op":"replace","before":1,"after":2,"plugin":"x"}]'
        want = {"severity": "warning", "pointer": "/a", "message": "replace by x: 1 2", "code": "c", "proposed": [1]}
        self.assertEqual(result(ask(plugin, request(method="check", more=change))), {"findings": [want]})
        self.assertEqual(result(ask(plugin, request(method="check"))), {"findings": []})
        self.assertIn("expected a severity", ask(plugin, request(method="check", options='{"finding":["bad","",""]}')))
        self.assertIsNone(Change("/a", "add", "x").before)

    def test_command(self) -> None:  # CMD-5, CMD-8
        for options, want in (
            ("{}", {"exitCode": 0}), ('{"code":3}', {"exitCode": 3}), ('{"exit":2}', {"exitCode": 2}),
            ('{"exit":null}', {"exitCode": 0}), ('{"exit":"no"}', {"exitCode": 1}),
        ):
            line = request(method="command", options=options, more=',"name":"status","arguments":["x"]')
            lines, _, _ = run(plugin, line.encode() + b"\n", "command")
            self.assertEqual(result(lines[-1]), want)
            outputs = [json.loads(text)["params"] for text in lines[:-1]]
            self.assertIn({"request": 1, "stream": "stdout", "text": "a x\n"}, outputs)
            self.assertEqual("b\ufffd?", "".join(o["text"] for o in outputs if o["stream"] == "stderr")[:3])
        self.assertIn("0 to 255", ask(plugin, request(method="command", options='{"code":256}', more=',"name":"status"')))

    def test_ask(self) -> None:  # for authors' tests
        doings["it"] = lambda call: {"hostname": call.view["hostname"] + "1"}
        self.assertEqual(plugin.ask("modify", {"hostname": "a"}, {"do": "it"}), {"merge": {"hostname": "a1"}})
        doings["it"] = lambda call: fail(Error(7, "no"))
        with self.assertRaisesRegex(Error, "no") as caught:
            plugin.ask("modify", {}, {"do": "it"})
        self.assertEqual(caught.exception.code, 7)


if __name__ == "__main__":
    unittest.main()
