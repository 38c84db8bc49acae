"""What keeps a connection alive, held against firewalls of which we know it."""

import unittest

from lab import Lab

T = 6
SILENT = "none"
KEEPALIVE, PING, DATA = "tcp_keepalive", "ws_ping", "data"


class Refresh(unittest.TestCase):
    """A run that tries each means from both ends; `truth` says which of them count."""

    def assert_matrix(self, behaviour, truth):
        with Lab(behaviour, T) as lab:
            prober = lab.prober(lab.echo_server(), "--min-idle", "1s", "--max-idle", "30s",
                                "--connections", "48", "--refresh-from", "client,server")
            self.assertEqual(prober.wait(at_most=120), 0, prober.complaints())
            found = prober.rows("SELECT * FROM findings WHERE refresh <> 'none' "
                                "AND refresh_from <> 'both'")
            kinds = {(row["transport"], row["refresh"], row["refresh_from"]): set()
                     for row in found}
            for row in found:
                kinds[row["transport"], row["refresh"], row["refresh_from"]].add(row["kind"])
            # tls has two means, wss three, each from two ends.
            self.assertEqual(len(kinds), 10)
            for (transport, refresh, side), kind in kinds.items():
                with self.subTest(transport=transport, refresh=refresh, side=side):
                    self.assertEqual(kind, {"none" if truth(refresh, side) else "timeout"},
                                     [dict(row) for row in found if row["refresh"] == refresh])
            silent = prober.rows("SELECT * FROM findings WHERE refresh = 'none'")
            settings = {row["setting"]: row["value"]
                        for row in prober.rows("SELECT setting, value FROM recommendations")}
            return prober.printed, silent, settings


class Strict(Refresh):
    def test_everything_counts_from_either_end(self):
        printed, _, settings = self.assert_matrix("strict", lambda refresh, side: True)
        self.assertIn("Does it keep a connection alive?", printed)
        self.assertIsNotNone(settings["tcp_keepalive_idle"])


class IgnoresKeepalive(Refresh):
    def test_only_what_has_a_payload_counts(self):
        _, _, settings = self.assert_matrix("ignores-keepalive",
                                            lambda refresh, side: refresh != KEEPALIVE)
        self.assertIsNone(settings["tcp_keepalive_idle"])
        self.assertIsNotNone(settings["websocket_ping_interval"])


class OneWay(Refresh):
    def test_only_what_makes_the_client_send_a_payload_counts(self):
        # A ping of the server does: the client answers it.
        _, silent, settings = self.assert_matrix(
            "one-way-refresh", lambda refresh, side:
            refresh == PING or (refresh == DATA and side == "client"))
        for row in silent:
            self.assertEqual(row["kind"], "timeout", dict(row))
            self.assertLess(row["low_s"], T)
            self.assertGreater(row["high_s"], T)
            self.assertIn("what the server sends does not renew", row["note"])
        self.assertIsNotNone(settings["websocket_ping_interval"])


class AbsoluteAge(unittest.TestCase):
    AGE = 20

    def test_busy_connections_are_cut_at_their_age(self):
        with Lab("absolute-age", 12) as lab:
            prober = lab.prober(lab.echo_server(), "--min-idle", "2s", "--max-idle", "1m",
                                "--refresh", "data")
            self.assertEqual(prober.wait(at_most=150), 0, prober.complaints())
            found = prober.rows("SELECT * FROM findings WHERE kind = 'absolute_age'")
            self.assertTrue(found, (prober.printed, prober.rows(
                "SELECT connection_id, direction, sent_s, outcome, void_reason FROM probes "
                "WHERE refresh_from = 'both' AND outcome != 'delivered'"), prober.rows("SELECT * FROM events")))
            for row in found:
                self.assertLessEqual(row["low_s"], self.AGE + 0.2, row)
                self.assertGreaterEqual(row["high_s"], self.AGE - 0.2, row)
                self.assertLess(row["high_s"] - row["low_s"], 4, row)
            age = prober.rows("SELECT value FROM recommendations "
                              "WHERE setting = 'max_connection_age'")[0]["value"]
            self.assertTrue(age and self.AGE / 2 < age < self.AGE, age)


if __name__ == "__main__":
    unittest.main()
