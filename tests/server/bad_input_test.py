"""What a measurement refuses: with exit code 2, the reason, and the nearest value that works, which
does work."""

import os
import resource
import subprocess
import tempfile
import unittest

from server_process import ServerProcess, program

NOBODY = "127.0.0.1:9"  # discard: nobody listens there
TRUST = ["--pin", "sha256:" + "a" * 64]


def prober(server, *options, **more):
    with tempfile.TemporaryDirectory(prefix="deadair-bad-input-") as folder:  # for results.db
        return subprocess.run([program("deadair-prober"), "measure", server, *options, "--progress",
                               "none", "--no-evidence", "--no-uploads"], text=True, cwd=folder,
                              capture_output=True, timeout=60,
                              env={**os.environ, "DEADAIR_TOKEN": "0" * 64}, **more)


class BadInput(unittest.TestCase):
    def refused(self, done, *says):
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for words in says:
            self.assertIn(words, done.stderr)

    def accepted(self, *options, **more):
        """That nobody listens is found out only after all options were taken."""
        done = prober(NOBODY, *TRUST, *options, **more)
        self.assertEqual(done.returncode, 1, done.stderr)

    def test_what_cannot_work_is_refused_and_the_nearest_that_can_is_not(self):
        range_of = ["--min-idle", "60s", "--max-idle"]
        for bad, says, good in (
                (["--resolution", "9ms"], "at least 10 ms", ["--resolution", "10ms"]),
                (["--min-idle", "100ms"], "at least 500 ms", ["--min-idle", "500ms"]),
                ([*range_of, "60s"], "--min-idle 60s is not below", [*range_of, "61s"]),
                ([*range_of, "60400ms"], "at least 60.5 s", [*range_of, "60500ms"]),
                (["--max-idle", "12s", "--resolution", "10s"], "at least 15 s",
                 ["--max-idle", "15s", "--resolution", "10s"]),
                (["--connections", "15"], "at least 16", ["--connections", "16"]),
                (["--connections", "1"], "from 2 to 100000", ["--connections", "100"]),
                (["--connections", "100001"], "from 2 to 100000", ["--connections", "1000"]),
                (["--open-rate", "0"], "from 0.1 to 1000", ["--open-rate", "0.1"])):
            with self.subTest(bad):
                self.refused(prober(NOBODY, *TRUST, *bad), bad[0], says)
                self.accepted(*good)

    def test_more_connections_than_open_files_are_refused(self):
        few = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))}
        done = prober(NOBODY, *TRUST, "--connections", "500", **few)
        self.refused(done, "--connections 500 needs more open files", "(200)", "ulimit -n")
        most = done.stderr.split("use at most ")[1].strip()
        self.accepted("--connections", most, **few)
        self.refused(prober(NOBODY, *TRUST, "--connections", str(int(most) + 1), **few), "ulimit")

    def test_more_connections_than_the_server_allows_are_refused(self):
        with ServerProcess("--max-connections-per-session", "24") as server:
            trust = ["--pin", server.pin, "--token-file", server.token_file, "--min-idle",
                     "500ms", "--max-idle", "1s", "--refresh", "none"]
            there = f"127.0.0.1:{server.port}"
            self.refused(prober(there, *trust, "--connections", "64"), "--connections 64",
                         "more than the server allows", "use at most 24")
            done = prober(there, *trust, "--connections", "24")
            self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
