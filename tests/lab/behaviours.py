#!/usr/bin/env python3
"""Measures in the lab each behaviour of which we know the idle timeout, and prints the findings
beside it: the table of docs/how-it-measures.md. Needs root; some labs stand side by side.

Usage: behaviours.py [BEHAVIOUR...]
"""

import concurrent.futures
import sys
import time

from lab import Lab

T = 20
PROXY_T = 10
# A proxy counts whole seconds of its own, from what it saw; a kernel counts jiffies.
KERNEL_TOLERANCE_S = 0.01
PROXY_TOLERANCE_S = 1.0
AT_A_TIME = 4

KERNEL = ["strict", "loose", "reset", "nat", "lossy", "burst-loss", "slow", "ignores-keepalive",
          "one-way-refresh"]
OPTIONS = {  # beside the usual ones
    "absolute-age": ["--refresh", "data"],
    "connect-proxy": ["--proxy", "http://192.0.2.1:8888"],
    "http-proxy": ["--transport", "wss"],
}
ALL = {**{name: T for name in KERNEL}, "absolute-age": 8,
       "tcp-proxy": PROXY_T, "http-proxy": PROXY_T, "connect-proxy": PROXY_T}


def measured(behaviour):
    with Lab(behaviour, ALL[behaviour]) as lab:
        server = lab.echo_server()
        if behaviour == "http-proxy":  # it shows a certificate of its own
            with open(lab.file("authority.pem"), "w", encoding="ascii") as file:
                file.write(lab.command("certificate"))
            server.trust = ["--ca-file", lab.file("authority.pem"), "--allow-interception"]
        began = time.monotonic()
        prober = lab.prober(server, "--min-idle", "2s", "--max-idle", "2m", "--connections", "64",
                            "--no-uploads", "--no-evidence", *OPTIONS.get(behaviour, []))
        code = prober.wait(at_most=400)
        assert code in (0, 3), prober.complaints()
        return {"truth": lab.truth(), "took": time.monotonic() - began, "findings": prober.rows(
            "SELECT * FROM findings WHERE refresh = 'none' OR kind = 'absolute_age'")}


def verdict(row, behaviour, truth):
    """Does what is said hold the truth?"""
    tolerance = PROXY_TOLERANCE_S if behaviour.endswith("-proxy") else KERNEL_TOLERANCE_S
    low, high = row["low_s"], row["high_s"]
    if row["kind"] == "absolute_age":
        return "age, 20 s: " + ("yes" if low <= 20 + tolerance and 20 - tolerance <= high else "no")
    if row["kind"] == "none":
        # A packet from inside revives the binding: that way nothing ever expires.
        return "yes" if behaviour == "loose" and row["direction"] == "to_server" else "no"
    if low is None or high is None:
        return "open"
    return "yes" if low <= truth + tolerance and truth - tolerance <= high else "no"


def seconds(value):
    return "" if value is None else f"{value:.3f}"


def lines(behaviour, seen):
    """Strata of which the same is said share a line."""
    strata = {}
    for row in seen["findings"]:
        said = (row["kind"], seconds(row["low_s"]), seconds(row["high_s"]),
                row["after_expiry"] or "", verdict(row, behaviour, seen["truth"]))
        strata.setdefault(said, []).append(f"{row['transport']} {row['direction']}")
    for (kind, low, high, died, holds), of in strata.items():
        yield (f"| {behaviour} | {seen['truth']:g} | {', '.join(of)} | {kind} | {low} | {high} "
               f"| {died} | {holds} | {seen['took']:.0f} |")


def main(wanted):
    unknown = [each for each in wanted if each not in ALL]
    if unknown:
        sys.exit(f"behaviours: {unknown[0]} is not one of {', '.join(ALL)}")
    print("| behaviour | T, s | strata | kind | low_s | high_s | after expiry | holds T | run, s |")
    print("|---|---|---|---|---|---|---|---|---|")
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as several:
        for behaviour, seen in zip(wanted, several.map(measured, wanted)):
            for line in lines(behaviour, seen):
                print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or list(ALL))
