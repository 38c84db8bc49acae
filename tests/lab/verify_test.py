"""Settings held against a firewall whose idle timeout we know."""

import os
import sys
import unittest

from lab import PORT, Lab, wait_until

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "proofs"))

import sockets  # noqa: E402

TIMEOUT = 7  # s


class Verify(unittest.TestCase):
    def verify(self, lab, server, *options):
        prober = lab.prober(server, *options, command="verify")
        self.code = prober.wait(at_most=150)
        self.prober = prober

    def verification(self):
        return self.prober.rows("SELECT * FROM verifications ORDER BY run_id DESC LIMIT 1")[0]

    def controls(self):
        return self.prober.rows(
            "SELECT outcome, count(*) AS n FROM messages WHERE control AND outcome <> 'void' AND "
            "run_id = (SELECT max(run_id) FROM runs) GROUP BY outcome")


class Recommended(Verify):
    def test_recommended_settings_pass_and_a_keepalive_above_the_timeout_fails(self):
        with Lab("strict", TIMEOUT) as lab:
            server = lab.echo_server()
            measured = lab.prober(server, "--min-idle", "2s", "--max-idle", "1m")
            self.assertEqual(measured.wait(at_most=60), 0, measured.complaints())

            passing = lab.prober(server, "--connections", "48", command="verify")
            late_keepalive = f"{TIMEOUT * 3 // 2}s"
            failing = lab.prober(server, "--connections", "16", "--tcp-keepalive", late_keepalive,
                                 "--assume-timeout", f"{TIMEOUT}s", command="verify")
            self.assertEqual(failing.wait(at_most=10), 2, failing.complaints())
            self.assertIn("--assume-timeout", failing.complaints())
            failing = lab.prober(server, "--connections", "16", "--tcp-keepalive", late_keepalive,
                                 command="verify")
            for self.prober, code in ((passing, 0), (failing, 4)):
                self.assertEqual(self.prober.wait(at_most=150), code,
                                 self.prober.complaints() + self.prober.printed)
            results = self.prober.rows("SELECT * FROM verifications ORDER BY result DESC")
            self.assertEqual([each["result"] for each in results], ["passed", "failed"], results)
            good, bad = results
            self.assertEqual(good["missed"], 0)
            self.assertGreaterEqual(good["tried"], 48)
            self.assertAlmostEqual(good["share_high"], 1 - 0.05 ** (1 / good["tried"]), places=6)
            self.assertGreater(bad["missed"], 4)
            self.assertGreater(bad["share_low"], 0)
            for died in self.prober.rows("SELECT run_id, count(*) AS n FROM messages WHERE control "
                                         "AND outcome = 'lost' GROUP BY run_id"):
                self.assertGreaterEqual(died["n"], 8, died)
            self.assertEqual(self.prober.rows("SELECT * FROM messages WHERE control AND "
                                              "outcome NOT IN ('lost', 'void')"), [])


class KeepaliveTimes(Verify):
    def test_the_interval_and_count_that_are_given_are_on_the_sockets_and_decide(self):
        with Lab("strict", TIMEOUT) as lab:
            server = lab.echo_server()
            options = ["--connections", "24", "--tcp-keepalive", "3s", "--assume-timeout",
                       f"{TIMEOUT}s"]
            # Linux asks again after its own 75 s only, unless it is told.
            late = lab.prober(server, *options, "--tcp-keepalive-interval", "60s", command="verify")
            soon = lab.prober(server, *options, "--tcp-keepalive-interval", "2s",
                              "--tcp-keepalive-count", "7", command="verify", database="soon.db")
            wait_until(lambda: soon.progress and soon.progress[-1]["delivered"] > 0, 60, "messages")
            asked = [each for each in sockets.options_of(soon.process.pid, PORT) if each["idle"] == 3]
            self.assertGreaterEqual(len(asked), 8)
            self.assertEqual({(each["interval"], each["count"]) for each in asked}, {(2, 7)})
            for self.prober, code in ((soon, 0), (late, 4)):
                self.assertEqual(self.prober.wait(at_most=150), code,
                                 self.prober.complaints() + self.prober.printed)


class NothingToProve(Verify):
    def test_controls_that_survive_prove_nothing(self):
        with Lab("strict", 600) as lab:
            self.verify(lab, lab.echo_server(), "--connections", "8", "--assume-timeout", "3s",
                        "--tcp-keepalive", "1s")
            self.assertEqual(self.code, 3, self.prober.complaints())
            self.assertIn("survived", self.prober.printed)
            self.assertEqual(self.verification()["result"], "inconclusive")


class Reconnect(Verify):
    def test_replacing_idle_connections_protects_what_the_client_says(self):
        with Lab("strict", 5) as lab:
            self.verify(lab, lab.echo_server(), "--connections", "16", "--assume-timeout", "5s",
                        "--idle-reconnect", "4s", "--direction", "to_server")
            self.assertEqual(self.code, 0, self.prober.complaints() + self.prober.printed)
            replaced = self.prober.rows("SELECT * FROM messages WHERE replaced")
            self.assertGreaterEqual(len(replaced), 16)
            self.assertEqual({each["outcome"] for each in replaced}, {"delivered"})


class Lossy(Verify):
    def test_a_path_that_loses_packets_is_no_failure_of_the_settings(self):
        with Lab("lossy", TIMEOUT, loss=2) as lab:
            server = lab.echo_server()
            measured = lab.prober(server, "--min-idle", "2s", "--max-idle", "1m")
            self.assertEqual(measured.wait(at_most=60), 0, measured.complaints())
            self.verify(lab, server, "--connections", "48")
            self.assertEqual(self.code, 0, self.prober.complaints() + self.prober.printed)
            found = self.verification()
            self.assertEqual((found["result"], found["missed"]), ("passed", 0))
            self.assertGreaterEqual(found["tried"], 40)


class LongPlan(Verify):
    def test_a_day_is_planned_and_ended_in_order(self):
        with Lab("strict", TIMEOUT) as lab:
            server = lab.echo_server()
            options = ["--connections", "8", "--tcp-keepalive", "2s", "--assume-timeout",
                       f"{TIMEOUT}s"]
            short = lab.prober(server, *options, "--for", "20s", command="verify")
            self.assertEqual(short.wait(at_most=10), 2)
            self.assertIn("below three idle timeouts", short.complaints())
            day = lab.prober(server, *options, "--for", "24h", command="verify")
            wait_until(lambda: day.progress and day.progress[-1]["delivered"] > 4, 60, "messages")
            self.assertEqual(day.progress[-1]["expected_end_s"], 86400)
            day.interrupt()
            self.assertEqual(day.wait(at_most=15), 130, day.complaints())
            self.assertEqual(day.rows("SELECT count(*) AS n FROM verifications"), [{"n": 1}])


if __name__ == "__main__":
    unittest.main()
