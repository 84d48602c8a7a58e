"""The plugin as a process: what belongs to stdout, signals, and its end."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from typing import Any, List, Tuple

from support import DESCRIBE, request

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = f"""
import atexit, logging, os, subprocess, sys, time
sys.path.insert(0, {HERE!r})
early = sys.stdout
print("early")
from pathvector_plugin import Plugin
plugin = Plugin("noisy", version="1.0.0", kept_running=True)
print("module")
os.system("echo module child")
atexit.register(lambda: print("at exit"))

@plugin.modify
def modify(call):
    do = call.options.get("do")
    if do == "wait":
        logging.info("working")
        call.wait(60)
        return {{"partly": True}}
    if do == "raise":
        raise ValueError("oh no")
    if do == "hang":
        logging.info("working")
        time.sleep(60)
    if do == "print":
        print("by print")
        print("by a logger's stream", file=early)
        sys.stdout.buffer.write(b"by bytes\\n")
        sys.stdout.flush()
        os.write(1, b"by descriptor\\n")
        subprocess.run(["echo", "by a child"], check=True)
        return {{"stdin": sys.stdin.read(), "child": subprocess.check_output(["cat"]).decode()}}

if __name__ == "__main__":
    plugin.main()
"""
ENV = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
NOISY = {"early", "module", "module child", "by print", "by a logger's stream", "by bytes", "by descriptor", "by a child", "at exit"}


class Process(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "pathvector-plugin-noisy")
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(SOURCE)

    def start(self, *args: str, stderr: int = subprocess.PIPE) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-B", self.path, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
            text=True, env=ENV,
        )

        def end() -> None:
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def ask(self, line: str, *args: str) -> Any:
        process = self.start(*args)
        out, errs = process.communicate(line, timeout=60)
        return out.splitlines(), set(errs.splitlines()), process.returncode

    def test_stdout_stays_clean(self) -> None:  # FRM-11
        for args in (("modify",), ("serve",), ()):  # type: Tuple[str, ...]
            lines, errs, code = self.ask(request(options='{"do":"print"}') + "\n", *args)
            self.assertEqual(len(lines), 1)
            self.assertEqual(json.loads(lines[0])["result"], {"merge": {"stdin": "", "child": ""}})
            self.assertEqual((errs, code), (NOISY, 0))

    def test_people(self) -> None:
        lines, errs, code = self.ask("", "--version")
        self.assertEqual((lines, code), (["pathvector-plugin-noisy 1.0.0"], 0))
        self.assertEqual(self.ask("", "-x")[2], 2)

    def stopped(self, do: str, arg: str) -> List[str]:
        process = self.start(arg)
        assert process.stdin and process.stdout
        process.stdin.write(request(options='{"do":"%s"}' % do) + "\n")
        process.stdin.flush()
        self.assertIn("working", process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        lines = process.stdout.read().splitlines()
        self.assertEqual(process.wait(60), 0)
        return lines

    def test_sigterm(self) -> None:  # ENV-5: what came half way is no result
        for do in ("wait", "hang"):
            for arg in ("modify", "serve"):
                answers = self.stopped(do, arg)
                self.assertEqual(len(answers), 1)
                self.assertEqual(json.loads(answers[0])["error"]["code"], -32800)

    def test_sigterm_between_calls(self) -> None:
        for arg, code in (("serve", 0), ("modify", 1)):
            process = self.start(arg)
            assert process.stdin and process.stdout
            if arg == "serve":
                process.stdin.write(DESCRIBE + "\n")
                process.stdin.flush()
                self.assertIn('"name":"noisy"', process.stdout.readline())
            else:
                self.wait_for_handler(process.pid)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(60), code)

    def wait_for_handler(self, pid: int) -> None:
        """Until the process catches SIGTERM."""
        mask = 1 << (signal.SIGTERM - 1)
        if not os.path.exists(f"/proc/{pid}/status"):
            self.skipTest("needs /proc")
        while True:
            with open(f"/proc/{pid}/status", encoding="ascii") as file:
                caught = next(line for line in file if line.startswith("SigCgt")).split()[1]
            if int(caught, 16) & mask:
                return

    def test_nobody_reads(self) -> None:
        process = self.start("serve")
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        process.stdin.write(DESCRIBE + "\n")
        process.stdin.flush()
        errs = process.stderr.read()
        self.assertEqual(set(errs.splitlines()), {"early", "module", "module child", "at exit"})
        self.assertEqual(process.wait(60), 1)

    def test_nobody_reads_stderr(self) -> None:
        read, write = os.pipe()
        os.close(read)
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("".join(line for line in SOURCE.splitlines(True) if "print(" not in line and "child" not in line))
        process = self.start("modify", stderr=write)
        os.close(write)
        out, _ = process.communicate(request(options='{"do":"raise"}') + "\n", timeout=60)
        self.assertEqual(json.loads(out.splitlines()[-1])["error"]["code"], -32603)
        self.assertEqual(process.returncode, 0)

    @unittest.skipUnless(os.path.exists("/bin/sh"), "needs a shell")
    def test_closed_descriptors(self) -> None:
        script = f'exec "{sys.executable}" -B "{self.path}" describe'
        for closed, want in (("<&-", 1), ("2>&-", 0), (">&-", 0)):
            done = subprocess.run(["/bin/sh", "-c", f"{script} {closed}"], input=DESCRIBE + "\n", text=True, capture_output=True, env=ENV, timeout=60)
            self.assertEqual(done.returncode, want, (closed, done))
            self.assertEqual(done.stdout.count("\n"), 1 if closed == "2>&-" else 0, done)

    def test_interrupt(self) -> None:
        process = self.start("serve")
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(DESCRIBE + "\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 130)
        self.assertNotIn("Traceback", process.stderr.read())


if __name__ == "__main__":
    unittest.main()
