"""A plugin that is kept running: what happens beside the calls and between them."""

import json
import logging
import threading
import time
import unittest
import unittest.mock
from typing import Any, Callable, Dict

import pathvector_plugin
from pathvector_plugin import Call, Error, Json, Plugin
from support import DESCRIBE, Peer, ask, error, request, result, run

CANCEL = '{"jsonrpc":"2.0","method":"cancel","params":{"id":%s}}'


def made(function: Callable[[Call[Json, Json]], Any], kept_running: bool = True) -> Plugin:
    plugin = Plugin("serve", version="1.0.0", kept_running=kept_running)
    plugin.modify(function)
    return plugin


def params(line: str) -> Dict[str, Any]:
    given: Dict[str, Any] = json.loads(line)["params"]
    return given


class Cancelling(unittest.TestCase):
    def test_handler_that_looks(self) -> None:  # INV-17
        def modify(call: Call[Json, Json]) -> Any:
            call.progress(0)
            return {"cancelled": call.wait(60)}

        host = Peer(made(modify))
        host.write(request(id='"\\u0061"'))
        self.assertEqual(params(host.read())["request"], "a")
        host.write(CANCEL % '"a"')  # another spelling is another id
        host.write(CANCEL % '"\\u0061"')
        self.assertEqual(host.read(), '{"jsonrpc":"2.0","id":"\\u0061","error":{"code":-32800,"message":"the host cancelled the call"}}')
        self.assertEqual(host.end(), 0)

    def test_handler_that_hangs(self) -> None:  # it is answered for, and when all hang the plugin ends
        release = threading.Event()
        host = Peer(made(lambda call: release.wait(60) and None, kept_running=False))
        host.write(request())
        host.write(request(id="2"))
        host.write(CANCEL % 2)  # waits for its turn
        self.assertEqual(json.loads(host.read())["id"], 2)
        host.write(CANCEL % 1)
        self.assertEqual(error(host.read())["code"], -32800)
        self.assertEqual(host.end(), 1)
        self.assertIn("must return when call.cancelled is true", host.stderr.getvalue())
        release.set()

    def test_deadline(self) -> None:
        got = error(ask(made(lambda call: call.wait(60) and None), request().replace("30000", "20")))
        self.assertEqual(got["code"], -32003)
        self.assertIn("the time for the call was over", got["message"])

    def test_no_deadline(self) -> None:
        plugin = made(lambda call: {"remaining": call.remaining, "wait": call.wait(0)})
        self.assertEqual(result(ask(plugin, request().replace("30000", "0"))), {"merge": {"remaining": None, "wait": False}})
        self.assertLessEqual(result(ask(plugin, request()))["merge"]["remaining"], 30)

    def test_end_of_stdin(self) -> None:  # INV-14: what works gets time, and no more than that
        begun = threading.Event()

        def modify(call: Call[Json, Json]) -> Json:
            begun.set()
            return {"cancelled": call.wait(0.1)}

        host = Peer(made(modify))
        host.write(request())
        begun.wait(60)
        self.assertEqual(host.end(), 0)
        self.assertEqual(result(host.read()), {"merge": {"cancelled": False}})
        with unittest.mock.patch.object(pathvector_plugin, "FINISH", 0.05):
            host = Peer(made(lambda call: call.wait(60) and None))
            host.write(request())
            host.end()
        self.assertEqual(error(host.read()), {"code": -32800, "message": "the plugin ends"})


