"""Plugins of pathvector-plugin in Python.

A whole plugin, in an executable file named pathvector-plugin-limits:

    #!/usr/bin/env python3
    from pathvector_plugin import Call, Json, Plugin

    plugin = Plugin("limits", version="1.0.0", reads=["/peers"], writes=["/peers/*/import-limit4"])

    @plugin.modify
    def modify(call: Call[Json, Json]) -> None:
        for peer in call.view.get("peers", {}).values():
            peer.setdefault("import-limit4", 1000)

    if __name__ == "__main__":
        plugin.main()

Such a program answers one request per process, or all that come over stdin
when it is started with the argument "serve" or with none. Plugin(...,
kept_running=True) lets the host keep one process for many calls; handlers then
run side by side, and what they share needs a lock.

What is printed to stdout goes to stderr, where the host shows it to people.
The protocol behind it is in spec/protocol.md of the project; the names of its
rules stand in the comments here. This file needs nothing but Python 3.9 and may
be copied beside a plugin.
"""

from __future__ import annotations

import contextvars
import io
import json
import logging
import math
import os
import queue
import re
import signal
import sys
import threading
import time
import traceback
from collections import deque
from typing import (
    Any, BinaryIO, Callable, Deque, Dict, Generic, Iterable, Iterator, List, Literal, Mapping, NamedTuple, NoReturn,
    Optional, Sequence, TextIO, Tuple, Type, TypeVar, Union, cast, get_args, get_origin, get_type_hints,
)

__version__ = "0.1.0"
__all__ = [
    "Call", "Cancelled", "Change", "CheckCall", "CommandCall", "Context", "Error", "Finding", "InvalidOptions",
    "Json", "Patch", "Plugin", "Request", "Unavailable", "pointer",
]

Json = Dict[str, Any]  # a JSON object
Options = TypeVar("Options")
View = TypeVar("View")

PROTOCOL = 1
LIMIT = 64 << 20  # bytes of a message (FRM-7)
DEPTH = 1000  # levels of a message (FRM-6)
HANDLERS = 16  # that work at the same time in a plugin that is kept running
HELD = 64 << 20  # bytes of requests that may wait, apart from one that may be larger
FINISH = 30.0  # seconds for handlers to return after stdin has ended
STOP = 1.0  # seconds for them to return once they are told to
CANCEL = 0.5  # seconds to return once the host cancelled: it waits for one (INV-20)
PROGRESS = 0.1  # seconds from one progress to the next
OUTPUT = 64 << 10  # characters of a command's output in one notification

PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS, INTERNAL = -32700, -32600, -32601, -32602, -32603
UNSUPPORTED, INVALID_OPTIONS, UNAVAILABLE, CANCELLED = -32001, -32002, -32003, -32800
CODES = {
    PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS, INTERNAL,
    UNSUPPORTED, INVALID_OPTIONS, UNAVAILABLE, CANCELLED,
}


# ---- What plugins are handed, and answer ----


class Error(Exception):
    """What the plugin answers instead of a result.

    The plugin's own codes are 1 to 2147483647 and mean what it likes (ERR-2). Any
    other exception becomes an internal error that names the line.
    """

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


class InvalidOptions(Error):
    """Options that the plugin cannot work with; the pointer says which, as "/file"."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(INVALID_OPTIONS, message, {"pointer": pointer})


class Unavailable(Error):
    """What may work later: in retry_after seconds, or whenever the host likes."""

    def __init__(self, message: str, retry_after: Optional[float] = None) -> None:
        data = None if retry_after is None else {"retryAfter": max(0, retry_after)}
        super().__init__(UNAVAILABLE, message, data)


class Cancelled(Error):
    """The host does not want the answer any more."""

    def __init__(self, message: str = "the host cancelled the call") -> None:
        super().__init__(CANCELLED, message)


class Context(NamedTuple):
    """Where the configuration comes from, and how long the call may take. All of
    it may be empty when a person asks."""

    config_file: str = ""
    config_dir: str = ""
    state_dir: str = ""  # the plugin's own, kept between calls
    timeout_ms: int = 0
    host_version: str = ""
    dry_run: bool = False


class Patch:
    """Operations of RFC 6902 on the view, one after the other, as
    Patch([{"op": "remove", "path": pointer("peers", "IX/A")}])."""

    def __init__(self, operations: Iterable[Mapping[str, Any]]) -> None:
        self.operations = list(operations)


class Finding(NamedTuple):
    """Something that a plugin finds wrong with a configuration. An error refuses
    it; proposed is shown to people, None is nothing."""

    severity: Literal["error", "warning", "info"]
    pointer: str
    message: str
    code: str = ""
    proposed: Any = None


class Change(NamedTuple):
    """A change that a plugin made; before and after are None where there is none."""

    pointer: str
    op: str
    plugin: str
    before: Any = None
    after: Any = None


def pointer(*keys: Union[str, int]) -> str:
    """The JSON Pointer to what the keys lead to: pointer("peers", "IX/A") is "/peers/IX~1A"."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


class Request(Generic[Options, View]):
    """What every handler is handed.

    options  what the operator gave the plugin: a dict, or the handler's dataclass
    view     the part of the configuration that the plugin reads, as a dict or the
             handler's dataclass; the handler may change it
    context  a Context
    """

    options: Options
    view: View
    context: Context

    def __init__(self, job: _Job, options: Options, view: View, context: Context) -> None:
        self.options, self.view, self.context, self._job = options, view, context, job

    @property
    def cancelled(self) -> bool:
        """Whether nobody wants the answer any more: the host cancelled, the time is
        over, or the plugin is stopped. A handler that works long looks now and then."""
        return self._job.over_for_handler()

    @property
    def remaining(self) -> Optional[float]:
        """The seconds that are left for the answer; None without a limit."""
        deadline = self._job.deadline
        return None if deadline is None else max(0.0, deadline - time.monotonic())

    def wait(self, seconds: float) -> bool:
        """Sleeps that long, but no longer than until the call is cancelled, which it
        then returns as True."""
        left = self.remaining
        self._job.told.wait(seconds if left is None else min(seconds, left))
        return self.cancelled

    def get(self, pointer: str, default: Any = None) -> Any:
        """The value at the JSON Pointer in the configuration, else default.

        A host that keeps the plugin running is asked, and knows all that the plugin
        may read; it refuses a pointer to anything else. Otherwise the view is looked
        into as it was sent."""
        found, value = self._job.get(pointer)
        return value if found else default

    def progress(self, done: float, total: float = 0, message: str = "") -> None:
        """Tells how far the work is, in any unit; total 0 is not known. It may be
        called as often as there is news: what follows within a tenth of a second is
        left out, but for the end."""
        self._job.progress(done, total, message)

    def path(self, file: str) -> str:
        """A file name from the options; a relative one is meant from the folder of the
        configuration, since the host runs plugins in /."""
        return os.path.normpath(os.path.join(self.context.config_dir, file))


class Call(Request[Options, View]):
    """One request to change the configuration."""

    def info(self, message: str, pointer: str = "") -> None:
        """Puts a message for the operator beside the result; the pointer says which
        value it is about."""
        self._say("info", message, pointer)

    def warning(self, message: str, pointer: str = "") -> None:
        """The same for what the operator should look at."""
        self._say("warning", message, pointer)

    def _say(self, level: str, message: str, pointer: str) -> None:
        item = {"level": level, "message": message}
        self._job.messages.append({**item, "pointer": pointer} if pointer else item)


