"""The programs without shared libraries, where there is nothing else at all: a server, a measurement
of it by name, and its analysis. With a folder as argument: in the root that is there."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILT = os.environ.get("DEADAIR_PORTABLE", os.path.join(ROOT, "build", "portable"))
PROGRAMS = ("deadair-echo-server", "deadair-prober", "deadair-analysis")


def inside(root, *words):
    done = subprocess.run(["chroot", root, *words], text=True, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"portable_test: {words}: {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def echo_server(root):
    """Its port and pin."""
    server = subprocess.Popen(["chroot", root, "/deadair/deadair-echo-server", "--listen",
                               "127.0.0.1:0", "--state-dir", "/deadair/state"],
                              text=True, stdout=subprocess.PIPE)
    try:
        said = "".join(line for line, _ in zip(server.stdout, range(4)))
        found = re.search(r"listening on 127\.0\.0\.1:(\d+)\npin +(sha256:[0-9a-f]{64})", said)
        if not found:
            sys.exit(f"portable_test: the server said {said!r}")
        yield found.groups()
    finally:
        server.terminate()
        ended = server.wait()
    if ended:
        sys.exit(f"portable_test: the server ended with {ended}")


def try_in(root):
    folder = os.path.join(root, "deadair")
    os.makedirs(folder)
    os.makedirs(os.path.join(root, "etc"), exist_ok=True)
    for name in PROGRAMS:
        shutil.copy(os.path.join(BUILT, name), folder)
    with open(os.path.join(root, "etc", "hosts"), "a") as hosts:
        hosts.write("127.0.0.1 echo.test\n")
    try:
        with echo_server(root) as (port, pin):
            inside(root, "/deadair/deadair-prober", f"echo.test:{port}", "--pin", pin,
                   "--token-file", "/deadair/state/token", "--db", "/deadair/results.db",
                   "--min-idle", "1s", "--max-idle", "3s", "--refresh", "none", "--no-uploads",
                   "--progress", "none")
        found = json.loads(inside(root, "/deadair/deadair-analysis", "findings", "--db",
                                  "/deadair/results.db", "--format", "json"))
        if [each["kind"] for each in found] != ["none"] * 4:
            sys.exit(f"portable_test: over loopback nothing expires, but: {found}")
    finally:
        shutil.rmtree(folder)


if len(sys.argv) > 1:
    try_in(sys.argv[1])
else:
    with tempfile.TemporaryDirectory(prefix="deadair-portable-") as empty:
        try_in(empty)
print("portable_test: they serve, measure by name and analyse")
