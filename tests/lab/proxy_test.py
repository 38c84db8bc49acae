"""Through proxies: those that one has to ask, and those that nobody told us of."""

import unittest

from lab import Lab

T = 5
PROXY = "192.0.2.1:8888"


class Proxied(unittest.TestCase):
    def measure(self, lab, *options, **more):
        prober = lab.prober(lab.echo_server(), "--min-idle", "1s", "--max-idle", "25s",
                            "--connections", "40", *options, **more)
        self.assertEqual(prober.wait(at_most=120), 0, prober.complaints())
        return prober, prober.rows("SELECT * FROM findings WHERE refresh = 'none'")

    # A proxy's timers are its own and count from what it saw: whole seconds are what can be asked.
    def assert_timeout(self, found, truth, tolerance=1.1):
        self.assertTrue(found)
        for row in found:
            with self.subTest(transport=row["transport"], direction=row["direction"]):
                self.assertEqual(row["kind"], "timeout", row)
                self.assertAlmostEqual(row["idle_timeout_s"], truth, delta=tolerance)


class Tcp(Proxied):
    def test_a_proxy_that_ends_tcp_closes_in_order_and_heeds_no_keepalive(self):
        with Lab("tcp-proxy", T) as lab:
            prober, found = self.measure(lab, "--refresh", "tcp_keepalive,data")
            self.assert_timeout(found, lab.truth())
            # A probe that meets the closing itself is answered with a reset.
            self.assertLessEqual({row["after_expiry"] for row in found}, {"closed", "mixed"})
            for row in found:
                self.assertIn("ends TCP itself", row["note"])
            effect = {row["refresh"]: row["kind"] for row in prober.rows(
                "SELECT * FROM findings WHERE refresh <> 'none'")}
            self.assertEqual(effect, {"tcp_keepalive": "timeout", "data": "none"})


class Http(Proxied):
    def test_a_proxy_that_opens_tls_and_passes_only_upgrades(self):
        with Lab("http-proxy", T) as lab:
            authority = lab.file("authority.pem")
            with open(authority, "w") as file:
                file.write(lab.command("certificate"))
            server = lab.echo_server()
            server.trust = ["--ca-file", authority, "--allow-interception"]
            prober = lab.prober(server, "--transport", "wss", "--min-idle", "1s", "--max-idle",
                                "25s", "--connections", "40")
            self.assertEqual(prober.wait(at_most=120), 0, prober.complaints())
            self.assert_timeout(prober.rows("SELECT * FROM findings"), lab.truth())

    def test_it_is_said_who_opens_tls_when_that_is_not_allowed(self):
        with Lab("http-proxy", T) as lab:
            prober = lab.prober(lab.echo_server(), "--transport", "wss")
            self.assertEqual(prober.wait(at_most=30), 1)
            self.assertIn("Lab Inspection", prober.complaints())


class Connect(Proxied):
    def test_the_way_through_a_proxy_that_has_to_be_asked(self):
        with Lab("connect-proxy", T) as lab:
            prober, found = self.measure(lab, "--proxy", f"http://{PROXY}")
            self.assert_timeout(found, lab.truth())
            self.assertIn('"proxy":"http://', prober.rows("SELECT options_used FROM runs")[0][
                "options_used"])

    def test_no_proxy_no_way(self):
        with Lab("connect-proxy", T) as lab:
            server = lab.echo_server()
            self.assertEqual(lab.prober(server).wait(at_most=40), 1)

    def test_what_a_proxy_refuses_is_one_sentence(self):
        with Lab("connect-proxy", T) as lab:
            server = lab.echo_server()
            prober = lab.prober(server, "--proxy", f"socks5://{PROXY}")
            self.assertEqual(prober.wait(at_most=40), 1)
            self.assertIn("is it such a proxy?", prober.complaints())
            prober = lab.prober(server, "--proxy", "http://me:secret@192.0.2.1:1")
            self.assertEqual(prober.wait(at_most=40), 1)
            self.assertNotIn("secret", prober.complaints())


if __name__ == "__main__":
    unittest.main()
