"""What the small programs share: they get a pasted text or none, open a connection, are silent on
it, and speak. Each line that they print is JSON for the proof run."""

import json
import runpy
import sys
import time

PASTED, MODE, HOST, PORT, SILENCE = sys.argv[1:6]
PORT, SILENCE = int(PORT), float(SILENCE)
started = time.monotonic()


def pasted():
    """The names that the pasted text defines; none without a text."""
    return runpy.run_path(PASTED) if PASTED != "-" else {}


def say(**words):
    print(json.dumps(words), flush=True)


def waiting():
    """From now on the connection is silent, and the clock runs."""
    global started
    say(event="idle")
    started = time.monotonic()


def silence():
    global started
    waiting()
    time.sleep(SILENCE)
    started = time.monotonic()


def run(**modes):
    try:
        modes[MODE]()
        say(event="done", ok=True, took=round(time.monotonic() - started, 2))
    except Exception as problem:  # whatever the library under proof raises
        say(event="done", ok=False, took=round(time.monotonic() - started, 2),
            error=f"{type(problem).__name__}: {problem}"[:300])


def equal(heard, wanted):
    if heard != wanted:
        raise AssertionError(f"heard {heard!r}, not {wanted!r}")


def hear_answer(sock):
    """An HTTP answer of the small servers to its end; its head and body may come in pieces."""
    heard = b""
    while not heard.endswith(b"ok\n"):
        block = sock.recv(65536)
        if not block:
            break
        heard += block
    equal(heard[:12], b"HTTP/1.1 200")