class CheckCall(Request[Options, View]):
    """One request to check the configuration, as it is after all plugins; changes
    are those that led to it, as far as the plugin may read them."""

    changes: List[Change]


class CommandCall(Request[Options, View]):
    """One run of a command.

    name, arguments  the command's, and what the operator wrote behind it
    stdout, stderr   the operator's: print(..., file=call.stdout)
    """

    name: str
    arguments: List[str]
    stdout: TextIO
    stderr: TextIO


# ---- JSON that the protocol allows ----


class _Float(float):
    """A number that remembers how it was written, so that it goes back unchanged."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> _Float:
        self = super().__new__(cls, text)
        self.text = text
        return self

    def __getnewargs__(self) -> Any:  # copies keep the text
        return (self.text,)


def _integer(text: str) -> Union[int, _Float]:
    return int(text) if len(text) <= 640 else _Float(text)  # Python refuses the digits of very long ones


def _no_number(text: str) -> NoReturn:
    raise Error(PARSE_ERROR, f"the line is no JSON: {text} is no number there")


def _object(pairs: List[Tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Error(INVALID_REQUEST, f"the key {_shown(key)} stands twice in one object (FRM-5)")
            seen.add(key)
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_Float, parse_int=_integer, parse_constant=_no_number
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_SPACE = re.compile(r"[ \t\r\n]*")
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _too_deep(text: str, value: Any) -> bool:
    """Whether the value, which is what the text says, is nested deeper than DEPTH."""
    if text.count("[") + text.count("{") <= DEPTH:
        return False
    level, depth = [value], 0
    while level and depth <= DEPTH:
        depth += 1
        inner = [item.values() if isinstance(item, dict) else item for item in level]
        level = [item for items in inner for item in items if isinstance(item, (dict, list))]
    return depth > DEPTH


def _text_of(line: bytes) -> str:
    """The line as text, if it follows FRM-3 and FRM-4."""
    try:
        text = line.decode()
    except UnicodeDecodeError as e:
        raise Error(PARSE_ERROR, f"the line is not UTF-8: byte {e.start + 1} is {line[e.start]:#04x} (FRM-3)") from None
    if "\0" in text or ("\\u0000" in text and _NUL.search(text)):
        raise Error(PARSE_ERROR, "the line holds a NUL (FRM-4)")
    return text


class _Members:
    """The members of the JSON object in a line, and how their values are written."""

    def __init__(self, line: bytes) -> None:
        self.text = _text_of(line)
        self.values: Json = {}
        self._places: Dict[str, Tuple[int, int]] = {}
        try:
            self._read()
            if _too_deep(self.text, self.values):
                raise RecursionError
            if _SURROGATE.search(self.text):
                _encode(self.values).encode()
        except json.JSONDecodeError as e:
            raise Error(PARSE_ERROR, f"the line is no JSON: {e.msg} at character {e.pos + 1}") from None
        except RecursionError:
            raise Error(INVALID_REQUEST, f"the line is nested deeper than {DEPTH} (FRM-6)") from None
        except UnicodeEncodeError:
            raise Error(PARSE_ERROR, "the line holds half of a surrogate pair (FRM-3)") from None

    def source(self, key: str) -> str:
        start, end = self._places[key]
        return self.text[start:end]

    def _read(self) -> None:
        at = self._skip(0)
        if not self.text.startswith("{", at):
            _DECODER.decode(self.text)
            raise Error(INVALID_REQUEST, "expected a request, a JSON object, got JSON of another kind (FRM-9)")
        at = self._skip(at + 1)
        more = not self.text.startswith("}", at)
        while more:
            key, at = _DECODER.raw_decode(self.text, at)
            if not isinstance(key, str):
                raise json.JSONDecodeError("expected a key", self.text, at)
            start = self._skip(self._expect(at, ":"))
            value, end = _DECODER.raw_decode(self.text, start)
            if key in self.values:
                raise Error(INVALID_REQUEST, f"the key {_shown(key)} stands twice in one object (FRM-5)")
            self.values[key], self._places[key] = value, (start, end)
            at = self._skip(end)
            more = not self.text.startswith("}", at)
            if more:
                at = self._skip(self._expect(at, ","))
        if self._skip(at + 1) != len(self.text):
            raise json.JSONDecodeError("something follows the object", self.text, at + 1)

    def _skip(self, at: int) -> int:
        return cast("re.Match[str]", _SPACE.match(self.text, at)).end()

    def _expect(self, at: int, sign: str) -> int:
        at = self._skip(at)
        if not self.text.startswith(sign, at):
            raise json.JSONDecodeError(f"expected {sign!r}", self.text, at)
        return at + 1


def _plain(value: Any, at: str = "", depth: int = 1) -> Any:
    """The value in JSON's types: dicts, lists, strings, numbers, True, False, None.

    It raises an Error that names the place of what has no JSON. The depth is that of
    what the value is put in; a message is 1."""
    if value is None or isinstance(value, (bool, int, _Float)):
        return value
    if isinstance(value, str):
        if "\0" in value:
            raise _unsayable(at, "it holds a NUL")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _unsayable(at, f"JSON has no {value}")
        return value
    if depth >= DEPTH:
        raise _unsayable(at[:100], f"it is nested deeper than {DEPTH} (FRM-6), or holds itself")
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return [_plain(item, f"{at}/{i}", depth + 1) for i, item in enumerate(value)]
    if isinstance(value, Mapping):
        return _plain_object(value.items(), at, depth)
    if _is_dataclass(type(value)):
        filled = ((key, getattr(value, name)) for name, key, _ in _fields(type(value)))
        return _plain_object((item for item in filled if item[1] is not None), at, depth)
    decimal = sys.modules.get("decimal")  # if it is not loaded, this is none
    if decimal and isinstance(value, decimal.Decimal) and value.is_finite():
        return _Float(str(value))
    raise _unsayable(at, f"JSON has no {type(value).__name__}")


def _plain_object(items: Iterable[Tuple[Any, Any]], at: str, depth: int) -> Json:
    found: Json = {}
    for key, item in items:
        if not isinstance(key, str) or "\0" in key:
            raise _unsayable(at, f"expected a string without NUL as key, got {key!r}")
        found[key] = _plain(item, at + pointer(key), depth + 1)
    return found


def _unsayable(at: str, problem: str) -> Error:
    return Error(INTERNAL, f"cannot encode what the plugin answers, at {_shown(at)}: {problem}")


def _encode(value: Any) -> str:
    """The JSON text of a value that _plain returned."""
    if isinstance(value, dict):
        return "{" + ",".join([f"{_ENCODER.encode(key)}:{_encode(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_encode(item) for item in value]) + "]"
    return value.text if isinstance(value, _Float) else _ENCODER.encode(value)


def _message(members: Json, id: Optional[str] = None, method: str = "") -> bytes:
    """The line of a message with the id as it is written, LF included. The members
    are of the types that _plain returns."""
    start = '{"jsonrpc":"2.0"'
    start += "" if id is None else f',"id":{id}'
    start += f',"method":{_ENCODER.encode(method)}' if method else ""
    text = start + "".join(f",{_ENCODER.encode(key)}:{_encode(value)}" for key, value in members.items()) + "}"
    try:
        line = text.encode()
    except UnicodeEncodeError:
        raise _unsayable("", "a string holds half of a surrogate pair") from None
    if len(line) > LIMIT:
        raise _unsayable("", f"it has {len(line)} bytes, more than {LIMIT} (FRM-7)")
    return line + b"\n"


def _clean(text: str) -> str:
    """The text as a message may hold it."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _shown(value: Any) -> str:
    """A value in an error, shortened."""
    text = _clean(value if isinstance(value, str) else _encode(_plain(value)))
    text = text if len(text) <= 80 else text[:77] + "…"
    return _ENCODER.encode(text)


