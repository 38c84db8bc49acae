#!/usr/bin/env python3
"""A fault drill: a seed picks a command, a firewall, and faults that come at any moment, several
at once.

    sudo tests/lab/drill.py --seeds 200          # before a release
    sudo tests/lab/drill.py --seed 17            # one of them again, as a failure prints it

Whatever happens: the file is sound, no outcome that was committed is lost, no finding is false, the
command ends in bounded time, and what went wrong is said in a sentence.
"""

import argparse
import concurrent.futures
import contextlib
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time

from lab import PROGRAMS, Lab, program, rows

COMMANDS = {  # with what it is told, and how long it takes at most when nothing happens, s
    "measure": (["--min-idle", "1s", "--max-idle", "25s", "--connections", "32", "--refresh", "none",
                 "--no-uploads"], 60),
    "verify": (["--connections", "12", "--ws-ping", "1s"], 60),
    "uploads": (["--sizes", "64kB,2MB", "--give-up-after", "10s"], 90),
    "watch": (["--every", "25s", "--hold", "4", "--min-idle", "1s", "--max-idle", "25s",
               "--refresh", "none", "--no-uploads", "--for", "50s"], 80),
}
# An outage is waited for; after the last fault a command may take so much longer than without any.
PATIENCE = 90  # s
MARGIN = 0.3  # s, for a machine that is busy


class Wrong(Exception):
    pass


def must(holds, what):
    if not holds:
        raise Wrong(what)


