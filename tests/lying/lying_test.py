#!/usr/bin/env python3
"""The real prober against a companion that lies, over loopback.

Never a crash, never a hang, never a finding at 99 % that the honest twin contradicts, never a file
that cannot be read. `--turn` tries every lie by itself, `--seeds N` draws N mixtures of lies;
`--seed N` and `--lie ...` try one again, as a failure prints it.
"""

import argparse
import concurrent.futures
import json
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = os.environ.get("DEADAIR_BIN", os.path.join(ROOT, "build", "release", "bin"))
EXPIRIES = ("none", "silent", "reset")
TIMEOUT = 1.5  # of the middlebox before the companion, s
IDLE_MAX = 2.5
MARGIN = 0.2  # for a machine that is busy
# The honest twins take 10 s. A search that gets nowhere has 60 s and two idle timeouts from its
# first failures; the rest is for a machine that is busy.
BOUND = 90
MEMORY = 96 * 1024  # KiB; the honest twins take 16 MiB

# A companion that keeps the message back itself, or says that it did not come, does what a
# middlebox does: no prober on earth can tell. That is why it must prove that it knows the token.
UNTELLABLE = re.compile(r"(probe|joined):hang_up|probe:(drop|hold)|"
                        r"received:(drop|hold|spoil|falsify(=probe|=connection)?(?!=)\b)")
# The same, where something is dead: it claims to have received what it has not.
UNTELLABLE_IF_DEAD = re.compile(r"invent=received|received:invent|received:repeat")


class Wrong(Exception):
    pass


def program(name):
    return os.path.join(PROGRAMS, name)


def must(holds, what):
    if not holds:
        raise Wrong(what)


class Companion:
    def __init__(self, folder, expiry, words):
        state = os.path.join(folder, "state")
        os.mkdir(state)
        self._process = subprocess.Popen(
            [program("lying-companion"), "--state-dir", state, "--expiry", expiry, "--timeout",
             f"{int(TIMEOUT * 1000)}ms", *words], stdout=subprocess.PIPE, text=True)
        self.port, self.pin, *self.lies = self._process.stdout.readline().split()
        self.token = os.path.join(state, "token")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(10)
        self._process.stdout.close()
        # A companion that crashed has tested nothing.
        must(self._process.returncode == 0, f"the companion ended with {self._process.returncode}")


def run_prober(folder, companion):
    """Exit code, seconds, KiB, what was printed on either stream."""
    database = os.path.join(folder, "results.db")
    with open(os.path.join(folder, "out"), "w+", encoding="utf-8") as out, \
            open(os.path.join(folder, "err"), "w+", encoding="utf-8") as err:
        start = time.monotonic()
        process = subprocess.Popen(
            [program("deadair-prober"), f"127.0.0.1:{companion.port}", "--pin", companion.pin,
             "--token-file", companion.token, "--db", database, "--transport", "tcp,wss",
             "--min-idle", "500ms", "--max-idle", f"{IDLE_MAX}s", "--resolution", "200ms",
             "--connections", "40", "--open-rate", "100", "--refresh", "none", "--no-uploads",
             "--no-evidence", "--progress", "none"], stdout=out, stderr=err,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)))
        hung = False
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - start > BOUND and not hung:
                hung = True
                process.kill()
            time.sleep(0.05)
        process.returncode = os.waitstatus_to_exitcode(status)
        must(not hung, f"the prober had no end within {BOUND} s")
        out.seek(0)
        err.seek(0)
        return process.returncode, time.monotonic() - start, used.ru_maxrss, out.read(), err.read()


