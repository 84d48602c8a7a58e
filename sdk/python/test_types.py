"""Options and views in the plugin's own types."""

import sys
import unittest
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Dict, List, Literal, Mapping, Optional, Sequence, Union

from pathvector_plugin import Call, CheckCall, Json, Plugin, Request
from support import ask, error, request, result


@dataclass
class Inner:
    name: str = ""


@dataclass
class Options:
    limit: int = 1000
    merge_lists: List[str] = field(default_factory=list, metadata={"description": "which"})
    import_: Optional[bool] = None
    max_len: float = field(default=0.5, metadata={"key": "maxLen"})
    mode: Literal["a", "b"] = "a"
    deep: Dict[str, Inner] = field(default_factory=dict)
    either: Union[int, List[Inner]] = 0
    free: Mapping[str, Any] = field(default_factory=dict)
    words: Sequence[str] = ()


@dataclass
class Peer:
    asn: int
    import_limit4: Optional[int] = None
    tags: List[str] = field(default_factory=list)


@dataclass(frozen=True)
class Kernel:
    scan_time: int = 10


@dataclass
class View:
    peers: Dict[str, Peer] = field(default_factory=dict)
    hostname: Optional[str] = None
    kernel: Kernel = Kernel() if sys.version_info < (3, 11) else field(default_factory=Kernel)


plugin = Plugin("types", version="1.0.0", options=Options)
seen: List[Options] = []
change: List[Callable[[View], Any]] = [lambda view: None]


@plugin.modify
def modify(call: Call[Options, View]) -> Optional[View]:
    seen.append(call.options)
    wanted: Optional[View] = change[0](call.view)
    return wanted


def changed(config: str, function: Any) -> Any:
    change[0] = function
    return result(ask(plugin, request(config)))


class Reading(unittest.TestCase):
    def test_options(self) -> None:
        change[0] = lambda view: None
        given = '{"limit":3,"merge-lists":["a"],"import":true,"maxLen":2,"mode":"b","deep":{"x":{"name":"n"}},"either":[{}],"free":{"a":[1]}}'
        self.assertEqual(result(ask(plugin, request(options=given))), {"merge": {}})
        want = Options(3, ["a"], True, 2, "b", {"x": Inner("n")}, [Inner()], {"a": [1]})
        self.assertEqual(seen[-1], want)
        self.assertEqual(result(ask(plugin, request(options='{"limit":null}'))), {"merge": {}})
        self.assertEqual(seen[-1], Options())

    def test_wrong_options(self) -> None:  # OPT-5
        known = "unknown, expected one of limit, merge-lists, import, maxLen, mode, deep, either, free, words"
        for given, at, problem in (
            ('{"lim":1}', "/lim", known), ('{"Limit":1}', "/Limit", known), ('{"merge_lists":1}', "/merge_lists", known),
            ('{"limit":"3"}', "/limit", "expected an integer, got a string"),
            ('{"limit":1.0}', "/limit", "expected an integer, got a number that is no integer"),
            ('{"limit":true}', "/limit", "expected an integer, got true or false"),
            ('{"maxLen":null,"import":1}', "/import", "expected true or false, got an integer"),
            ('{"merge-lists":["a",{}]}', "/merge-lists/1", "expected a string, got an object"),
            ('{"words":"ab"}', "/words", "expected a list, got a string"),
            ('{"mode":"c"}', "/mode", 'expected one of "a", "b", got a string'),
            ('{"deep":{"a/b":{"nam":1}}}', "/deep/a~1b/nam", "unknown, expected one of name"),
            ('{"deep":[]}', "/deep", "expected an object, got a list"),
            ('{"either":[{"name":1}]}', "/either/0/name", "expected a string, got an integer"),
            ('{"free":null,"deep":{"x":7}}', "/deep/x", "expected an object, got an integer"),
        ):
            got = error(ask(plugin, request(options=given)))
            self.assertEqual((got["code"], got["data"]), (-32002, {"pointer": at}), given)
            self.assertEqual(got["message"], f'option "{at}": {problem}')

    def test_wrong_view(self) -> None:
        got = error(ask(plugin, request('{"peers":{"A":{"asn":"x"}}}')))
        self.assertEqual((got["code"], got["message"]), (-32602, "params/config/peers/A/asn: expected an integer, got a string"))
        got = error(ask(plugin, request('{"peers":{"A":{}}}')))
        self.assertEqual(got["message"], "params/config/peers/A/asn: expected a value, got none")

    def test_schema(self) -> None:
        schema = plugin.ask("describe", {})["options"]
        self.assertFalse(schema["additionalProperties"])
        properties = schema["properties"]
        self.assertEqual(properties["limit"], {"type": "integer", "default": 1000})
        self.assertEqual(properties["merge-lists"], {"type": "array", "items": {"type": "string"}, "description": "which", "default": []})
        self.assertEqual(properties["import"], {"anyOf": [{"type": "boolean"}, {"type": "null"}]})
        self.assertEqual(properties["maxLen"], {"type": "number", "default": 0.5})
        self.assertEqual(properties["mode"], {"enum": ["a", "b"], "default": "a"})
        self.assertEqual(properties["deep"]["additionalProperties"]["properties"], {"name": {"type": "string", "default": ""}})
        self.assertEqual(Plugin("p", version="1", options=Peer)._describe()["options"]["required"], ["asn"])


