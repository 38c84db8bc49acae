"""The portable echo server, started where there is nothing else at all."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILT = os.path.join(ROOT, "build", "portable", "deadair-echo-server")

with tempfile.TemporaryDirectory(prefix="deadair-portable-") as empty:
    shutil.copy(BUILT, empty)
    server = subprocess.Popen(["chroot", empty, "/deadair-echo-server", "--listen", "127.0.0.1:0",
                               "--state-dir", "/state"], text=True, stdout=subprocess.PIPE)
    try:
        said = "".join(line for line, _ in zip(server.stdout, range(4)))
    finally:
        server.terminate()
        ended = server.wait()
    if not re.search(r"listening on 127\.0\.0\.1:\d+\npin +sha256:[0-9a-f]{64}", said) or ended:
        sys.exit(f"portable_test: the server said {said!r} and ended with {ended}")
print("portable_test: it listens in an empty root")