class AtOnce(unittest.TestCase):
    def test_many(self) -> None:  # INV-18, INV-19
        together = threading.Barrier(8, timeout=60)

        def modify(call: Call[Json, Json]) -> None:
            together.wait()

        host = Peer(made(modify))
        for id in range(8):
            host.write(request(id=str(id)))
        self.assertEqual({json.loads(host.read())["id"] for _ in range(8)}, set(range(8)))
        self.assertEqual(host.end(), 0)

    def test_one_after_the_other(self) -> None:
        order = []

        def modify(call: Call[Json, Json]) -> None:
            order.append(call.options["n"])
            time.sleep(0.01)
            order.append(call.options["n"])

        lines = "".join(request(options='{"n":%d}' % n) + "\n" for n in range(5))
        run(made(modify, kept_running=False), lines.encode(), "serve")
        self.assertEqual(order, [n for n in range(5) for _ in "ab"])

    def test_held(self) -> None:  # reading waits while too much is held
        with unittest.mock.patch.object(pathvector_plugin, "HELD", 10 << 10):
            lines = "".join(request(id=str(n)) + "\n" for n in range(200))
            answers, _, _ = run(made(lambda call: None), lines.encode(), "serve")
        self.assertEqual(sorted(json.loads(line)["id"] for line in answers if "result" in line), list(range(200)))


