"""What is left when a run ends before its time."""

import json
import subprocess
import unittest

from lab import Lab, program, wait_until

PROBES = 10  # with a verdict, before the run is ended


class Interrupt(unittest.TestCase):
    def run_some(self, lab):
        """A run with some verdicts behind it and its end far off."""
        prober = lab.prober(lab.echo_server(), "--min-idle", "1s", "--max-idle", "10m")
        wait_until(lambda: prober.progress or prober.process.poll() is not None, 15, "progress")
        wait_until(lambda: self.verdicts(prober) >= PROBES, 30, f"the {PROBES}th verdict")
        return prober

    @staticmethod
    def verdicts(prober):
        return prober.rows("SELECT count(*) AS n FROM probes")[0]["n"]

    def analysed(self, prober):
        """What deadair-analysis makes of the file."""
        done = subprocess.run([program("deadair-analysis"), "findings", "--db", prober.database,
                               "--format", "json"], text=True, capture_output=True)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return json.loads(done.stdout)

    def assert_sound(self, prober):
        self.assertEqual(prober.rows("PRAGMA integrity_check"), [{"integrity_check": "ok"}])
        self.assertEqual(prober.rows("PRAGMA foreign_key_check"), [])

    def test_ctrl_c_saves_and_prints_what_was_measured(self):
        with Lab("strict", 300) as lab:
            prober = self.run_some(lab)
            before = self.verdicts(prober)
            prober.interrupt()
            self.assertEqual(prober.wait(at_most=10), 130, prober.complaints())
            self.assert_sound(prober)
            self.assertGreaterEqual(self.verdicts(prober), before)
            run, = prober.rows("SELECT * FROM runs")
            self.assertEqual(run["state"], "interrupted")
            self.assertIsNotNone(run["ended_at"])
            self.assertIn("to_client", prober.printed)
            self.assertTrue(prober.rows("SELECT * FROM findings"))

    def test_kill_9_loses_at_most_what_was_in_flight(self):
        with Lab("strict", 300) as lab:
            prober = self.run_some(lab)
            before = self.verdicts(prober)
            prober.kill()
            self.assert_sound(prober)
            self.assertGreaterEqual(self.verdicts(prober), before)
            self.assertTrue(self.analysed(prober))


if __name__ == "__main__":
    unittest.main()
