"""Through proxies: those that one has to ask, and those that nobody told us of."""

import subprocess
import unittest

from lab import SERVER, Lab, wait_until

T = 5
PROXY = "192.0.2.1:8888"
SOCKS = f"{SERVER[4]}:1080"


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

    def test_a_port_that_it_does_not_open_is_one_sentence(self):
        with Lab("connect-proxy", T) as lab:
            server = lab.echo_server("--listen", "[::]:7444")
            prober = lab.prober(server, "--proxy", f"http://{PROXY}", "--port", "7444")
            self.assertEqual(prober.wait(at_most=40), 1)
            self.assertIn("does not let us through", prober.complaints())
            self.assertEqual(len(prober.complaints().splitlines()), 1, prober.complaints())


class ConnectHeld(unittest.TestCase):
    def test_pings_keep_connections_alive_through_a_proxy_and_keepalives_do_not(self):
        with Lab("connect-proxy", T) as lab:
            server = lab.echo_server()
            common = ["--proxy", f"http://{PROXY}", "--assume-timeout", f"{T}s", "--transport",
                      "wss", "--connections", "12"]
            pings = lab.prober(server, *common, "--ws-ping", "1s", command="verify")
            keepalives = lab.prober(server, *common, "--tcp-keepalive", "1s", command="verify",
                                    database="other.db")
            self.assertEqual(pings.wait(at_most=120), 0, pings.complaints() + pings.printed)
            self.assertEqual(keepalives.wait(at_most=120), 4, keepalives.complaints())
            self.assertRegex(pings.printed, "passed: 0 of")
            self.assertEqual(pings.rows("SELECT result FROM verifications"), [{"result": "passed"}])


class Socks(Proxied):
    """The firewall stands between the client and the proxy, and its timeout is what is found."""

    def test_the_way_through_a_socks_proxy(self):
        with Lab("strict", T) as lab:
            lab.start("server", "microsocks", "-i", SERVER[4], "-p", "1080",
                      stderr=subprocess.DEVNULL)
            prober, found = self.measure(lab, "--proxy", f"socks5://{SOCKS}")
            self.assert_timeout(found, lab.truth(), tolerance=0.5)
            self.assertEqual({row["after_expiry"] for row in found}, {"silent"})
            self.assertIn('"proxy":"socks5://', prober.rows("SELECT options_used FROM runs")[0][
                "options_used"])


class SocksLogin(Proxied):
    def test_a_proxy_that_wants_a_password(self):
        with Lab("strict", T) as lab:
            lab.start("server", "microsocks", "-i", SERVER[4], "-p", "1080", "-u", "me", "-P",
                      "secret", stderr=subprocess.DEVNULL)
            server = lab.echo_server()
            for login in ("", "me:wrong@"):
                prober = lab.prober(server, "--proxy", f"socks5://{login}{SOCKS}",
                                    command="verify" if login else "measure",
                                    *(["--assume-timeout", "5s", "--tcp-keepalive", "1s"]
                                      if login else []))
                self.assertEqual(prober.wait(at_most=40), 1, prober.complaints())
                self.assertIn("password", prober.complaints())
                self.assertNotIn("wrong", prober.complaints())
                self.assertEqual(len(prober.complaints().splitlines()), 1, prober.complaints())
            # To HTTP it has nothing to say.
            prober = lab.prober(server, "--proxy", f"http://{SOCKS}")
            self.assertEqual(prober.wait(at_most=40), 1)
            self.assertEqual(len(prober.complaints().splitlines()), 1, prober.complaints())

            prober = lab.prober(server, "--proxy", f"socks5://me:secret@{SOCKS}", "--hold", "4",
                                "--assume-timeout", "5s", "--tcp-keepalive", "1s", "--refresh",
                                "none", "--min-idle", "1s", "--max-idle", "25s", "--connections",
                                "40", command="watch")
            wait_until(lambda: prober.process.poll() is not None or prober.kept(
                "SELECT 1 FROM messages WHERE outcome = 'delivered'"), 40,
                "a message through the proxy")
            prober.interrupt()
            self.assertIn(prober.wait(at_most=20), (0, 3), prober.complaints() + prober.printed)
            self.assertNotIn("secret", str(prober.rows("SELECT options_asked, options_used FROM runs")))


if __name__ == "__main__":
    unittest.main()