class Questions(unittest.TestCase):
    view = '{"asn":4200000000,"a/b":{"c~d":[10,{"e":null}]},"":"nothing","big":12345678901234567890}'

    def test_same_answers_in_both_modes(self) -> None:  # ASK-1, ASK-2, ASK-3, MSG-12
        def modify(call: Call[Json, Json]) -> Json:
            call.view.clear()  # what was sent counts
            return {"got": call.get(call.options["at"], "default")}

        for at, want in {
            "/asn": 4200000000, "/big": 12345678901234567890, "/": "nothing", "/a~1b/c~0d/0": 10, "/a~1b/c~0d/1/e": None,
            "/a~1b/c~0d/2": "default", "/a~1b/c~0d/-": "default", "/a~1b/c~0d/00": "default", "/asn/x": "default", "/ASN": "default",
        }.items():
            line = request(self.view, json.dumps({"at": at}))
            self.assertEqual(result(ask(made(modify), line, "modify"))["merge"], {"got": want})
            host = Peer(made(modify))
            host.write(line)
            asked = json.loads(host.read())
            self.assertEqual(asked, {"jsonrpc": "2.0", "id": "a1", "method": "config.get", "params": {"request": 1, "pointer": at}})
            found: Json = {"found": False} if want == "default" else {"found": True, "value": want}
            host.write(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": found}))
            self.assertEqual(result(host.read())["merge"], {"got": want})
            self.assertEqual(host.end(), 0)
        for at in ("asn", "/a~2", "/~"):
            self.assertEqual(error(ask(made(modify), request(self.view, json.dumps({"at": at})), "modify"))["code"], -32602)
        self.assertIn('"got":{"asn"', ask(made(modify), request(self.view, '{"at":""}'), "modify"))

    def converse(self, reply: str) -> str:
        host = Peer(made(lambda call: {"got": call.get("/asn", 0)}))
        host.write(request('{"asn":1}'))
        host.read()
        if reply:
            host.write(reply)
        else:
            self.assertEqual(host.end(), 0)
        answer = host.read()
        host.end()
        return answer

    def test_replies(self) -> None:
        reply = '{"jsonrpc":"2.0","id":"a1",%s}'
        refused = self.converse(reply % '"error":{"code":-32602,"message":"this plugin does not read /asn"}')
        self.assertEqual(error(refused), {"code": -32602, "message": "this plugin does not read /asn"})
        self.assertIn("expected config.get to be answered", error(self.converse(reply % '"result":{"found":1}'))["message"])
        for other in (reply % '"error":{"code":-32601,"message":"no"}', ""):  # a host that knows no questions, or is gone
            self.assertEqual(result(self.converse(other))["merge"], {"got": 1})
        self.assertEqual(error(self.converse(CANCEL % 1))["code"], -32800)

    def test_after_the_answer(self) -> None:
        kept = []
        host = Peer(made(lambda call: kept.append(call)))
        host.write(request('{"asn":1}'))
        host.read()
        with self.assertRaisesRegex(Error, "the call is over"):
            kept[0].get("/asn")
        kept[0].progress(1)  # says nothing (NTF-8)
        host.write(DESCRIBE)
        self.assertIn('"name":"serve"', host.read())
        self.assertEqual(host.end(), 0)


class Notifications(unittest.TestCase):
    def notified(self, function: Callable[[Call[Json, Json]], Any]) -> Any:
        lines, errs, _ = run(made(function), request(id='"x"').encode() + b"\n", "serve")
        return [json.loads(line)["params"] for line in lines[:-1]], errs

    def test_log(self) -> None:  # NTF-2, NTF-4
        def modify(call: Call[Json, Json]) -> None:
            logging.debug("of a library: not sent")
            logging.info("%d devices", 3, extra={"site": "fra1", "odd": object, "deep": {"a": [1]}})
            logging.warning("\0")
            logging.getLogger("any").error("")
            try:
                raise ValueError("oh no")
            except ValueError:
                logging.exception("failed")
            thread = threading.Thread(target=logging.critical, args=("of a thread",))
            thread.start()
            thread.join()

        before = logging.getLogger().handlers, logging.getLogger().level
        notes, errs = self.notified(modify)
        self.assertEqual(errs, "")
        self.assertEqual(notes[0], {
            "request": "x", "level": "info", "message": "3 devices",
            "fields": {"site": "fra1", "odd": "<class 'object'>", "deep": {"a": [1]}},
        })
        self.assertEqual([(n["level"], n["message"]) for n in notes[1:]], [
            ("warning", "\ufffd"), ("error", "(no message)"), ("error", "failed"), ("error", "of a thread"),
        ])
        self.assertIn("ValueError: oh no", notes[3]["fields"]["exception"])
        self.assertEqual((logging.getLogger().handlers, logging.getLogger().level), before)

    def test_own_log(self) -> None:
        plugin = Plugin("own", version="1.0.0")

        @plugin.modify
        def modify(call: Call[Json, Json]) -> None:
            plugin.log.debug("everything")

        lines, _, _ = run(plugin, request().encode() + b"\n", "modify")
        self.assertEqual(params(lines[0]), {"request": 1, "level": "debug", "message": "everything"})

    def test_progress(self) -> None:  # NTF-3
        def modify(call: Call[Json, Json]) -> None:
            for done in range(1000):
                call.progress(done + 1, 1000, "reading")
            call.progress(1000, 1000)

        notes, _ = self.notified(modify)
        self.assertEqual(notes[0], {"request": "x", "message": "reading", "done": 1, "total": 1000})
        self.assertEqual(notes[-1], {"request": "x", "message": "reading", "done": 1000, "total": 1000})
        self.assertLess(len(notes), 900)
        notes, _ = self.notified(lambda call: call.progress(-1, float("inf")))
        self.assertEqual(notes, [{"request": "x"}])

    def test_changed(self) -> None:  # NTF-7
        plugin = made(lambda call: plugin.changed())

        @plugin.background
        def watch(stop: threading.Event) -> None:
            plugin.changed()
            stop.wait(60)

        host = Peer(plugin)
        note = '{"jsonrpc":"2.0","method":"changed"}'
        self.assertEqual(host.read(), note)
        host.write(request())
        self.assertEqual(host.read(), note)
        self.assertEqual(result(host.read()), {"merge": {}})
        self.assertEqual(host.end(), 0)
        plugin.changed()  # nobody is there
        self.assertEqual(len(run(plugin, request().encode() + b"\n", "modify")[0]), 1)

    def test_background_that_fails(self) -> None:
        plugin = made(lambda call: None)

        @plugin.background
        def watch(stop: threading.Event) -> None:
            raise OSError("no such file")

        host = Peer(plugin)
        host._thread.join(60)
        self.assertEqual(host.code, 1)
        self.assertRegex(host.stderr.getvalue(), r"the plugin's background failed: OSError: no such file \(test_serve.py:\d+\)")


if __name__ == "__main__":
    unittest.main()