class Changing(unittest.TestCase):
    sent = '{"peers":{"A":{"asn":1,"x":1.50,"tags":["t"]},"B":{"asn":2,"import-limit4":null}},"asn":4200000000,"hostname":"h"}'

    def test_in_place(self) -> None:  # what has no field stays
        def function(view: View) -> None:
            view.peers["A"].import_limit4 = 5
            view.peers["A"].tags.append("u")
            view.peers["C"] = Peer(3)
            view.hostname = None
            del view.peers["B"]

        want = [
            {"op": "remove", "path": "/peers/B"}, {"op": "remove", "path": "/hostname"},
            {"op": "add", "path": "/peers/A/import-limit4", "value": 5},
            {"op": "replace", "path": "/peers/A/tags", "value": ["t", "u"]},
            {"op": "add", "path": "/peers/C", "value": {"asn": 3, "tags": []}},
        ]
        self.assertCountEqual(changed(self.sent, function)["patch"], want)

    def test_untouched(self) -> None:
        self.assertEqual(changed(self.sent, lambda view: None), {"merge": {}})
        self.assertEqual(changed(self.sent, lambda view: view), {"merge": {}})
        self.assertEqual(changed("{}", lambda view: replace(view)), {"merge": {}})

    def test_another_view(self) -> None:
        got = changed("{}", lambda view: replace(view, kernel=Kernel(30)))
        self.assertEqual(got, {"patch": [{"op": "add", "path": "/kernel", "value": {"scan-time": 30}}]})

    def test_merge_beside_a_dataclass(self) -> None:
        self.assertEqual(changed("{}", lambda view: {"hostname": "a"}), {"merge": {"hostname": "a"}})


class Mistakes(unittest.TestCase):
    """What the author is told, when the module is loaded."""

    def test_plugin(self) -> None:
        for name, version in (("A", "1"), ("a_b", "1"), ("a\n", "1"), ("a", "")):
            with self.assertRaises(ValueError):
                Plugin(name, version=version)
        p = Plugin("p", version="1")
        with self.assertRaisesRegex(ValueError, "kept_running"):
            p.background(lambda stop: None)
        p.command("a")(lambda call: None)  # type: ignore[misc]
        for name in ("a", "A"):
            with self.assertRaisesRegex(ValueError, "must be new"):
                p.command(name)

    def test_annotations(self) -> None:
        p: Any = Plugin("p", version="1")

        def other(call: CheckCall[Json, Json]) -> None: ...

        with self.assertRaisesRegex(TypeError, r"other \(test_types.py:\d+\) must be a Call\[OPTIONS, VIEW\]"):
            p.modify(other)

        def unknown(call: "Call[Nowhere, Json]") -> None: ...  # type: ignore[name-defined]

        with self.assertRaisesRegex(TypeError, "Nowhere.*must stand in the module"):
            p.modify(unknown)

        p.modify(lambda call: {"a": type(call).__name__ + type(call.view).__name__})
        self.assertEqual(p.ask("modify", {}), {"merge": {"a": "Calldict"}})

        def unreadable(call: "Call[Dict[str, complex], Json]") -> None: ...

        p.modify(unreadable)
        self.assertIn("cannot be read from JSON", error(ask(p, request(options='{"a":1}')))["message"])
        self.assertTrue(issubclass(Call, Request))

    @unittest.skipIf(sys.version_info < (3, 10), "X | Y came with 3.10")
    def test_new_unions(self) -> None:
        p: Any = Plugin("p", version="1")

        def modify(call: "Call[dict[str, int | None], Json]") -> Json:
            return {"a": call.options["a"]}

        p.modify(modify)
        self.assertEqual(p.ask("modify", {}, {"a": 1}), {"merge": {"a": 1}})
        self.assertIn("expected an integer", error(ask(p, request(options='{"a":""}')))["message"])


if __name__ == "__main__":
    unittest.main()
