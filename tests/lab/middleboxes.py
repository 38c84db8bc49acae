#!/usr/bin/env python3
"""Measures across every kind of middlebox that once misled somebody, and prints box, truth, finding,
settings and wall time. Returns 1 when a setting would kill connections, or a wrong explanation is
given with confidence.

The truth is the middlebox's own log and parameters: `death` is the shortest silence that kills, None
where silence kills nothing; `age` an age at which all are cut; `why` the explanations that are
right, by the words of findings.explanation."""

import argparse
import collections
import concurrent.futures
import os
import shutil
import sys
import time

import lab
from middlebox import BoxLab

Line = collections.namedtuple("Line", "name kind parameters death age why options")

# What is right of each kind of box.
WHY = {
    "Mixture": ("mixture",), "Tick": ("tick",), "Sweep": ("tick",),
    "DrawnByConnection": ("drawn_each_connection",), "DrawnBySilence": ("drawn_each_silence",),
    "Age": ("age",), "Flushes": ("flush",), "Room": ("room",), "Aggressive": ("load",),
    "PayloadOnly": ("one_end", "sharp"), "Pinholes": ("each_end", "sharp"), "Late": ("delayed",),
    "TwoStates": ("promotion",), "LostOnce": ("flush", "sharp"), "Policy": ("policy_change",),
    "Restless": ("disturbed",), "Resets": ("random",), "HalfDead": ("half_dead", "sharp"),
}
# Said of what was not explained: never wrong.
OPEN = ("unsettled", "nothing_expired")


def line(name, kind, death, cut_at=None, options=(), **parameters):
    return Line(name, kind, parameters, death, cut_at, WHY.get(kind, ("sharp",)), tuple(options))


LINES = [
    line("sharp", "Box", 8, timeout=8),
    line("resets", "Reset", 8, timeout=8),
    line("half 10 s, half 20 s", "Mixture", 10, timeout=20, other=10, share=0.5),
    line("10 % 6 s, 90 % 12 s", "Mixture", 6, timeout=12, other=6, share=0.1),
    line("3 % 6 s, 97 % 12 s", "Mixture", 6, timeout=12, other=6, share=0.03),
    line("closes on a tick of 1 s", "Tick", 8, timeout=8, period=1),
    line("sweep of 5 s", "Sweep", 10, timeout=10, period=5),
    line("sweep of 1 s", "Sweep", 10, timeout=10, period=1),
    line("sweep of 20 s", "Sweep", 30, timeout=30, period=20),
    line("sweep of 30 s", "Sweep", 40, timeout=40, period=30),
    line("drawn for each connection, 8 to 12 s", "DrawnByConnection", 8, timeout=8, longest=12),
    line("drawn for each silence, 8 to 12 s", "DrawnBySilence", 8, timeout=8, longest=12),
    line("drawn for each connection, 30 to 50 s", "DrawnByConnection", 30, timeout=30, longest=50),
    line("idle 10 s, age 25 s", "Age", 10, cut_at=25, age=25, timeout=10),
    line("age 8 s", "Age", None, cut_at=8, age=8),
    line("age 12 s, idle 60 s", "Age", None, cut_at=12, age=12, timeout=60),
    line("all lost every 12 s", "Flushes", None, every=12),
    line("room for 30, idle 12 s", "Room", 12, timeout=12, capacity=30),
    line("room for 50, idle 12 s", "Room", 12, timeout=12, capacity=50),
    line("15 s, 5 s above 60 connections", "Aggressive", 5, timeout=15, above=60, hurried=5),
    line("20 s, less in proportion", "Aggressive", 6, timeout=20, above=40, hurried=4,
         proportional=True),
    line("only the server's payload", "PayloadOnly", 10, timeout=10, of="outside"),
    line("only packets of 100 bytes", "PayloadOnly", 10, timeout=10, least=100),
    line("a pinhole for each side", "Pinholes", 8, inside=8, outside=14),
    line("3 s late after 8 s", "Late", None, silence=8, delay=3, options=("--max-idle", "30s")),
    line("6 s, after 14 packets 15 s", "TwoStates", 6, timeout=6, packets=14, then=15),
    line("6 s and 12 s by direction", "ByDirection", 6, inside=12, outside=6),
    line("TLS 12 s, others 18 s", "ByTransport", 12, tls=12, plain=18,
         options=("--transport", "tls,ws")),
    line("first SYN lost", "FirstLost", 8, timeout=8),
    line("idle ones lost at 15 s", "LostOnce", 20, timeout=20, at=15),
    line("young ones lost at 32 s", "LostOnce", 20, timeout=20, at=32, younger=30),
    line("60 s, from 50 s on 30 s", "Policy", 30, timeout=60, at=50, then=30),
    line("keepalive counts for 40 s", "BoundedKeepalive", 8, timeout=8, bound=40),
    line("sends keepalives itself", "Restless", 10, timeout=10, every=3),
    line("resets at random", "Resets", None, mean=60, options=("--max-idle", "60s")),
    line("more than 60 SYN in 10 s: ban", "RateLimit", 8, timeout=8, most=60, seconds=10, ban=20),
    line("nothing above 1300 bytes", "Hole", 8, most=1300, timeout=8),
    line("half dead", "HalfDead", 8, timeout=8, survives="inside"),
    line("10 connections at a time", "ConnectionLimit", 8, most=10, timeout=8),
    line("closed from 5 s to 45 s", "Closed", 8, timeout=8, begins=5, ends_at=45),
]
# That come too late where they exceed the shortest silence that kills.
OF_SILENCE = ("idle_reconnect", "websocket_ping_interval", "tcp_keepalive_idle",
              "health_check_interval")


