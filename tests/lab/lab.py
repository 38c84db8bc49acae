"""What the lab tests share: a lab of their own, the programs in it, and what a run wrote down."""

import contextlib
import ctypes
import json
import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = os.environ.get("DEADAIR_BIN", os.path.join(ROOT, "build", "release", "bin"))
# How many times as long programs with sanitizers may take.
SLOWER = float(os.environ.get("DEADAIR_SLOWER", "1"))
SERVER = {4: "198.51.100.2", 6: "2001:db8:2::2"}
CLIENT = {4: "192.0.2.2", 6: "2001:db8:1::2"}
NAME = "echo.test"  # of the server, in both families
PORT = 7443
CLONE_NEWNET = 0x40000000

# So that a test that is told to end takes its lab away.
signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


def program(name):
    path = os.path.join(PROGRAMS, name)
    if not os.access(path, os.X_OK):
        raise AssertionError(f"{path} is missing; build it first (scripts/test does)")
    return path


class Lab:
    """client - firewall - server, made by scripts/lab and gone at the end of the `with`."""

    def __init__(self, behaviour="strict", timeout=4, loss=None, rate=None, age=None):
        self.name = "t" + secrets.token_hex(3)
        self.timeout = timeout
        self._options = ["--behaviour", behaviour, "--timeout", str(timeout)]
        for option, value in (("--loss", loss), ("--rate", rate), ("--age", age)):
            if value is not None:
                self._options += [option, str(value)]
        self.named_first = []  # addresses that the server's name has as well, before its own
        self._started = []
        self.at_end = contextlib.ExitStack()  # what is closed before the lab goes

    def __enter__(self):
        if os.geteuid() != 0:
            raise AssertionError("the lab tests make network namespaces; run them as root")
        self.folder = tempfile.TemporaryDirectory(prefix="deadair-lab-")
        try:
            self.command("up", *self._options)
        except BaseException:
            self.folder.cleanup()
            raise
        return self

    def __exit__(self, *_):
        self.at_end.close()
        self.end_started()
        self.command("down")
        self.folder.cleanup()

    def end_started(self):
        for process in self._started:
            if process.poll() is None:
                process.kill()
        self._kill_what_is_left()
        for process in self._started:
            process.communicate()

    def _kill_what_is_left(self):
        """Programs that the programs started would hold their output, and outlive the lab."""
        for host in "client", "firewall", "server":
            listed = subprocess.run(["ip", "netns", "pids", f"deadair-{self.name}-{host}"],
                                    capture_output=True, text=True)
            for pid in listed.stdout.split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)

    def command(self, command, *words):
        """Runs scripts/lab for this lab and returns what it printed."""
        done = subprocess.run([os.path.join(ROOT, "scripts", "lab"), command, "--name", self.name,
                               *words], text=True, capture_output=True)
        assert done.returncode == 0, f"scripts/lab {command} {words}: {done.stderr}"
        return done.stdout

    def truth(self):
        """The firewall's own idle timeout, in seconds."""
        return float(self.command("truth"))

    def file(self, name):
        """A path in this lab's temporary folder."""
        return os.path.join(self.folder.name, name)

    @contextlib.contextmanager
    def inside(self, host):
        """Sockets made by this thread meanwhile belong to that host, and stay there."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net") as home, \
                open(f"/run/netns/deadair-{self.name}-{host}") as there:
            assert libc.setns(there.fileno(), CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            try:
                yield
            finally:
                assert libc.setns(home.fileno(), CLONE_NEWNET) == 0

    def start(self, host, *command, **options):
        """Starts a program on a host. It ends with the lab, if not before."""
        process = subprocess.Popen(
            ["ip", "netns", "exec", f"deadair-{self.name}-{host}", *command], text=True,
            stdin=subprocess.DEVNULL, cwd=self.folder.name, **{"stdout": subprocess.PIPE, **options})
        self._started.append(process)
        return process

    def run(self, host, *command):
        """Runs a command on a host to its end and returns what it printed."""
        done = subprocess.run(["ip", "netns", "exec", f"deadair-{self.name}-{host}", *command],
                              text=True, capture_output=True)
        assert done.returncode == 0, f"{host}: {command}: {done.stderr}"
        return done.stdout

    def mount_tmpfs(self, folder, size):
        """A disk of that size, gone with the lab."""
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "deadair", folder], check=True)
        self.at_end.callback(subprocess.run, ["umount", "-l", folder], check=True)

    def _knowing_names(self):
        """Words that start a command to which the server's name is known: each command that is
        started on a host has file systems mounted of its own."""
        with open(self.file("hosts"), "w") as file:
            file.writelines(f"{address} {NAME}\n" for address in (*self.named_first, *SERVER.values()))
        return "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', self.file("hosts")

    def echo_server(self, *options):
        """Starts the echo server and returns once it listens, with its pin and token file."""
        process = self.start("server", program("deadair-echo-server"), "--listen", f"[::]:{PORT}",
                             "--state-dir", self.file("state"), *options,
                             stderr=self.at_end.enter_context(open(self.file("server.log"), "w")))
        return EchoServer(process, self.file(os.path.join("state", "token")))

    def prober(self, server, *options, family=4, database="results.db", command="measure", **more):
        """Starts a prober against that server, by its name if no family is given; a measurement
        refreshes nothing unless told to."""
        if command == "measure" and not any(each.startswith("--refresh") for each in options):
            options += ("--refresh", "none")
        host = {4: SERVER[4], 6: f"[{SERVER[6]}]", None: NAME}[family]
        return Prober(self.start(
            "client", *(() if family else self._knowing_names()), program("deadair-prober"),
            command, f"{host}:{PORT}", *server.trust,
            "--token-file", server.token_file, "--db", self.file(database), "--progress", "json",
            *options, stderr=subprocess.PIPE, **more), self.file(database))


class EchoServer:
    def __init__(self, process, token_file):
        self.process = process
        self.token_file = token_file
        self.pin = None
        for line in process.stdout:
            found = re.search(r"--pin (sha256:[0-9a-f]{64})", line)
            if found:
                self.pin = found.group(1)
                break
        self.trust = ["--pin", self.pin]  # how a prober knows it
        assert self.pin, f"the echo server ended with {process.wait()} before it listened"
        threading.Thread(target=process.stdout.read, daemon=True).start()

    def token(self):
        with open(self.token_file) as file:
            return file.read().split()[0]


class Prober:
    """A prober under way; its progress is read all the time, so that it never has to wait."""

    def __init__(self, process, database):
        self.process = process
        self.database = database
        self.progress = []
        self._complaints = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stderr:
            if line.startswith("{"):
                self.progress.append(json.loads(line))
            else:
                self._complaints.append(line)

    def interrupt(self):
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def wait(self, at_most):
        """Waits for the end and returns the exit code; what was printed is in `printed`."""
        at_most *= SLOWER
        try:
            self.process.wait(at_most)  # what it prints fits into the pipe
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the prober took more than {at_most} s; its last words: "
                                 f"{self.progress[-1:]} {self.complaints()}") from None
        self.printed = self.process.stdout.read()
        self._reader.join()
        return self.process.returncode

    def complaints(self):
        return "".join(self._complaints)

    def rows(self, query, *values):
        return rows(self.database, query, *values)

    def kept(self, query, *values):
        """The same while it runs; nothing as long as there is no table."""
        try:
            return self.rows(query, *values)
        except sqlite3.OperationalError as problem:
            if "no such table" in str(problem) or "unable to open" in str(problem):
                return []
            raise


def rows(database, query, *values):
    """What a plain SQLite reader gets, as a list of dictionaries."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as reader:
        reader.row_factory = sqlite3.Row
        return [dict(row) for row in reader.execute(query, values)]


def wait_until(condition, at_most, what):
    """Polls, because the thing waited for happens in another process."""
    at_most *= SLOWER
    end = time.monotonic() + at_most
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {at_most} s"
        time.sleep(0.05)
