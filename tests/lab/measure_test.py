"""A run from end to end against a firewall whose idle timeout we know."""

import unittest

from lab import Lab

TRANSPORTS = ("tcp", "tls", "ws", "wss")
ALL = ["--transport", ",".join(TRANSPORTS)]
TOLERANCE = 0.5  # s


class Measurement(unittest.TestCase):
    """All transports, both directions, both address families against one behaviour."""

    def measure(self, behaviour, timeout, max_idle="1m"):
        """Runs one prober for each address family side by side; returns findings by stratum."""
        with Lab(behaviour, timeout) as lab:
            self.truth = lab.truth()
            server = lab.echo_server()
            probers = {family: lab.prober(server, *ALL, f"-{family}", "--min-idle", "2s",
                                          "--max-idle", max_idle, family=family,
                                          database=f"ipv{family}.db") for family in (4, 6)}
            found = {}
            self.addresses = []
            for family, prober in probers.items():
                self.assertEqual(prober.wait(at_most=2 * timeout + 30), 0, prober.complaints())
                self.assertEqual([run["state"] for run in prober.rows("SELECT state FROM runs")],
                                 ["finished"])
                self.addresses += [tuple(row.values()) for row in prober.rows(
                    "SELECT seen_address, local_address, count(*) FROM connections "
                    "GROUP BY seen_address, local_address")]
                for row in prober.rows("SELECT * FROM findings"):
                    key = row["family"], row["transport"], row["direction"]
                    self.assertNotIn(key, found, "two findings where one is true")
                    found[key] = row
            return found

    def assert_found(self, found, direction, kind, after_expiry):
        for family in ("ipv4", "ipv6"):
            for transport in TRANSPORTS:
                with self.subTest(family=family, transport=transport, direction=direction):
                    row = found[family, transport, direction]
                    self.assertEqual((row["kind"], row["after_expiry"]), (kind, after_expiry), row)
                    if kind == "timeout":
                        self.assertAlmostEqual(row["idle_timeout_s"], self.truth, delta=TOLERANCE)
                        self.assertLessEqual(row["low_s"], self.truth + 0.05)
                        self.assertGreaterEqual(row["high_s"], self.truth - 0.05)
                    else:
                        self.assertIsNone(row["idle_timeout_s"])
                        self.assertGreater(row["low_s"], self.truth)


class Strict(Measurement):
    def test_both_directions_die_silently_at_the_timeout(self):
        found = self.measure("strict", 8)
        self.assert_found(found, "to_client", "timeout", "silent")
        self.assert_found(found, "to_server", "timeout", "silent")


class Nat(Measurement):
    def test_both_directions_die_silently_at_the_timeout(self):
        found = self.measure("nat", 12)
        for seen, own, count in self.addresses:
            # What the firewall calls the client, which another firewall's log would have.
            self.assertIn(seen, ("198.51.100.1", "2001:db8:2::1"))
            self.assertNotEqual(seen, own)
            self.assertGreater(count, 8)
        self.assert_found(found, "to_client", "timeout", "silent")
        self.assert_found(found, "to_server", "timeout", "silent")


class Reset(Measurement):
    def test_both_directions_die_of_a_reset_at_the_timeout(self):
        found = self.measure("reset", 6)
        self.assert_found(found, "to_client", "timeout", "reset")
        self.assert_found(found, "to_server", "timeout", "reset")


class Loose(Measurement):
    def test_only_the_server_cannot_reach_across_the_timeout(self):
        found = self.measure("loose", 7, max_idle="20s")
        self.assert_found(found, "to_client", "timeout", "silent")
        self.assert_found(found, "to_server", "none", None)


class Survival(unittest.TestCase):
    def test_a_timeout_beyond_the_range_is_not_found_and_that_is_said(self):
        with Lab("strict", 60) as lab:
            prober = lab.prober(lab.echo_server(), *ALL, "--min-idle", "1s", "--max-idle", "8s")
            self.assertEqual(prober.wait(at_most=30), 0, prober.complaints())
            found = prober.rows("SELECT * FROM findings")
            self.assertEqual(len(found), 8)
            for row in found:
                self.assertEqual(row["kind"], "none", row)
                self.assertGreater(row["low_s"], 7)
                self.assertEqual(row["not_delivered"], 0)
            self.assertIn("survived at least", prober.printed)


class Loss(unittest.TestCase):
    def test_one_lost_packet_in_a_hundred_moves_nothing(self):
        with Lab("strict", 9, loss=1) as lab:
            prober = lab.prober(lab.echo_server(), "--min-idle", "2s", "--max-idle", "1m")
            self.assertEqual(prober.wait(at_most=60), 0, prober.complaints())
            for row in prober.rows("SELECT * FROM findings"):
                with self.subTest(transport=row["transport"], direction=row["direction"]):
                    self.assertEqual((row["kind"], row["after_expiry"]), ("timeout", "silent"), row)
                    self.assertAlmostEqual(row["idle_timeout_s"], lab.truth(), delta=TOLERANCE)


if __name__ == "__main__":
    unittest.main()
