"""What the tests of pathvector_plugin share."""

import io
import json
import queue
import threading
from typing import Any, Dict, List, Optional, Tuple

from pathvector_plugin import Plugin

DESCRIBE = '{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}'


def request(config: str = "{}", options: str = "{}", id: str = "1", method: str = "modify", more: str = "") -> str:
    return (
        f'{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{"protocol":1,"options":{options},'
        f'"context":{{"configDir":"/etc/pv","timeoutMs":30000}}{more},"config":{config}}}}}'
    )


def run(plugin: Plugin, stdin: bytes, *args: str) -> Tuple[List[str], str, int]:
    """The lines of stdout, stderr and the exit code."""
    out, errs = io.BytesIO(), io.StringIO()
    code = plugin.run(args, io.BytesIO(stdin), out, errs)
    return out.getvalue().decode().splitlines(), errs.getvalue(), code


def ask(plugin: Plugin, line: str, *args: str) -> str:
    """The last line that comes of one."""
    return run(plugin, line.encode() + b"\n", *(args or ("serve",)))[0][-1]


def result(line: str) -> Any:
    return json.loads(line)["result"]


def error(line: str) -> Dict[str, Any]:
    answered: Dict[str, Any] = json.loads(line)["error"]
    return answered


class _Stdin(io.RawIOBase):
    def __init__(self) -> None:
        self.lines: "queue.SimpleQueue[bytes]" = queue.SimpleQueue()

    def read(self, size: int = -1) -> bytes:
        return self.lines.get()


class _Stdout(io.RawIOBase):
    def __init__(self) -> None:
        self.lines: "queue.SimpleQueue[str]" = queue.SimpleQueue()

    def write(self, data: Any) -> int:
        self.lines.put(bytes(data).decode())
        return len(data)


class Peer:
    """A host with a plugin that is kept running, in a thread."""

    def __init__(self, plugin: Plugin) -> None:
        self._in, self._out, self.stderr = _Stdin(), _Stdout(), io.StringIO()
        self.code: Optional[int] = None
        self._thread = threading.Thread(target=self._run, args=(plugin,))
        self._thread.start()

    def _run(self, plugin: Plugin) -> None:
        self.code = plugin.run(["serve"], self._in, self._out, self.stderr)  # type: ignore[arg-type]

    def write(self, line: str) -> None:
        self._in.lines.put(line.encode() + b"\n")

    def read(self) -> str:
        return self._out.lines.get(timeout=60).rstrip("\n")

    def end(self) -> Optional[int]:
        self._in.lines.put(b"")
        self._thread.join(60)
        return self.code
