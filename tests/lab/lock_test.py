"""Another program holds the database for longer than anybody waits by himself: what is measured
meanwhile waits as well, is said once, and is all there in the end."""

import contextlib
import sqlite3
import time
import unittest

from lab import Lab, wait_until

HELD = 40  # s


class Locked(unittest.TestCase):
    def run_beside_a_lock(self, begun, *options, timeout, **more):
        """Holds the file from the moment that the query `begun` finds a row."""
        with Lab("strict", timeout) as lab:
            prober = lab.prober(lab.echo_server(), *options, **more)
            wait_until(lambda: prober.kept(begun), 30, "the run's first rows")
            with contextlib.closing(sqlite3.connect(prober.database, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                seen = prober.rows("SELECT count(*) AS n FROM probes")[0]["n"]
                end = time.monotonic() + HELD
                while time.monotonic() < end:
                    self.assertIsNone(prober.process.poll(), prober.complaints())
                    self.look(prober, seen)
                    time.sleep(0.2)
                other.execute("ROLLBACK")
            code = prober.wait(at_most=100)
            waits = [line for line in prober.complaints().splitlines() if "locked" in line]
            self.assertEqual(len(waits), 1, prober.complaints())
            self.assertIn("what is to be written waits, and is tried again", waits[0])
            run, = prober.rows("SELECT state FROM runs")
            self.assertEqual(run["state"], "finished")
            self.assertEqual(prober.rows("PRAGMA foreign_key_check"), [])
            self.judge(code, prober)

    def look(self, prober, seen):
        """While the file is held; `seen` verdicts were on disk before."""


class Measure(Locked):
    """Nothing is shown that is not on disk, and the finding is that of a run without a lock."""

    def look(self, prober, seen):
        for line in prober.progress[-1:]:
            shown = line["delivered"] + line["not_delivered"] + line["void"]
            # An end that nobody asked for is shown once, and has a row for each direction.
            self.assertLessEqual(shown, seen)

    def test_loses_nothing_and_goes_on(self):
        self.run_beside_a_lock(
            "SELECT * FROM probes LIMIT 1", "--min-idle", "1s", "--max-idle", "20s",
            "--connections", "32", timeout=6)

    def judge(self, code, prober):
        self.assertEqual(code, 0, prober.complaints())
        for row in prober.rows("SELECT * FROM findings"):
            self.assertEqual(row["kind"], "timeout", row)
            self.assertLessEqual(row["low_s"], 6.05, row)
            self.assertGreaterEqual(row["high_s"], 5.95, row)


class Verify(Locked):
    def test_loses_nothing_and_goes_on(self):
        self.run_beside_a_lock(
            "SELECT * FROM connections LIMIT 1", "--assume-timeout", "6s", "--tcp-keepalive", "2s",
            "--connections", "10", "--for", "60s", timeout=6, command="verify")

    def judge(self, code, prober):
        self.assertIn(code, (0, 3), prober.complaints())
        held, = prober.rows("SELECT count(*) AS n, min(sent_s) AS first, max(sent_s) AS last "
                            "FROM messages WHERE outcome = 'delivered'")
        gap = prober.rows("SELECT sent_s - lag(sent_s) OVER (ORDER BY sent_s) AS gap FROM messages")
        self.assertGreater(held["n"], 10)
        self.assertLess(max(row["gap"] or 0 for row in gap), HELD / 2,
                        "what was said while the file was locked is missing")
        self.assertEqual(len(prober.rows("SELECT * FROM verifications")), 1)


if __name__ == "__main__":
    unittest.main()