def harmful(of, settings):
    """Names and values of settings, not marked, that would kill connections."""
    found = []
    for each in settings:
        if each["value"] is None or each["low_confidence"]:
            continue
        name, value = each["setting"], each["value"]
        late = of.death is not None and name in OF_SILENCE and value >= of.death
        old = name == "max_connection_age" and (of.age is None or value >= of.age)
        if late or old:
            found.append(f"{name} {value:g} s")
    return found


def misled(of, findings):
    """Explanations that are wrong, and stated with confidence."""
    return sorted({each["explanation"] for each in findings
                   if each["refresh"] == "none" and each["confidence"] > 0.95
                   and each["explanation"] not in of.why + OPEN})


class Result:
    """What a run across one box came to."""

    def __init__(self, of, seconds, keep):
        self.of = of
        with BoxLab(of.kind, **of.parameters) as place:
            began = time.monotonic()
            prober = place.prober(place.echo_server(), "--refresh", "tcp_keepalive,ws_ping,data",
                                  "--no-evidence", *of.options)
            try:
                self.code = prober.wait(seconds)
            except AssertionError:
                prober.kill()
                self.code = None  # no end
            self.wall = time.monotonic() - began
            self.printed = getattr(prober, "printed", "")
            self.findings = prober.kept("SELECT * FROM findings")
            self.settings = prober.kept("SELECT * FROM recommendations")
            if keep:
                name = "".join(each if each.isalnum() else "-" for each in of.name)
                for ending in ("", "-wal"):  # of one that was killed most is in the latter
                    if os.path.exists(prober.database + ending):
                        shutil.copy(prober.database + ending, os.path.join(keep, f"{name}.db{ending}"))

    def said(self):
        """Of silent connections, the findings that differ."""
        return sorted({f"{each['kind']} {each['explanation']} {figure(each['low_s'])} to "
                       f"{figure(each['high_s'])} s {each['confidence']:.4g}"
                       for each in self.findings if each["refresh"] == "none"})

    def refreshes(self):
        """What was said of each means, as often as it was said."""
        words = {"none": "counts", "timeout": "does not count", "inconclusive": "inconclusive"}
        said = collections.Counter(
            (each["refresh"], words[each["kind"]]) for each in self.findings
            if each["refresh"] != "none" and each["kind"] in words)
        return ", ".join(f"{refresh} {word} ({count})"
                         for (refresh, word), count in sorted(said.items()))

    def set(self):
        """Values of the settings that most programs have; with a mark: '?'."""
        settings = {each["setting"]: each for each in self.settings}
        return ", ".join(f"{name} {figure(settings[name]['value'])}"
                         + ("?" if settings[name]["low_confidence"] else "")
                         for name in ("idle_reconnect", "tcp_keepalive_idle", "max_connection_age")
                         if name in settings)

    def faults(self):
        bad = harmful(self.of, self.settings)
        wrong = misled(self.of, self.findings)
        return (["NO END"] if self.code is None else []) \
            + [f"HARMFUL: {each}" for each in bad] + [f"WRONG: {each}" for each in wrong]

    def text(self):
        notes = sorted({each["note"] for each in self.findings
                        if each["note"] and (each["refresh"] == "none"
                                             or each["kind"] == "inconclusive")})
        headline = self.printed.rstrip().split("\n\n")[-1].replace("\n", " ")
        return "\n  ".join([
            f"{self.of.name}: death {self.of.death}, age {self.of.age}",
            f"found: {'; '.join(self.said()) or 'nothing'}", f"refreshes: {self.refreshes()}",
            f"settings: {self.set()}", f"exit {self.code}, {self.wall:.0f} s",
            *self.faults(), *(f"note: {each}" for each in notes), f"headline: {headline}"])

    def row(self):
        """The same as a row of a table in Markdown."""
        truth = ", ".join(f"{name} {value:g} s" for name, value in
                          (("death", self.of.death), ("age", self.of.age)) if value is not None)
        return (f"| {self.of.name} | {truth or '-'} | {'; '.join(self.said()) or 'nothing'} | "
                f"{self.refreshes() or '-'} | {self.set()} | {self.wall:.0f} | "
                f"{'; '.join(self.faults()) or '-'} |")


def figure(value):
    return "-" if value is None else f"{value:.2f}"


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("name", nargs="*", help="part of a line's name; all by default")
    options.add_argument("--side-by-side", type=int, default=os.cpu_count())
    options.add_argument("--keep", metavar="DIR", help="copies each run's database there")
    options.add_argument("--table", action="store_true", help="prints rows in Markdown")
    options.add_argument("--seconds", type=float, default=400, help="most for one run")
    wanted = options.parse_args()
    chosen = [each for each in LINES
              if not wanted.name or any(part in each.name for part in wanted.name)]
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(wanted.side_by_side) as pool:
        for result in pool.map(lambda each: Result(each, wanted.seconds, wanted.keep),
                                chosen):
            print(result.row() if wanted.table else result.text(), flush=True)
            bad += bool(result.faults())
    print(f"{len(chosen) - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
