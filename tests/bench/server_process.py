"""An echo server of our own on loopback, for tests and measurements that need no lab."""

import os
import re
import subprocess
import sys
import tempfile

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

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="deadair-server-")
        self.token_file = self.file("token")
        self._log = open(self.file("log"), "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [program("deadair-echo-server"), "--listen", "127.0.0.1:0", "--state-dir",
             self.folder.name, *self._options], text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=self._log)
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if "--pin" in line:
                break
        self.pin = re.search(r"--pin (sha256:[0-9a-f]{64})", self.printed).group(1)
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

    def pids(self):
        """The processes that hold connections."""
        return [self.process.pid]

    def load(self, *options):
        """Runs deadair-load against this server; returns the figures that it printed."""
        pids = [word for pid in self.pids() for word in ("--server-pid", str(pid))]
        done = subprocess.run(
            [program("deadair-load"), "--server", f"127.0.0.1:{self.port}", "--pin", self.pin,
             "--token-file", self.token_file, *pids, *map(str, options)], text=True,
            capture_output=True)
        assert done.returncode == 0, done.stdout + done.stderr + self.log()
        return figures(done.stdout)


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