# ---- The plugin's own types ----


def _is_dataclass(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")


def _fields(kind: Any) -> Iterator[Tuple[str, str, Any]]:
    """The fields of a dataclass: name, key in JSON, field. A key is the name with
    hyphens for underscores, as Pathvector's keys are, unless the field has another
    in field(metadata={"key": ...})."""
    for name, field in kind.__dataclass_fields__.items():
        if field.init:
            yield name, field.metadata.get("key", name.rstrip("_").replace("_", "-")), field


class _Mismatch(Exception):
    def __init__(self, at: str, problem: str) -> None:
        super().__init__(problem)
        self.at, self.problem = at, problem


_SCALARS: Dict[Any, Tuple[str, Tuple[type, ...]]] = {
    bool: ("true or false", (bool,)),
    int: ("an integer", (int,)),
    float: ("a number", (int, float)),
    str: ("a string", (str,)),
    type(None): ("null", (type(None),)),
}


def _kind(value: Any) -> str:
    """What a JSON value is, in words that do not show it: it may be a secret."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, float):
        return "a number that is no integer"
    return next(words for words, kinds in _SCALARS.values() if isinstance(value, kinds))


def _typed(kind: Any, value: Any, at: str, strict: bool) -> Any:
    """The value as one of the plugin's types. A strict one takes no key for which
    there is no field."""
    origin, args = get_origin(kind), get_args(kind)
    if kind in (Any, object) or isinstance(kind, TypeVar):
        return value
    if kind in _SCALARS:
        words, kinds = _SCALARS[kind]
        if not isinstance(value, kinds) or (isinstance(value, bool) and kind is not bool):
            raise _Mismatch(at, f"expected {words}, got {_kind(value)}")
        return value
    if origin is Literal:
        if not any(value == choice and type(value) is type(choice) for choice in args):
            raise _Mismatch(at, f"expected one of {', '.join(map(_shown, args))}, got {_kind(value)}")
        return value
    if origin is Union or type(kind).__name__ == "UnionType":
        return _typed_union(args, value, at, strict)
    if _is_dataclass(kind):
        return _typed_dataclass(kind, value, at, strict)
    base = origin or kind
    if isinstance(base, type) and issubclass(base, (list, Sequence)):
        if not isinstance(value, list):
            raise _Mismatch(at, f"expected a list, got {_kind(value)}")
        return [_typed(args[0] if args else Any, item, f"{at}/{i}", strict) for i, item in enumerate(value)]
    if isinstance(base, type) and issubclass(base, Mapping):
        if not isinstance(value, dict):
            raise _Mismatch(at, f"expected an object, got {_kind(value)}")
        return {key: _typed(args[1] if args else Any, item, at + pointer(key), strict) for key, item in value.items()}
    raise Error(INTERNAL, f"the type {kind!r} at {at!r} cannot be read from JSON; use dict, list, a dataclass or a plain type")


def _typed_union(kinds: Tuple[Any, ...], value: Any, at: str, strict: bool) -> Any:
    problems = []
    for kind in kinds:
        try:
            return _typed(kind, value, at, strict)
        except _Mismatch as e:
            problems.append(e)
    raise max(problems, key=lambda e: (len(e.at), e.problem != f"expected null, got {_kind(value)}"))


def _typed_dataclass(kind: Any, value: Any, at: str, strict: bool) -> Any:
    import dataclasses  # loaded already, since there is one

    if not isinstance(value, dict):
        raise _Mismatch(at, f"expected an object, got {_kind(value)}")
    hints, given, keys = get_type_hints(kind), {}, []
    for name, key, field in _fields(kind):
        keys.append(key)
        needed = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if key in value and (value[key] is not None or needed):
            given[name] = _typed(hints[name], value[key], at + pointer(key), strict)
        elif needed:
            raise _Mismatch(at + pointer(key), "expected a value, got none")
    for key in value:
        if strict and key not in keys:
            raise _Mismatch(at + pointer(key), f"unknown, expected {'one of ' + ', '.join(keys) if keys else 'none'}")
    return kind(**given)


def _schema(kind: Any) -> Any:
    """The JSON Schema of a type, for options that are a dataclass."""
    import dataclasses

    origin, args = get_origin(kind), get_args(kind)
    if _is_dataclass(kind):
        hints, properties, required = get_type_hints(kind), {}, []
        for name, key, field in _fields(kind):
            properties[key] = {**_schema(hints[name])}
            if "description" in field.metadata:
                properties[key]["description"] = field.metadata["description"]
            if field.default_factory is not dataclasses.MISSING:
                properties[key]["default"] = _plain(field.default_factory())
            elif field.default is dataclasses.MISSING:
                required.append(key)
            elif field.default is not None:
                properties[key]["default"] = _plain(field.default)
        schema: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**schema, "required": required} if required else schema
    if origin is Literal:
        return {"enum": list(args)}
    if origin is Union or type(kind).__name__ == "UnionType":
        return {"anyOf": [_schema(arg) for arg in args]}
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    if kind in names:
        return {"type": names[kind]}
    base = origin or kind
    if isinstance(base, type) and issubclass(base, (list, Sequence)):
        return {"type": "array", "items": _schema(args[0])} if args else {"type": "array"}
    if isinstance(base, type) and issubclass(base, Mapping):
        return {"type": "object", "additionalProperties": _schema(args[1])} if args else {"type": "object"}
    return {}


# ---- The difference of two views ----


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, str):
        return isinstance(b, str) and a == b
    if isinstance(a, dict) and isinstance(b, dict):
        pairs = [(a[key], b[key]) for key in a] if a.keys() == b.keys() else [(True, False)]
    elif isinstance(a, list) and isinstance(b, list):
        pairs = list(zip(a, b)) if len(a) == len(b) else [(True, False)]
    else:
        return _same_scalar(a, b)
    for x, y in pairs:  # a generator would use up the stack of C in some versions of Python
        if not _same(x, y):
            return False
    return True


def _same_scalar(a: Any, b: Any) -> bool:
    if isinstance(a, _Float) and isinstance(b, _Float):
        return a.text == b.text
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


def _difference(before: Any, after: Any) -> List[Json]:
    """The operations that make after of before. An array counts as one value (SCP-7)."""
    found: List[Json] = []
    _differ(before, after, "", found)
    return found


def _differ(before: Any, after: Any, at: str, found: List[Json]) -> None:
    if not (isinstance(before, dict) and isinstance(after, dict)):
        if not _same(before, after):
            found.append({"op": "replace", "path": at, "value": after})
        return
    for key in before:
        if key not in after:
            found.append({"op": "remove", "path": at + pointer(key)})
    for key, value in after.items():
        if key in before:
            _differ(before[key], value, at + pointer(key), found)
        else:
            found.append({"op": "add", "path": at + pointer(key), "value": value})


def _overlay(sent: Any, seen: Any, wanted: Any) -> Any:
    """What was sent, with the difference between what the plugin saw of it and what
    it wants. A value without a field was not seen, and stays. Where nothing was
    sent, there can be an object of defaults, which are not to be added."""
    if _same(seen, wanted):
        return sent
    if not (isinstance(seen, dict) and isinstance(wanted, dict)):
        return wanted
    result = dict(sent) if isinstance(sent, dict) else {}
    for key in seen:
        if key not in wanted:
            result.pop(key, None)
    for key, value in wanted.items():
        if key not in seen or not _same(seen[key], value):
            result[key] = _overlay(result.get(key), seen.get(key), value)
    return result


# ---- The plugin ----


class _Usage(Exception):
    pass


class _Command(NamedTuple):
    spec: Json
    handler: Callable[[Any], object]


_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_running: contextvars.ContextVar[Optional[_Job]] = contextvars.ContextVar("pathvector_plugin", default=None)


class Plugin:
    """What a plugin is and does.

    name         the NAME of the executable pathvector-plugin-NAME
    version      free text, "1.0.0"; description: one line; both shown to people
    reads        patterns of the values that the plugin is sent; None asks for the
    writes       host's defaults, [] for nothing. Ask for little
    options      the JSON Schema (2020-12) of the options, or a dataclass to make it of
    needs        what it uses beside its input: {"env": [], "files": [], "network": []}
    kept_running the host may keep one process for many calls; handlers run side by side
    """

    def __init__(
        self,
        name: str,
        *,
        version: str,
        description: str = "",
        reads: Optional[Sequence[str]] = None,
        writes: Optional[Sequence[str]] = None,
        options: Union[None, Mapping[str, Any], Type[Any]] = None,
        needs: Optional[Mapping[str, Sequence[str]]] = None,
        kept_running: bool = False,
    ) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(f"the name of a plugin must match {_NAME.pattern}, got {name!r}")
        if not version:
            raise ValueError("the version of a plugin must not be empty")
        self.name, self.version, self.description, self.kept_running = name, version, description, kept_running
        self.reads, self.writes, self.needs = reads, writes, needs
        self.options = _schema(options) if _is_dataclass(options) else options
        #: a logger whose records of every level go to the host
        self.log = logging.getLogger("pathvector_plugin." + name)
        self.log.setLevel(logging.DEBUG)
        self._handlers: Dict[str, Callable[[_Job], Any]] = {}
        self._commands: Dict[str, _Command] = {}
        self._background: Optional[Callable[[threading.Event], object]] = None
        self._server: Optional[_Server] = None
        if os.path.basename(sys.argv[0] if sys.argv else "").startswith("pathvector-plugin-"):
            _take_streams()  # early, since the plugin's module may print too

    def modify(
        self, handler: Callable[[Call[Options, View]], Union[None, Mapping[str, Any], Patch, View]]
    ) -> Callable[[Call[Options, View]], Union[None, Mapping[str, Any], Patch, View]]:
        """The decorator of the function that changes the configuration.

        Its parameter is annotated with the types of options and view: Call[Json, Json]
        for dicts, or with dataclasses. It returns what is to change: another dict as
        a JSON Merge Patch (RFC 7396), whose None removes; a Patch; or the view, or
        None, for what it has changed in call.view itself."""
        make = _maker(handler, Call)

        def answer(job: _Job) -> Json:
            call = make(job)
            result = _modified(job, call.view, handler(call))
            return {**result, "messages": job.messages} if job.messages else result

        self._handlers["modify"] = answer
        return handler

    def check(
        self, handler: Callable[[CheckCall[Options, View]], Optional[Iterable[Finding]]]
    ) -> Callable[[CheckCall[Options, View]], Optional[Iterable[Finding]]]:
        """The decorator of the function that checks the configuration as it is after
        all plugins. It returns, or yields, what it finds."""
        make = _maker(handler, CheckCall)

        def answer(job: _Job) -> Json:
            call = make(job)
            call.changes = [
                Change(c["pointer"], c["op"], c["plugin"], c.get("before"), c.get("after"))
                for c in job.typed_param("changes", List[Json], [])
            ]
            return {"findings": [_finding(found) for found in handler(call) or ()]}

        self._handlers["check"] = answer
        return handler

    def command(
        self, name: str, *, usage: str = "", description: str = "", flags: Sequence[Mapping[str, Any]] = ()
    ) -> Callable[
        [Callable[[CommandCall[Options, View]], Optional[int]]], Callable[[CommandCall[Options, View]], Optional[int]]
    ]:
        """The decorator of a function that operators run as "pathvector-plugin run
        PLUGIN NAME ARGUMENTS". It returns the exit code, 0 to 255; None is 0. What
        argparse does when the arguments are wrong ends the command too. Flags are
        for help and completion: {"name": "json", "type": "boolean"}."""
        if not _NAME.fullmatch(name) or name in self._commands:
            raise ValueError(f"the name of a command must be new and match {_NAME.pattern}, got {name!r}")
        spec = {"name": name, "usage": usage, "description": description, "flags": list(flags)}

        def register(
            handler: Callable[[CommandCall[Options, View]], Optional[int]],
        ) -> Callable[[CommandCall[Options, View]], Optional[int]]:
            make = _maker(handler, CommandCall)

            def answer(job: _Job) -> Json:
                call = make(job)
                call.name, call.arguments = name, job.typed_param("arguments", List[str], [])
                with _Output(job, "stdout") as call.stdout, _Output(job, "stderr") as call.stderr:
                    return {"exitCode": _exit_code(name, handler, call)}

            self._commands[name] = _Command({key: v for key, v in spec.items() if v}, answer)
            self._handlers["command"] = self._run_command
            return handler

        return register

    def background(self, function: Callable[[threading.Event], object]) -> Callable[[threading.Event], object]:
        """The decorator of a function that runs beside the calls of a plugin that is
        kept running, such as to watch a source of its own, and calls changed(). It
        returns when the event is set; an exception ends the plugin."""
        if not self.kept_running:
            raise ValueError("a background needs kept_running=True")
        self._background = function
        return function

    def changed(self) -> None:
        """Tells the host that modify would answer differently now; it asks again. It
        may be called at any time, and does nothing when nobody is there to tell."""
        server = self._server
        if server and not server.method and not server.over:
            server.write(_message({}, method="changed"))

    def main(self, args: Optional[Sequence[str]] = None) -> NoReturn:
        """Runs the plugin and ends the process. SIGTERM cancels what works; what does
        not return within a second is answered for. A second one ends the process."""
        stdin, stdout = _take_streams()
        stuck = False
        try:
            code = self.run(sys.argv[1:] if args is None else args, stdin, stdout, sys.stderr)
            stuck = self._server is not None and self._server.running > 0
        except KeyboardInterrupt:
            code, stuck = 130, True
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                stuck = True  # nobody reads it, and Python would complain at its end
        if stuck:
            os._exit(code)
        sys.exit(code)

    def run(self, args: Sequence[str], stdin: BinaryIO, stdout: BinaryIO, stderr: TextIO) -> int:
        """main with everything that it takes from the process as an argument, for
        tests. It returns the exit code: 0 after an answer, be it an error, 1 when there
        was none or the plugin could not go on, 2 for arguments it does not know."""
        try:
            method, text = self._parse(list(args))
        except _Usage as e:
            _print(f"{e}; --help tells what there is\n", stderr)
            return 2
        if text:
            stdout.write(text.encode())
            return 0
        self._server = server = _Server(self, method, stdin, stdout, stderr)
        sys.setrecursionlimit(max(sys.getrecursionlimit(), 10 * DEPTH))
        size = threading.stack_size(16 << 20)  # for that depth, also where threads get little
        try:
            with _Logging(server):
                return server.run()
        finally:
            threading.stack_size(size)

    def ask(self, method: str, config: Mapping[str, Any], options: Optional[Mapping[str, Any]] = None, **params: Any) -> Any:
        """The result of one call, for tests of a plugin: ask("modify", {"asn": 65000}).
        An error that it answers is raised."""
        given = _plain({"protocol": PROTOCOL, "config": config, "options": options or {}, **params})
        out = io.BytesIO()
        self.run([method], io.BytesIO(_message({"params": given}, "1", method)), out, sys.stderr)
        answer = json.loads(out.getvalue().splitlines()[-1])
        if "error" in answer:
            raise Error(answer["error"]["code"], answer["error"]["message"], answer["error"].get("data"))
        return answer["result"]

    def _parse(self, args: List[str]) -> Tuple[str, str]:
        """The method to answer, empty for all; or the text to print."""
        if len(args) > 1:
            raise _Usage(f"expected one argument at most, got {args!r}")
        arg = args[0] if args else "serve"
        title = f"pathvector-plugin-{self.name} {self.version}\n"
        if arg in ("-h", "--help"):
            return "", title + self._help()
        if arg == "--version":
            return "", title
        if not arg or arg.startswith("-"):
            raise _Usage(f"expected a method or an option, got {arg!r}")
        return "" if arg == "serve" else arg, ""

    def _help(self) -> str:
        describe = _message({"params": {"protocol": PROTOCOL}}, "1", "describe").decode().strip()
        return (self.description + "\n" if self.description else "") + f"""
This is a plugin: pathvector-plugin runs it and speaks JSON-RPC 2.0 with it.

  METHOD      answer the request on stdin; METHOD is {" or ".join(self._methods())}
  serve       answer every request on stdin until it ends
  --help      print this
  --version   print name and version

Without an argument it does what serve does. Ask it by hand:

  echo '{describe}' | pathvector-plugin-{self.name} describe
"""

    def _methods(self) -> List[str]:
        return ["describe", *sorted(self._handlers)]

    def _describe(self) -> Json:
        described: Json = {"name": self.name, "version": self.version, "protocols": [PROTOCOL]}
        optional = {
            "description": self.description or None,
            "methods": self._methods(),
            "mode": "kept-running" if self.kept_running else None,
            "commands": [command.spec for command in self._commands.values()] or None,
            "reads": self.reads, "writes": self.writes, "options": self.options, "needs": self.needs,
        }
        return {**described, **{key: value for key, value in optional.items() if value is not None}}

    def _answer(self, method: str, job: _Job) -> Any:
        if method == "describe":
            return self._describe()
        if method not in self._handlers:
            raise Error(NO_METHOD, f"expected one of the methods {', '.join(self._methods())}, got {_shown(method)}")
        return self._handlers[method](job)

    def _run_command(self, job: _Job) -> Any:
        name = job.typed_param("name", str, None)
        if name not in self._commands:
            raise Error(INVALID_PARAMS, f"expected one of the commands {', '.join(self._commands)}, got {_shown(name)}")
        return self._commands[name].handler(job)


def _maker(handler: Callable[[Any], object], kind: Any) -> Callable[[_Job], Any]:
    """What makes the call for a handler, by the annotation of its parameter."""
    try:
        hints = get_type_hints(handler)
    except NameError as e:
        raise TypeError(f"an annotation of {_place(handler)} is not known: {e}; its types must stand in the module") from e
    names = handler.__code__.co_varnames[: handler.__code__.co_argcount] if hasattr(handler, "__code__") else ()
    hint = hints.get(names[0]) if names else None
    if hint is not None and hint is not kind and get_origin(hint) is not kind:
        raise TypeError(f"the parameter of {_place(handler)} must be a {kind.__name__}[OPTIONS, VIEW], got {hint!r}")
    options, view = get_args(hint) or (Json, Json)

    def make(job: _Job) -> Any:
        return kind(job, job.options(options), job.view(view), job.context)

    return make


def _place(function: Callable[..., object]) -> str:
    code = getattr(function, "__code__", None)
    name = getattr(function, "__qualname__", repr(function))
    return f"{name} ({os.path.basename(code.co_filename)}:{code.co_firstlineno})" if code else name


def _modified(job: _Job, view: Any, result: Any) -> Json:
    """The result of modify for what a handler returned (MOD-2)."""
    if isinstance(result, Patch):
        return {"patch": [_operation(i, operation) for i, operation in enumerate(result.operations)]}
    is_view = result is None or result is view or (_is_dataclass(type(view)) and isinstance(result, type(view)))
    if not is_view:
        if not isinstance(result, Mapping):
            raise Error(INTERNAL, f"expected a dict, a Patch, the view or None from the handler, got {type(result).__name__}")
        return {"merge": result}
    wanted = _plain(view if result is None else result)
    if not isinstance(wanted, dict):
        raise Error(INTERNAL, f"expected the view to be an object, got {type(view).__name__}")
    sent = job.sent_view()
    if _is_dataclass(type(view)):
        wanted = _overlay(sent, _plain(_typed(type(view), sent, "", False)), wanted)
    operations = _difference(sent, wanted)
    return {"patch": operations} if operations else {"merge": {}}


def _operation(i: int, operation: Mapping[str, Any]) -> Mapping[str, Any]:
    needed = {"add": "value", "remove": "", "replace": "value", "move": "from", "copy": "from", "test": "value"}
    op = operation.get("op")
    if op not in needed or "path" not in operation or (needed[op] and needed[op] not in operation):
        expected = f"expected op ({', '.join(needed)}), path, and value or from, in operation {i} of the Patch"
        raise Error(INTERNAL, f"{expected}, got {operation!r}")
    return operation


def _finding(found: Finding) -> Json:
    if found.severity not in ("error", "warning", "info") or not found.message:
        raise Error(INTERNAL, f"expected a severity (error, warning, info) and a message, got {found!r}")
    filled = {"code": found.code or None, "proposed": found.proposed}
    needed = {"severity": found.severity, "pointer": found.pointer, "message": found.message}
    return {**needed, **{key: value for key, value in filled.items() if value is not None}}


def _exit_code(name: str, handler: Callable[[Any], object], call: Any) -> int:
    try:
        code = handler(call)
    except SystemExit as e:  # as argparse ends a program
        code = e.code
        if isinstance(code, str):
            print(code, file=call.stderr)
            code = 1
    code = 0 if code is None else code
    if isinstance(code, bool) or not isinstance(code, int) or not 0 <= code <= 255:
        raise Error(INTERNAL, f"expected an exit code from 0 to 255 of the command {name!r}, got {code!r}")
    return code


class _Output(io.TextIOBase):
    """Sends what a command prints, line by line (CMD-8)."""

    def __init__(self, job: _Job, stream: str) -> None:
        self._job, self._stream, self._rest, self._lock = job, stream, "", threading.Lock()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._lock:
            self._rest += text
            if "\n" in text or len(self._rest) > OUTPUT:
                self._send()
        return len(text)

    def flush(self) -> None:
        with self._lock:
            self._send()

    def _send(self) -> None:
        text, self._rest = _clean(self._rest), ""
        for at in range(0, len(text), OUTPUT):
            self._job.notify("output", {"stream": self._stream, "text": text[at : at + OUTPUT]})


class _Logging(logging.Handler):
    """While it is entered, what is logged goes to the host (NTF-2): with the call
    that logs, or the only one. Where there is none, or several, it goes to stderr."""

    _USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def __init__(self, server: _Server) -> None:
        super().__init__()
        self._server, self._stderr = server, logging.StreamHandler(server.stderr)
        self._stderr.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))

    def __enter__(self) -> None:
        root = logging.getLogger()
        self._before = root.handlers, root.level
        root.handlers = [h for h in root.handlers if type(h) is not logging.StreamHandler] + [self]
        if root.level == logging.WARNING:  # as it is when nobody has set it
            root.setLevel(logging.INFO)

    def __exit__(self, *_: object) -> None:
        logging.getLogger().handlers, level = self._before
        logging.getLogger().setLevel(level)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            job = _running.get() or self._server.only_job()
            if job is None or not job.notify("log", self._params(record)):
                self._stderr.emit(record)
        except Exception:
            self.handleError(record)

    def _params(self, record: logging.LogRecord) -> Json:
        level = {0: "debug", 1: "debug", 2: "info", 3: "warning"}.get(record.levelno // 10, "error")
        fields = {key: _field(value) for key, value in vars(record).items() if key not in self._USUAL}
        if record.exc_info and record.exc_info[0]:
            fields["exception"] = _clean("".join(traceback.format_exception(*record.exc_info)))
        params = {"level": level, "message": _clean(record.getMessage()) or "(no message)"}
        return {**params, "fields": fields} if fields else params


def _field(value: Any) -> Any:
    """A field of a log record as JSON has it; what has no JSON is told in words."""
    try:
        plain = _plain(value)
        _encode(plain).encode()
        return plain
    except Exception:
        return _clean(str(value))


# ---- Calls on their way to their answers ----


class _Job:
    """One request on its way to its answer; id is written as it came, None when it
    could not be read."""

    def __init__(self, server: _Server, line: bytes) -> None:
        self.server, self.line, self.size = server, line, len(line) + (4 << 10)
        self.id: Optional[str] = None
        self.method, self.params, self.broken = "", cast(Any, {}), cast(Optional[Error], None)
        self.context, self.deadline, self.messages = Context(), cast(Optional[float], None), cast(List[Json], [])
        self.told = threading.Event()  # to end
        self.cancelled = ""  # why nobody wants the answer
        self.returned = self.stuck = False
        self._lock, self._over = threading.RLock(), False
        self._last_progress, self._progress_ended = -PROGRESS, False

    # what handlers get

    def over_for_handler(self) -> bool:
        return self.told.is_set() or (self.deadline is not None and time.monotonic() >= self.deadline)

    def receive(self) -> None:
        """Reads the parameters, the version first (VER-2)."""
        if self.broken:
            raise self.broken
        params = self.params
        version = params.get("protocol")
        if type(version) is not int or version != PROTOCOL:
            got = f"is in version {_encode(version)[:50]}" if "protocol" in params else "names none in params.protocol"
            raise Error(UNSUPPORTED, f"this plugin speaks version 1 of the protocol, the request {got}", {"supported": [1]})
        if self.server.method not in ("", self.method):
            wanted = f"expected a request for {_shown(self.server.method)}, as in the argument"
            raise Error(INVALID_REQUEST, f"{wanted}, got one for {_shown(self.method)}")
        given = self.typed_param("context", Json, {})
        names = {"configFile": str, "configDir": str, "stateDir": str, "timeoutMs": int, "hostVersion": str, "dryRun": bool}
        places = zip(names, Context())
        filled = [self._typed(kind, given.get(n, d), "/context/" + n) for (n, d), kind in zip(places, names.values())]
        self.context = Context(*filled)
        if self.context.timeout_ms > 0:
            self.deadline = time.monotonic() + min(self.context.timeout_ms / 1000, threading.TIMEOUT_MAX / 2)

    def typed_param(self, name: str, kind: Any, default: Any) -> Any:
        """A parameter; absent, it is the default, which makes asking by hand easier."""
        return self._typed(kind, self.params.get(name, default), "/" + name)

    def _typed(self, kind: Any, value: Any, at: str) -> Any:
        try:
            return _typed(kind, value, at, False)
        except _Mismatch as e:
            raise Error(INVALID_PARAMS, f"params{_clean(e.at)}: {e.problem}") from None

    def options(self, kind: Any) -> Any:
        given = self.typed_param("options", Json, {})
        try:
            return _typed(kind, given, "", True)
        except _Mismatch as e:  # OPT-5
            raise InvalidOptions(e.at, f"option {_shown(e.at)}: {e.problem}" if e.at else f"options: {e.problem}") from None

    def view(self, kind: Any) -> Any:
        self.typed_param("config", Json, None)
        return self.typed_param("config", kind, None)

    def sent_view(self) -> Json:
        """The view as it was sent, whatever the handler has done to its own."""
        return cast(Json, _Members(self.line).values["params"]["config"])

    def get(self, pointer: str) -> Tuple[bool, Any]:
        answer = self.server.ask(self, pointer) if self.server.asks else None
        if answer is None or answer.get("error", {}).get("code") == NO_METHOD:
            return _look_up(self.sent_view(), pointer)
        if "error" in answer:
            raise Error(answer["error"]["code"], answer["error"]["message"], answer["error"].get("data"))
        result = answer.get("result")
        if isinstance(result, dict) and isinstance(result.get("found"), bool) and (not result["found"] or "value" in result):
            return result["found"], result.get("value")
        raise Error(INTERNAL, f"expected config.get to be answered with found and value, got {_shown(result)}")

    def progress(self, done: float, total: float, message: str) -> None:
        """Sends it, unless the last one was just now (NTF-3)."""
        ended = 0 < total <= done
        now = time.monotonic()
        with self._lock:
            if now - self._last_progress < PROGRESS and (not ended or self._progress_ended):
                return
            self._last_progress, self._progress_ended = now, ended
        params: Json = {"message": _clean(message)} if message else {}
        if 0 <= done < math.inf:
            params["done"] = done
        if 0 < total < math.inf:
            params["total"] = total
        self.notify("progress", params)

    def tell(self, why: str) -> None:
        """Tells the handler that nobody wants its answer any more."""
        self.cancelled = self.cancelled or why
        self.told.set()

    # what goes out

    def notify(self, method: str, params: Json) -> bool:
        """Sends a notification, if there is no answer yet (MSG-13, NTF-8)."""
        return self.write(_message({"params": {"request": _Raw(self.id), **_plain(params)}}, method=method))

    def write(self, line: bytes) -> bool:
        with self._lock:
            if not self._over:
                self.server.write(line)
            return not self._over

    def answer(self, result: Any, error: Optional[Error] = None) -> bool:
        """Answers, if there is no answer yet (MSG-4), and says whether it did."""
        with self._lock:
            if self._over:
                return False
            self._over = True
            self.told.set()
            self.server.write(self._line(result, Cancelled(self.cancelled) if self.cancelled else error))
        self.server.forget(self)
        return True

    def _line(self, result: Any, error: Optional[Error]) -> bytes:
        if error is None:
            try:
                return _message({"result": result}, self.id)
            except Error as e:
                error = e
        own = isinstance(error.code, int) and (0 < error.code < 1 << 31 or error.code in CODES)
        message = _clean(str(error.message)) or "the plugin failed, and does not say why"
        answer = {"code": error.code if own else INTERNAL, "message": message}
        try:
            full = answer if error.data is None else {**answer, "data": error.data}
            return _message({"error": _plain(full)}, self.id or "null")
        except Error as e:
            return _message({"error": {**answer, "data": {"leftOut": e.message[:200]}}}, self.id or "null")


class _Raw(_Float):
    """An id, written as it came."""

    def __new__(cls, text: Optional[str]) -> _Raw:
        self = float.__new__(cls, 0)
        self.text = text or "null"
        return self


def _kind_of(members: _Members) -> Literal["request", "notification", "answer"]:
    """What kind of message the line is; an Error if it is none (FRM-9)."""
    given = members.values
    if given.get("jsonrpc") != "2.0":
        raise Error(INVALID_REQUEST, 'expected a request, with "jsonrpc":"2.0" (MSG-1)')
    if "method" not in given:
        if not given.keys() & {"id", "result", "error"}:
            raise Error(INVALID_REQUEST, "expected a request, with a method (FRM-9)")
        return "answer"
    if not isinstance(given["method"], str) or not isinstance(given.get("params", {}), dict):
        raise Error(INVALID_REQUEST, "expected a method that is a string, and params that are an object (FRM-9)")
    if "id" not in given:
        return "notification"
    if isinstance(given["id"], bool) or not isinstance(given["id"], (str, int, float)):
        raise Error(INVALID_REQUEST, "expected an id that is a string or a number (FRM-9)")
    return "request"


def _look_up(view: Any, pointer: str) -> Tuple[bool, Any]:
    if pointer and (pointer[0] != "/" or re.search("~(?![01])", pointer)):
        raise Error(INVALID_PARAMS, f"expected a JSON Pointer, as \"/peers/A/asn\", got {_shown(pointer)}")
    for segment in pointer.split("/")[1:]:
        key = segment.replace("~1", "/").replace("~0", "~")
        if isinstance(view, dict) and key in view:
            view = view[key]
        elif isinstance(view, list) and re.fullmatch("0|[1-9][0-9]{0,9}", key) and int(key) < len(view):
            view = view[int(key)]
        else:
            return False, None
    return True, view


def _print(text: str, stderr: TextIO) -> None:
    """Prints it for people, if there are any."""
    try:
        stderr.write(text.encode("utf-8", "backslashreplace").decode())
        stderr.flush()
    except (OSError, ValueError, AttributeError):  # nobody reads it, or it is closed
        pass


def _failure(e: BaseException, stderr: TextIO) -> Error:
    """The error to answer for an exception. One that the plugin did not mean names
    the line, and is shown on stderr with what led to it."""
    if isinstance(e, Error):
        return e
    _print("".join(traceback.format_exception(type(e), e, e.__traceback__)), stderr)
    frames = traceback.extract_tb(e.__traceback__)
    own = [frame for frame in frames if frame.filename != _failure.__code__.co_filename] or frames
    mine = [frame for frame in own if frame.filename == own[0].filename]  # and not a library's
    text = str(e) or type(e).__name__
    text = text if len(text) <= 2000 else text[:2000] + "…"
    return Error(INTERNAL, f"{type(e).__name__}: {text} ({os.path.basename(mine[-1].filename)}:{mine[-1].lineno})")


_streams: Optional[Tuple[BinaryIO, BinaryIO]] = None


def _take_streams() -> Tuple[BinaryIO, BinaryIO]:
    """stdin and stdout, which from then on belong to the protocol: what else reads
    stdin finds nothing, and what else is printed goes to stderr (FRM-11). It moves
    the descriptors, for children and libraries in C have those; what print() has
    kept back until now goes to stderr as well."""
    global _streams
    if _streams is None:
        null = os.open(os.devnull, os.O_RDWR)
        _streams = _moved(0, "rb", null), _moved(1, "wb", null)
        os.dup2(null, 0)
        try:
            os.dup2(2, 1)
        except OSError:  # there is no stderr
            os.dup2(null, 1)
        if null > 2:
            os.close(null)
        if isinstance(sys.stdout, io.TextIOWrapper):
            try:
                sys.stdout.reconfigure(line_buffering=True)  # flushes
            except OSError:  # nobody reads stderr
                pass
    return _streams


def _moved(fd: int, mode: str, null: int) -> BinaryIO:
    try:
        copy = os.dup(fd)
        os.set_blocking(copy, True)
    except OSError:  # it is closed
        copy = os.dup(null)
    return cast(BinaryIO, os.fdopen(copy, mode, buffering=0))


class _Server:
    """Answers the requests on stdin: one, or all until it ends. It reads on while
    handlers work, since what they wait for comes that way."""

    def __init__(self, plugin: Plugin, method: str, stdin: BinaryIO, stdout: BinaryIO, stderr: TextIO) -> None:
        self.plugin, self.method, self.stdin, self.stdout, self.stderr = plugin, method, stdin, stdout, stderr
        self.asks = plugin.kept_running and not method
        self.at_once = HANDLERS if self.asks else 1
        self.lock = threading.RLock()
        self.room = threading.Condition(self.lock)  # there may be room for another request
        self.jobs: List[_Job] = []  # those without an answer
        self.waiting: Deque[_Job] = deque()  # those of them that no handler works on yet
        self.questions: Dict[str, Tuple[queue.SimpleQueue[Optional[Json]], _Job]] = {}
        self.running = self.stuck = self.held = self.asked = 0
        self.out_lock = threading.Lock()
        self.news: queue.SimpleQueue[None] = queue.SimpleQueue()  # something to look at for run
        self.ending = threading.Event()  # of the background
        self.reading_over = self.stopped = self.unwritable = self.failed = self.over = False
        self.problem = ""  # why the plugin cannot go on

    # the process: what happens until it ends

    def run(self) -> int:
        restore = self._on_sigterm()
        try:
            threading.Thread(target=self._read, daemon=True).start()
            background = self._start_background()
            self._until(lambda: self.reading_over, or_hopeless=True)
            self._stop_reading()
            self._finish()
            background.join(STOP)
        finally:
            self.over = True
            restore()
        if self.problem:
            _print(self.problem + "\n", self.stderr)
        return 1 if self.problem or self.unwritable else 0

    def _on_sigterm(self) -> Callable[[], object]:
        if threading.current_thread() is not threading.main_thread():
            return lambda: None

        read, write = os.pipe()
        os.set_blocking(write, False)

        def watch() -> None:
            for number in iter(lambda: os.read(read, 1), b""):
                if number[0] == signal.SIGTERM:
                    self.stopped = True
                self.news.put(None)
            os.close(read)

        # The system may hand the signal to a thread other than this one, which would
        # then sleep on. The byte that Python writes wakes it in any case.
        wakeup = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        before = signal.signal(signal.SIGTERM, lambda *_: signal.signal(signal.SIGTERM, signal.SIG_DFL))
        threading.Thread(target=watch, daemon=True).start()

        def restore() -> None:
            signal.signal(signal.SIGTERM, before)
            signal.set_wakeup_fd(wakeup)
            os.close(write)

        return restore

    def _hopeless(self) -> bool:
        return self.stopped or self.unwritable or self.failed

    def _until(self, done: Callable[[], bool], seconds: Optional[float] = None, or_hopeless: bool = False) -> bool:
        end = None if seconds is None else time.monotonic() + seconds
        while not done() and not (or_hopeless and self._hopeless()):
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return False
            try:
                self.news.get(timeout=left)
            except queue.Empty:
                pass
        return True

    def _stop_reading(self) -> None:
        with self.lock:
            self.reading_over = True
            self.ending.set()
            if self.method and self.stopped and not self.jobs:
                self.problem = self.problem or "stopped before there was a request"
            for answer, _ in self.questions.values():
                answer.put(None)
            self.room.notify_all()

    def _finish(self) -> None:
        """Waits for the answers. Handlers get time when stdin has ended; one that was
        run for one method has all the time. Then they are told to end, and those that
        do not return are answered for."""
        self._until(self._idle, None if self.method else FINISH, or_hopeless=True)
        with self.lock:
            late = list(self.jobs)
        for job in late:
            job.tell("the plugin ends")
        if not self._until(self._idle, STOP):
            for job in late:  # a host that does not read must not keep the process
                threading.Thread(target=job.answer, args=(None,), daemon=True).start()
            if not self._until(self._idle, STOP) and not self.unwritable:
                self.problem = "calls are left without an answer, since nobody reads what the plugin writes to stdout"
        self._until(lambda: self.running == 0, CANCEL if late or self.stuck else FINISH)

    def _idle(self) -> bool:
        return not self.jobs

    def _start_background(self) -> threading.Thread:
        function = self.plugin._background

        def work() -> None:
            try:
                if function and self.asks:
                    function(self.ending)
            except BaseException as e:
                if not self.ending.is_set():
                    self._fail("the plugin's background failed: " + _failure(e, self.stderr).message)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def _fail(self, problem: str) -> None:
        """The plugin cannot go on."""
        self.problem, self.failed = self.problem or problem, True
        self.news.put(None)

    # what comes in

    def _read(self) -> None:
        try:
            for line in self._lines():
                if self._take_line(line) and self.method:
                    return
                if self.reading_over:
                    return
            if self.method:
                self.problem = "expected one request line on stdin, got none; --help shows how to ask by hand"
        except Error as e:  # nobody knows where the next line starts
            job = _Job(self, b"")
            job.broken = e
            self._take(job)
            self.problem = e.message
        except Exception as e:
            self.problem = "cannot read stdin: " + _failure(e, self.stderr).message
        finally:
            self.reading_over = True
            self.news.put(None)

    def _lines(self) -> Iterator[bytes]:
        """The lines of stdin without their LF, nor one CR before it (FRM-2)."""
        rest = bytearray()
        while True:
            chunk = self.stdin.read(1 << 16)
            if not chunk:
                break
            head, *others = chunk.split(b"\n")
            rest += head
            for other in others:
                self._within_limit(rest)
                yield bytes(rest[:-1] if rest.endswith(b"\r") else rest)
                rest = bytearray(other)
            self._within_limit(rest)
        if rest:
            raise Error(PARSE_ERROR, "the last line does not end with LF (FRM-8)")

    def _within_limit(self, line: bytearray) -> None:
        if len(line) > LIMIT:
            raise Error(PARSE_ERROR, f"the line is longer than {LIMIT} bytes (FRM-7)")

    def _take_line(self, line: bytes) -> bool:
        """Takes up a line, and says whether it is one to answer."""
        job = _Job(self, line)
        try:
            members = _Members(line)
            kind = _kind_of(members)
        except Error as e:
            job.broken = e
            return self._take(job)
        if kind == "request":
            job.id, job.method = members.source("id"), members.values["method"]
            job.params = members.values.get("params", {})
            return self._take(job)
        if kind == "answer":
            self._answered(members)
        elif members.values["method"] == "cancel" and "id" in members.values.get("params", {}):
            self._cancel(_Members(members.source("params").encode()).source("id"))
        return False

    def _answered(self, members: _Members) -> None:
        with self.lock:
            question = self.questions.pop(members.source("id") if "id" in members.values else "", None)
        if question:
            question[0].put(members.values)

    # requests: how many are held, and who works on them

    def _take(self, job: _Job) -> bool:
        """Lets a handler answer the request, at once or when there is one free. It waits
        while too many are held, but not while a handler waits for the host: its answer
        may be in the next line."""
        with self.lock:
            while self._full(job) and not self.questions and not self.reading_over:
                self.room.wait()
            self.jobs.append(job)
            full = self._full(job)
            if not full:
                self.held += job.size
                self.waiting.append(job)
                self._start()
        if full:
            job.answer(None, Unavailable("too many requests wait for an answer; send less at once", 1))
        return True

    def _full(self, job: _Job) -> bool:
        return self.held > 0 and self.held + job.size > HELD

    def _start(self) -> None:
        while self.running < self.at_once and self.waiting:
            self.running += 1
            threading.Thread(target=self._handle, args=(self.waiting.popleft(),), daemon=True).start()

    def _handle(self, job: _Job) -> None:
        _running.set(job)
        result, error = None, None
        try:
            job.receive()
            result = _plain(self.plugin._answer(job.method, job))
            if job.over_for_handler():  # it may have stopped half way
                raise Unavailable("the time for the call was over before the plugin was done")
        except BaseException as e:
            error = _failure(e, self.stderr)
        job.answer(result, error)
        with self.lock:
            self.running -= 1
            self.stuck -= job.stuck
            job.returned = True
            self._release(job)
            self._start()
        self.news.put(None)

    def _release(self, job: _Job) -> None:
        self.held -= job.size
        self.room.notify_all()

    def only_job(self) -> Optional[_Job]:
        """The request that a handler works on, if it is one."""
        with self.lock:
            working = [job for job in self.jobs if job not in self.waiting]
        return working[0] if len(working) == 1 else None

    def forget(self, job: _Job) -> None:
        """The request has its answer."""
        with self.lock:
            self.jobs.remove(job)
        self.news.put(None)

    def _cancel(self, id: str) -> None:
        """Ends the requests with the id (INV-17): one that waits is answered at once;
        for one that is handled the handler is told, and answered for when it takes
        too long."""
        with self.lock:
            chosen = [job for job in self.jobs if job.id == id]
            for job in chosen:
                job.tell("the host cancelled the call")
                if job in self.waiting:
                    self.waiting.remove(job)
                    self._release(job)
                    target, delay = cast(Callable[[_Job], object], lambda job: job.answer(None)), 0.0
                else:
                    target, delay = self._give_up, CANCEL
                timer = threading.Timer(delay, target, [job])
                timer.daemon = True
                timer.start()
            for answer, asker in self.questions.values():
                if asker in chosen:
                    answer.put(None)

    def _give_up(self, job: _Job) -> None:
        """Answers for a handler that did not return. It keeps its place; when all are
        kept so, the plugin ends, for the host cannot see that it hangs."""
        if not job.answer(None):
            return
        with self.lock:
            if job.returned:
                return
            job.stuck = True
            self.stuck += 1
            if self.stuck == self.at_once:
                self._fail(
                    f"{self.stuck} calls were cancelled, and the plugin's handler has returned from none of them; "
                    "it must return when call.cancelled is true"
                )

    # what goes out

    def ask(self, job: _Job, pointer: str) -> Optional[Json]:
        """The host's answer to config.get; None when none can come (ASK-1, ASK-2)."""
        answer: queue.SimpleQueue[Optional[Json]] = queue.SimpleQueue()
        with self.lock:
            if self.reading_over:
                return None
            self.asked += 1
            id = f'"a{self.asked}"'
            self.questions[id] = answer, job
            self.room.notify_all()
        try:
            params = {"request": _Raw(job.id), "pointer": _plain(pointer)}
            if not job.write(_message({"params": params}, id, "config.get")):
                raise Error(INTERNAL, "the call is over, so the host does not answer any more")
            left = None if job.deadline is None else max(0.0, job.deadline - time.monotonic())
            got = answer.get(timeout=left)
        except queue.Empty:
            raise Unavailable("the time for the call was over before the host answered") from None
        finally:
            with self.lock:
                self.questions.pop(id, None)
        if got is None and job.cancelled:
            raise Cancelled(job.cancelled)
        return got

    def write(self, line: bytes) -> None:
        """Writes a whole line. Who writes waits until the host has read enough."""
        with self.out_lock:
            try:
                at = 0
                while at < len(line) and not self.unwritable:
                    at += self.stdout.write(memoryview(line)[at:]) or 0
            except (OSError, ValueError):
                self.unwritable = True
                self.news.put(None)