class Drill:
    """One command in a lab of its own, and what befalls it."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.command = self.chance.choice(list(COMMANDS))
        self.timeout = self.chance.choice((4, 6, 8))
        self.behaviour = self.chance.choice(("strict", "strict", "reset"))
        self.plan = sorted((self.chance.uniform(1, 25), self.chance.choice(FAULTS),
                            self.chance.choice((0.3, 1, 3, 8, 15)))
                           for _ in range(self.chance.randint(1, 4)))
        self.killed = False
        self.said = ""
        self.committed = {}

    def __str__(self):
        faults = ", ".join(f"{fault.__name__} at {at:.1f} s for {lasts} s"
                           for at, fault, lasts in self.plan)
        return f"{self.command} through {self.behaviour} {self.timeout} s: {faults}"

    def run(self):
        """@return how it ended, in words. @throws Wrong, AssertionError"""
        with Lab(self.behaviour, self.timeout) as self.lab:
            os.mkdir(self.lab.file("disk"))
            self.lab.mount_tmpfs(self.lab.file("disk"), "8m")
            self.database = self.lab.file("disk/results.db")
            self.server = self.lab.echo_server()
            self.start()
            self.live()
            self.check()
        return f"exit {self.code}"

    def start(self):
        for name in ("back", "slept"):
            with open(self.lab.file(name), "w", encoding="ascii") as file:
                file.write("0")
        options, self.usual = COMMANDS[self.command]
        if self.command in ("verify", "uploads"):
            options = [*options, "--assume-timeout", f"{self.timeout}s"]
        if self.command == "watch":
            options = [*options, "--assume-timeout", f"{self.timeout}s"]
        self.prober = self.lab.prober(
            self.server, *options, command=self.command, database="disk/results.db",
            env=dict(os.environ, LD_PRELOAD=os.path.join(PROGRAMS, "wall-clock.so"),
                     WALL_CLOCK_BACK=self.lab.file("back"), HOST_SLEPT=self.lab.file("slept")))
        self.began = time.monotonic()

    def alive(self):
        return self.prober.process.poll() is None

    def live(self):
        """Lets each fault begin and end at its moment, until the command has ended."""
        due, begun = [], []
        for number, (at, fault, lasts) in enumerate(self.plan):
            one = fault(self)
            due += [(at, number, one.begin), (at + lasts, number, one.end)]
        due.sort(key=lambda each: each[:2])
        last = due[-1][0]
        bound = max(last, self.usual) + self.usual + PATIENCE
        while self.alive():
            now = time.monotonic() - self.began
            must(now < bound, f"no end after {now:.0f} s: {self.prober.progress[-1:]}")
            while due and due[0][0] <= now:
                self.note_committed()
                act = due.pop(0)[2]
                (begun.append if act.__name__ == "begin" else begun.remove)(act.__self__)
                act()
            time.sleep(0.1)
        for one in begun:  # a fault that outlasts the command still has to end
            one.end()
        self.code = self.prober.wait(at_most=10)
        self.said = self.prober.printed + self.prober.complaints()

    def note_committed(self):
        """What a reader sees now must be there for good."""
        with contextlib.suppress(sqlite3.OperationalError):
            for table, key in (("probes", "probe_id"), ("messages", "message_id"),
                               ("uploads", "upload_id")):
                for row in rows(self.database, f"SELECT run_id, {key} AS id, outcome FROM {table}"):
                    self.committed[table, row["run_id"], row["id"]] = row["outcome"]

    def events(self):
        return {row["kind"] for row in rows(self.database, "SELECT kind FROM events")} | \
            {row["kind"] for row in rows(self.database, "SELECT kind FROM incidents")}

    def check(self):
        expected = {-signal.SIGKILL} if self.killed else {0, 1, 3, 4}
        must(self.code in expected, f"exit {self.code}: {self.said}")
        must(not re.search(r"terminate called|bad_alloc|map::at|std::|Assertion", self.said),
             f"no sentence for people: {self.said}")
        must(self.code != 1 or "deadair-prober: " in self.said, f"nothing was said: {self.said!r}")
        self.check_file()
        if self.has_tables():
            self.check_findings()
            self.check_said()

    def check_file(self):
        must(rows(self.database, "PRAGMA integrity_check") == [{"integrity_check": "ok"}],
             "the file is not sound")
        must(rows(self.database, "PRAGMA foreign_key_check") == [], "rows refer to none")
        if not self.has_tables():
            must(not self.committed, "the tables are gone")
            return
        for (table, run, number), before in self.committed.items():
            key = {"probes": "probe_id", "messages": "message_id", "uploads": "upload_id"}[table]
            now = [row["outcome"] for row in rows(
                self.database, f"SELECT outcome FROM {table} WHERE run_id = ? AND {key} = ?", run, number)]
            must(len(now) == 1, f"{table} {run}/{number} was committed and is gone")
            must(now[0] == before or now[0] in ("late", "void"),
                 f"{table} {run}/{number} was {before} and is {now[0]}")
        states = {row["state"] for row in rows(self.database, "SELECT state FROM runs")}
        must(self.killed or self.code == 1 or "running" not in states, "a run is left running")
        for words in (["runs"], ["findings", "--format", "json"], ["recommend"],
                      ["report", "--format", "text"]):
            if not rows(self.database, "SELECT 1 FROM runs"):
                break
            done = subprocess.run([program("deadair-analysis"), *words, "--db", self.database],
                                  text=True, capture_output=True, timeout=60)
            must(done.returncode in (0, 2, 3), f"{words}: {done.returncode}: {done.stderr}")

    def has_tables(self):
        """None where it ended before there was room on the disk for any."""
        return rows(self.database, "SELECT 1 FROM sqlite_master WHERE name = 'runs'")

    def check_findings(self):
        for row in rows(self.database, "SELECT * FROM findings WHERE refresh = 'none'"):
            if row["confidence"] < 0.99:
                continue
            must(row["kind"] in ("timeout", "none", "inconclusive"), f"a false kind: {row}")
            low = row["low_s"] if row["low_s"] is not None else 0
            high = row["high_s"] if row["high_s"] is not None else float("inf")
            must(low <= self.timeout + MARGIN, f"false: survived more than there is: {row}")
            must(row["kind"] == "none" or high >= self.timeout - MARGIN, f"false: gone too soon: {row}")
        # The settings that are held are right, whatever else happens.
        for row in rows(self.database, "SELECT * FROM verifications WHERE result = 'failed'"):
            raise Wrong(f"right settings failed: {row}: " + str(rows(
                self.database, "SELECT * FROM messages WHERE NOT control AND outcome NOT IN "
                "('delivered', 'void') LIMIT 5")))

    def check_said(self):
        """A fault that lasted, in a command that outlived it, left its word."""
        seen = self.events()
        words = seen | {"exit"} if self.code == 1 else seen
        for at, fault, lasts in self.plan:
            lived = rows(self.database, "SELECT 1 FROM runs") and \
                time.monotonic() - self.began > at + lasts and not self.killed
            if fault.words and lasts >= fault.notable and lived and self.code in (0, 3, 4):
                must(words & fault.words or self.ended_before(at + lasts),
                     f"{fault.__name__} was not said: {sorted(seen)}")

    def ended_before(self, moment):
        """Nothing of the command's own was under way by then."""
        last = rows(self.database, "SELECT max(coalesce(verdict_s, 0)) AS at FROM probes")[0]["at"] or 0
        return self.command != "measure" or last < moment - 1


class Fault:
    """Begins and ends; what it leaves in the record, if it lasts for so long (s)."""
    words = frozenset()
    notable = 0

    def __init__(self, drill):
        self.drill = drill
        self.lab = drill.lab

    def begin(self):
        pass

    def end(self):
        pass


OUTAGE = frozenset({"outage_began", "suspended", "server_restarted", "control_lost",
                    "bindings_lost", "bindings_in_doubt", "path_lost", "server_unreachable",
                    "connection_lost", "outage", "host_slept"})


