"""An echo server of our own on loopback, for tests and measurements that need no lab."""

import functools
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = os.environ.get("DEADAIR_BIN", os.path.join(ROOT, "build", "release", "bin"))


def program(name):
    path = os.path.join(PROGRAMS, name)
    if not os.access(path, os.X_OK):
        sys.exit(f"{path} is missing; build it first (scripts/test does)")
    return path


class ServerProcess:
    """deadair-echo-server on a free port of 127.0.0.1, for the length of a `with`."""

    def __init__(self, *options):
        self._options = options
        self._metrics = []

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="deadair-server-")
        os.chmod(self.folder.name, 0o755)  # so that a server of another user can get there
        self.token_file = self.file("state/token")
        self._log = open(self.file("log"), "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [program("deadair-echo-server"), "--listen", "127.0.0.1:0", "--state-dir",
             self.file("state"), "--metrics", "127.0.0.1:0", *self._options], text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=self._log)
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if "--pin" in line:
                break
        self.pin = re.search(r"--pin (sha256:[0-9a-f]{64})", self.printed).group(1)
        self._metrics = re.findall(r"metrics +(\S+)", self.printed)
        self.port = int(re.search(r"listening on 127\.0\.0\.1:(\d+)", self.printed).group(1))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()
        self._log.close()
        self.folder.cleanup()

    def file(self, name):
        return os.path.join(self.folder.name, name)

    def log(self):
        with open(self.file("log"), encoding="utf-8") as file:
            return file.read()

    def token(self):
        """The first token's secret."""
        with open(self.token_file, encoding="ascii") as file:
            return bytes.fromhex(file.read().split()[-1])

    def tell_tokens(self, text):
        """Writes the token file, and waits until the server has read it again."""
        before = self.metrics()["tokens_read"]
        with open(self.token_file, "w", encoding="ascii") as file:
            file.write(text)
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.metrics()["tokens_read"] > before, "the new tokens' reading", 60)

    def pids(self):
        """The processes that hold connections."""
        if len(self._metrics) == 1:
            return [self.process.pid]
        children = []
        wait_until(lambda: children.extend(self._children()) or
                   len(children) == len(self._metrics), "the start of all processes")
        return children

    def _children(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children",
                  encoding="ascii") as file:
            found = [int(pid) for pid in file.read().split()]
        return found if len(found) == len(self._metrics) else []

    def metrics(self):
        """What each process counts, added up: "farewells.too_slow", "connections.tls"."""
        sums = {}
        for address in self._metrics:
            with urllib.request.urlopen(address, timeout=10) as page:
                text = page.read().decode()
            assert text.endswith("# EOF\n"), text
            for name, label, value in re.findall(
                    r'^deadair_(\w+?)(?:_total)?(?:{\w+="([^"]+)"})? (\S+)$', text, re.MULTILINE):
                key = f"{name}.{label}" if label else name
                add = max if name.startswith("longest_") else float.__add__
                sums[key] = add(sums.get(key, 0.0), float(value))
        return sums

    def connect_to_metrics(self):
        host, port = re.search(r"//([\d.]+):(\d+)/", self._metrics[0]).groups()
        return socket.create_connection((host, int(port)), timeout=10)

    def assert_no_long_turn(self):
        """Whatever happened, nobody was kept waiting for long; in processor time. Called in an
        AttackTest, which tries again."""
        seen = self.metrics()
        print(f"turns={seen['turns']:.0f} longest_ms={1000 * seen['longest_turn_seconds']:.2f}", flush=True)
        if seen["long_turns"] != 0:
            raise LongTurn(seen)

    def load(self, *options):
        """Runs deadair-load against this server; returns the figures that it printed."""
        pids = [word for pid in self.pids() for word in ("--server-pid", str(pid))]
        done = subprocess.run(
            [program("deadair-load"), "--server", f"127.0.0.1:{self.port}", "--pin", self.pin,
             "--token-file", self.token_file, *pids, *map(str, options)], text=True,
            capture_output=True)
        assert done.returncode == 0, done.stdout + done.stderr + self.log()
        return figures(done.stdout)


class LongTurn(AssertionError):
    """Of a server's loop: of its own work, or of the machine's."""


class AttackTest(unittest.TestCase):
    """Tests that end with assert_no_long_turn. A thread's processor time also holds what interrupts
    and the host of a virtual machine take while it runs. That comes by chance and only adds; what an
    attack makes the server do comes with each attack. So a test fails when each of its tries saw a
    long turn: the least of them is nearest to the server's own work."""

    TRIES = 3

    def __init_subclass__(cls):
        super().__init_subclass__()
        for name in [name for name in vars(cls) if name.startswith("test_")]:
            setattr(cls, name, cls._tried_again(getattr(cls, name)))

    @classmethod
    def _tried_again(cls, test):
        @functools.wraps(test)
        def tries(self):
            for _ in range(cls.TRIES - 1):
                try:
                    return test(self)
                except LongTurn:
                    print(f"again={self.id().split('.')[-1]}", flush=True)
                    self.doCleanups()
                    self.setUp()
            return test(self)
        return tries


def upgrade_request(token):
    """What lets a WebSocket client of another make in, over TLS."""
    return b"\r\n".join([
        b"GET /echo HTTP/1.1", b"Host: x", b"Connection: upgrade", b"Upgrade: websocket",
        b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        b"Authorization: Bearer " + token.encode(), b"", b""])


def wait_until(condition, what, at_most=10):
    """Polls, because the thing waited for happens in another process."""
    end = time.monotonic() + at_most
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {at_most} s"
        time.sleep(0.02)


def figures(text):
    """`key=value` pairs, the numbers as such; "name key=value" gives "name.key"."""
    found = {}
    for line in text.splitlines():
        prefix = ""
        for word in line.split():
            key, _, value = word.partition("=")
            if not value:
                prefix = key + "."
                continue
            try:
                found[prefix + key] = float(value)
            except ValueError:
                found[prefix + key] = value
    return found
