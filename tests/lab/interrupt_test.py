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

    def command(self, prober, *words):
        done = subprocess.run([program("deadair-analysis"), *words, "--db", prober.database],
                              text=True, capture_output=True)
        return done.returncode, done.stdout

    def test_what_was_not_measured_is_not_called_well(self):
        with Lab("strict", 300) as lab:
            prober = self.run_some(lab)
            prober.interrupt()
            self.assertEqual(prober.wait(at_most=10), 130, prober.complaints())
            self.assertIn("No answer yet: nothing has expired yet", prober.printed)
            found = self.analysed(prober)
            self.assertEqual({(each["transport"], each["direction"]) for each in found},
                             {(kind, way) for kind in ("tls", "wss")
                              for way in ("to_client", "to_server")})
            self.assertTrue(all(each["confidence"] < 1 for each in found), found)
            self.assertEqual(self.command(prober, "check", "--idle-timeout-at-least", "5m")[0], 3)
            self.assertEqual(self.command(prober, "findings")[0], 3)
            code, said = self.command(prober, "recommend", "--format", "json")
            self.assertEqual(code, 3)
            values = {each["setting"]: each["value"] for each in json.loads(said)}
            self.assertIsNone(values["tcp_keepalive_idle"])
            self.assertIsNone(values["idle_reconnect"])
            said = self.command(prober, "recommend", "--for", "linux-sysctl")[1]
            self.assertNotRegex(said, r"(?m)^net\.ipv4\.tcp_keepalive_time")

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