class ProberStopped(Fault):
    words, notable = OUTAGE, 3

    def begin(self):
        self.drill.prober.process.send_signal(signal.SIGSTOP)

    def end(self):
        self.drill.prober.process.send_signal(signal.SIGCONT)


class ProberKilled(Fault):
    def begin(self):
        if self.drill.alive():
            self.drill.prober.process.kill()
            self.drill.killed = True


class ServerStopped(Fault):
    words, notable = OUTAGE, 8

    def begin(self):
        self.drill.server.process.send_signal(signal.SIGSTOP)

    def end(self):
        self.drill.server.process.send_signal(signal.SIGCONT)


class ServerRestarted(Fault):
    words = OUTAGE

    def begin(self):
        self.drill.server.process.kill()
        self.drill.server.process.wait()

    def end(self):
        if self.drill.server.process.poll() is not None:
            self.drill.server = self.lab.echo_server()


class Flushed(Fault):
    def begin(self):
        self.lab.command("flush")


class Dark(Fault):
    words, notable = OUTAGE, 8

    def begin(self):
        self.lab.run("firewall", "nft", "insert", "rule", "inet", "lab", "forward", "drop")

    def end(self):
        listed = self.lab.run("firewall", "nft", "-a", "list", "chain", "inet", "lab", "forward")
        line = next(each for each in listed.splitlines() if each.strip().startswith("drop "))
        self.lab.run("firewall", "nft", "delete", "rule", "inet", "lab", "forward", "handle",
                     line.rsplit(" ", 1)[1])


class AddressGone(Fault):
    words, notable = OUTAGE, 8

    def begin(self):
        with contextlib.suppress(AssertionError):  # it is gone already
            self.lab.run("client", "ip", "address", "del", "192.0.2.2/24", "dev", "eth0")

    def end(self):
        with contextlib.suppress(AssertionError):
            self.lab.run("client", "ip", "address", "add", "192.0.2.2/24", "dev", "eth0")
        self.lab.run("client", "ip", "route", "replace", "default", "via", "192.0.2.1")


class FileLocked(Fault):
    def begin(self):
        self._lock = sqlite3.connect(f"file:{self.drill.database}?mode=rw", uri=True, timeout=2,
                                     isolation_level=None)
        with contextlib.suppress(sqlite3.OperationalError):  # full, or busy
            self._lock.execute("BEGIN IMMEDIATE")

    def end(self):
        self._lock.close()


class DiskFull(Fault):
    def begin(self):
        with contextlib.suppress(OSError), open(self._filler(), "wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))

    def end(self):
        os.truncate(self._filler(), 0)

    def _filler(self):
        return self.lab.file(f"disk/filler{id(self)}")


class FewFiles(Fault):
    """At the server."""

    def begin(self):
        self._limit("20:20")

    def end(self):
        self._limit("4096:4096")

    def _limit(self, text):
        if self.drill.server.process.poll() is None:
            subprocess.run(["prlimit", f"--pid={self.drill.server.process.pid}", f"--nofile={text}"],
                           check=False, capture_output=True)


class ClockSet(Fault):
    def begin(self):
        with open(self.lab.file("back"), "w", encoding="ascii") as file:
            file.write("3600")


class Slept(Fault):
    def begin(self):
        with open(self.lab.file("slept"), "w", encoding="ascii") as file:
            file.write("3600")


FAULTS = (ProberStopped, ProberKilled, ServerStopped, ServerRestarted, Flushed, Dark, AddressGone,
          FileLocked, DiskFull, FewFiles, ClockSet, Slept)


def try_one(seed):
    """@return (description, what went wrong or None, how it ended, seconds)"""
    drill = Drill(seed)
    start = time.monotonic()
    try:
        ended, problem = drill.run(), None
    except (Wrong, AssertionError, subprocess.SubprocessError, OSError, sqlite3.Error) as wrong:
        ended, problem = "", f"{type(wrong).__name__}: {wrong}"
    return str(drill), problem, ended, time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="so many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--jobs", type=int, default=6, help="labs at a time")
    wanted = parser.parse_args()
    seeds = [wanted.seed] if wanted.seed is not None else \
        range(wanted.first, wanted.first + wanted.seeds)
    wrong, longest = [], 0
    with concurrent.futures.ThreadPoolExecutor(wanted.jobs) as pool:
        for seed, (what, problem, ended, took) in zip(seeds, pool.map(try_one, seeds)):
            longest = max(longest, took)
            print(f"{'WRONG' if problem else 'right'} --seed {seed}: {what}: "
                  f"{problem or ended} ({took:.0f} s)", flush=True)
            if problem:
                wrong.append(seed)
    print(f"{len(seeds)} drills, the longest {longest:.0f} s: {len(wrong)} wrong {wrong or ''}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