def analyse(folder, *words, code=(0, 3)):
    done = subprocess.run([program("deadair-analysis"), *words], cwd=folder, text=True, timeout=60,
                          capture_output=True)
    must(done.returncode in code,
         f"deadair-analysis {' '.join(words)}: exit {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def check_file(folder):
    with sqlite3.connect(os.path.join(folder, "results.db")) as file:
        must(file.execute("PRAGMA integrity_check").fetchone() == ("ok",), "integrity")
        probes = file.execute("SELECT count(*) FROM probes").fetchone()[0] if \
            file.execute("SELECT 1 FROM sqlite_schema").fetchone() else 0
        states = [row[0] for row in file.execute("SELECT state FROM runs")]
        must("running" not in states, "the run is still running for the file")
    if not states:
        return []
    for words in (["runs"], ["recommend"], ["report", "--output", "r.html"],
                  ["export"], ["check", "--idle-timeout-at-least", "1s"]):
        # Of a run without probes there is nothing to report: that is said, with exit code 2.
        analyse(folder, *words, "--db", "results.db", code=(0, 3, 4) if probes else (0, 2, 3, 4))
    found = json.loads(analyse(folder, "findings", "--db", "results.db", "--format", "json"))
    analyse(folder, "merge", "--db", "merged.db", "results.db")
    again = json.loads(analyse(folder, "findings", "--db", "merged.db", "--format", "json"))
    must([one["kind"] for one in again] == [one["kind"] for one in found],
         "the merged file has other findings")
    return found


def check_bounds(one, took):
    bounds = [one[key] for key in ("low_s", "idle_timeout_s", "high_s") if one[key] is not None]
    must(bounds == sorted(bounds) and all(0 <= each <= took + 1 for each in bounds),
         f"bounds that cannot be, in a run of {took:.1f} s: {one}")


def check_truth(one, expiry):
    """@return a sentence if the honest twin contradicts this finding."""
    if one["confidence"] is None or one["confidence"] < 0.99 or one["kind"] == "inconclusive":
        return
    low = one["low_s"] or 0
    high = one["high_s"] if one["high_s"] is not None else float("inf")
    if one["kind"] == "none":
        right = expiry == "none" or low <= TIMEOUT + MARGIN
    elif expiry == "none":
        right = False
    else:
        right = low - MARGIN <= TIMEOUT <= high + MARGIN
    must(right, f"a finding that the honest twin contradicts (expiry {expiry}): {one}")


def try_one(expiry, words):
    """@return (lies, what went wrong or None, seconds, exit code)"""
    with tempfile.TemporaryDirectory(prefix="deadair-lying-") as folder:
        lies, code, took = list(words), None, 0.0
        try:
            with Companion(folder, expiry, words) as companion:
                lies = companion.lies
                code, took, memory, _, err = run_prober(folder, companion)
            allowed = "than the server allows" in err  # told so by the server: ours to mend or not
            must(code in (0, 1, 3) or (code == 2 and allowed), f"exit {code}: {err.strip()}")
            lines = [line for line in err.splitlines() if line.startswith("deadair-prober: ")]
            must(code != 1 or len(lines) == 1, f"not one sentence but: {err.strip()!r}")
            must(not re.search(r"::|bad_alloc|terminate|what\(\)", err), f"no sentence for people: {err.strip()}")
            must(memory <= MEMORY, f"the prober took {memory / 1024:.0f} MiB")
            found = check_file(folder)
            for one in found:
                check_bounds(one, took)
            told = " ".join(lies)
            if not UNTELLABLE.search(told) and \
                    not (expiry != "none" and UNTELLABLE_IF_DEAD.search(told)):
                for one in found:
                    check_truth(one, expiry)
        except Wrong as wrong:
            return lies, str(wrong), took, code
        return lies, None, took, code


def cases(wanted):
    if wanted.lie or wanted.seed is not None:
        words = [word for each in wanted.lie or [] for word in ("--lie", each)]
        if wanted.seed is not None:
            words += ["--seed", str(wanted.seed)]
        yield wanted.expiry or "none", words
        return
    for expiry in EXPIRIES:
        yield expiry, ["--honest"]
    if wanted.turn:
        every = subprocess.run([program("lying-companion"), "--list"], text=True, check=True,
                               capture_output=True).stdout.split()
        # Each wholly against one middlebox, and now and then against another.
        for number, each in enumerate(every):
            yield EXPIRIES[number % 3], ["--lie", each]
            yield EXPIRIES[(number + 1) % 3], ["--lie", each.rsplit(":", 1)[0] + ":0.2"]
    for seed in range(wanted.first, wanted.first + wanted.seeds):
        yield random.Random(seed).choice(EXPIRIES), ["--seed", str(seed)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turn", action="store_true", help="every lie by itself")
    parser.add_argument("--seeds", type=int, default=0, help="so many mixtures of lies")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--lie", action="append", help="this lie alone, or several")
    parser.add_argument("--expiry", choices=EXPIRIES)
    parser.add_argument("--jobs", type=int, default=16, help="runs at a time")
    parser.add_argument("--quiet", action="store_true", help="only the last line, and what is wrong")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    todo = list(cases(wanted))
    wrong, longest, codes = 0, 0.0, {}
    with concurrent.futures.ThreadPoolExecutor(wanted.jobs) as pool:
        for (expiry, words), (lies, problem, took, code) in zip(
                todo, pool.map(lambda case: try_one(*case), todo)):
            longest = max(longest, took)
            codes[code] = codes.get(code, 0) + 1
            if problem:
                wrong += 1
                print(f"WRONG --expiry {expiry} {' '.join(words)}\n  {' '.join(lies)}\n  {problem}", flush=True)
            elif not wanted.quiet:
                print(f"right --expiry {expiry} {' '.join(words)}: {' '.join(lies)}: exit {code}, {took:.1f} s", flush=True)
    ends = ", ".join(f"{count} with exit {code}" for code, count in sorted(codes.items(), key=str))
    print(f"{len(todo)} runs ({ends}), the longest {longest:.1f} s: {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
