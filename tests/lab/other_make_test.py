"""A measurement against servers of another make: their own closes, and the firewall's timeout."""

import os
import unittest

from lab import PORT, SERVER, Lab
from other_make import OtherMake

TOLERANCE = 0.5  # s
RANGE = ["--min-idle", "3s", "--max-idle", "30s"]
# Made to speak first, too. Redis is only when asked: its own timeout spares who listens.
BOTH = "--direction to_client,to_server"
DELAYED = ("https://{host}:5444/ --delayed-url "
           f"https://{SERVER[4]}:5444/delay/{{milliseconds}}")


def web(other):
    other.nginx(443)
    other.nginx(6443, keepalive_s=6)
    other.haproxy(8443, keepalive_s=75)
    other.websocket(9443)
    other.node(5443)
    return {"nginx": "https://{host}/", "hasty nginx": "https://{host}:6443/",
            "haproxy": "https://{host}:8443/", "websocket": "wss://{host}:9443/live",
            "node": "https://{host}:5443/"}


def others(other):
    other.redis(6379)
    other.redis(6380, "--timeout", "3")
    other.mosquitto(1883)
    other.tls(7000, behind=6379)
    other.sshd(22)
    other.websocket(9444, ping_s=4)
    return {"chatty websocket": "wss://{host}:9444/",
            "redis": "redis://{host} " + BOTH,
            # Who subscribes is spared by its timeout.
            "hasty redis": "redis://{host}:6380",
            "mosquitto": "mqtt://{host}", "tls": "tls://{host}:7000", "ssh": "tcp://{host}:22"}


class AnyFirewall(unittest.TestCase):
    """Servers that wait for longer than the firewall, and servers that do not, side by side."""

    def measure(self, behaviour, timeout, start=web):
        """Returns the findings by server."""
        with Lab(behaviour, timeout) as lab:
            self.truth = lab.truth()
            other = OtherMake(lab)
            urls = start(other)
            probers = {name: other.prober(*url.split(), *RANGE, database=f"{name}.db")
                       for name, url in urls.items()}
            found = {}
            for name, prober in probers.items():
                self.assertEqual(prober.wait(at_most=150), 0, (name, prober.complaints()))
                rows = {row["direction"]: row for row in prober.rows("SELECT * FROM findings")}
                spoke = any(word in urls[name] for word in (BOTH, "mqtt://", "--delayed-url"))
                ways = {"to_server", "to_client"} if spoke else {"to_server"}
                self.assertEqual(set(rows), ways, (name, rows))
                found[name] = rows["to_server"]
                found[name]["to_client"] = rows.get("to_client")
                found[name]["printed"] = prober.printed
                found[name]["alive_by"] = [row["value"] for row in prober.rows(
                    "SELECT value FROM recommendations WHERE setting IN ('tcp_keepalive_idle', "
                    "'websocket_ping_interval', 'health_check_interval')")]
                # Manners: few connections, slowly opened.
                self.assertLessEqual(prober.rows(
                    "SELECT max((SELECT count(*) FROM connections b WHERE b.opened_s <= a.opened_s "
                    "AND b.end_s > a.opened_s)) AS open FROM connections a")[0]["open"], 19)
                rate = prober.rows("SELECT count(*) / max(1, max(opened_s)) AS rate FROM connections")
                self.assertLessEqual(rate[0]["rate"], 2)
            return found

    def assert_forgotten(self, row):
        self.assertEqual((row["kind"], row["after_expiry"]), ("timeout", "silent"), row)
        self.assertAlmostEqual(row["idle_timeout_s"], self.truth, delta=TOLERANCE)
        self.assertLessEqual(row["low_s"], self.truth + 0.05)
        self.assertGreaterEqual(row["high_s"], self.truth - 0.05)

    def assert_closed_by_server(self, row, after, coarse=1.3):
        self.assert_hidden(row, after, "the server closes idle connections after", coarse)

    def assert_hidden(self, row, after, words, coarse=1.3):
        self.assertEqual((row["kind"], row["explanation"]), ("none", "server_closes"), row)
        self.assertEqual(row["not_delivered"], 0)
        # Later where the server looks at its timers every so often only.
        self.assertGreater(row["low_s"], after - 0.6)
        self.assertLess(row["low_s"], after + coarse)
        self.assertIn(words, " ".join(row["printed"].split()))


def speaking(other):
    """Servers that can be made to speak first, with one of each other kind."""
    other.nginx(443)
    other.websocket(9443)
    other.node(5443)
    other.node(5444, keepalive_s=75)
    other.redis(6379)
    other.mosquitto(1883)
    return {"delayed": DELAYED, "nginx": "https://{host}/", "websocket": "wss://{host}:9443/live",
            "node": "https://{host}:5443/", "redis": "redis://{host} " + BOTH,
            "mosquitto": "mqtt://{host}"}


class OtherMakeStrict(AnyFirewall):
    def test_the_firewalls_timeout_and_the_servers_own_are_told_apart(self):
        found = self.measure("strict", 8)
        for name in "nginx", "haproxy", "websocket":
            with self.subTest(name):
                self.assert_forgotten(found[name])
        self.assert_closed_by_server(found["hasty nginx"], 6)
        self.assert_closed_by_server(found["node"], 5)


class OtherMakeNat(AnyFirewall):
    def test_the_firewalls_timeout_and_the_servers_own_are_told_apart(self):
        found = self.measure("nat", 8)
        for name in "nginx", "haproxy", "websocket":
            with self.subTest(name):
                self.assert_forgotten(found[name])
        self.assert_closed_by_server(found["hasty nginx"], 6)


class OtherMakeLoose(AnyFirewall):
    def test_a_firewall_that_takes_the_client_back_lets_its_questions_through(self):
        found = self.measure("loose", 8, start=speaking)
        for name in "nginx", "websocket":
            with self.subTest(name):
                self.assertEqual(found[name]["kind"], "none", found[name])
                self.assertGreater(found[name]["low_s"], self.truth)
                # It forgets all the same, and what the server says first would be lost.
                self.assertIn("was not measured", " ".join(found[name]["printed"].split()))
                self.assertEqual(found[name]["alive_by"], [None, None, None])
        self.assert_closed_by_server(found["node"], 5)
        for name in "redis", "mosquitto", "delayed":
            with self.subTest(name):
                self.assertEqual(found[name]["kind"], "none", found[name])
                self.assert_forgotten(found[name]["to_client"])
                for setting in found[name]["alive_by"]:
                    self.assertLess(setting, self.truth)


class OtherMakeProtocols(AnyFirewall):
    def test_redis_mqtt_tls_and_tcp(self):
        found = self.measure("strict", 8, start=others)
        for name in "redis", "mosquitto", "tls", "ssh":
            with self.subTest(name):
                self.assert_forgotten(found[name])
        for name in "redis", "mosquitto":
            with self.subTest(name, first="the server"):
                self.assert_forgotten(found[name]["to_client"])
        # Redis counts whole seconds, and looks at each client in turn.
        self.assert_closed_by_server(found["hasty redis"], 3, coarse=2.5)
        self.assert_hidden(found["chatty websocket"], 4, "speaks by itself")


def more(other):
    """What ends TLS for a server, and servers over IPv6."""
    other.nginx(443)
    other.nginx(6443, keepalive_s=6)
    other.node_websocket(9443)
    other.redis(6379)
    other.stunnel(6390, behind=6379, idle_s=60)
    other.stunnel(6391, behind=6379, idle_s=5)
    other.sshd(22)
    return {"nginx 6": "https://{host6}/", "hasty nginx 6": "https://{host6}:6443/",
            "redis 6": "redis://{host6} " + BOTH,
            "node ws": "wss://{host}:9443/",
            "stunnel": "rediss://{host}:6390 --direction to_server",
            "hasty stunnel": "rediss://{host}:6391 --direction to_server",
            "tls of stunnel": "tls://{host}:6390", "ssh 6": "tcp://{host6}:22"}


@unittest.skipUnless(os.environ.get("DEADAIR_FULL") == "1", "DEADAIR_FULL=1: before a release")
class OtherMakeMore(AnyFirewall):
    def check(self, found):
        for name in "nginx 6", "node ws", "stunnel", "tls of stunnel", "redis 6", "ssh 6":
            with self.subTest(name):
                self.assert_forgotten(found[name])
        with self.subTest("redis 6", first="the server"):
            self.assert_forgotten(found["redis 6"]["to_client"])
        self.assert_closed_by_server(found["hasty nginx 6"], 6)
        # It resets what is idle, and no socket tells whose reset that is.
        row = found["hasty stunnel"]
        self.assertEqual((row["kind"], row["after_expiry"]), ("timeout", "reset"), row)
        self.assertAlmostEqual(row["idle_timeout_s"], 5, delta=TOLERANCE)

    def test_through_a_strict_firewall(self):
        self.check(self.measure("strict", 8, start=more))

    def test_through_a_nat(self):
        self.check(self.measure("nat", 8, start=more))

    def test_what_ends_tcp_for_a_server_closes_in_its_name(self):
        def one(other):
            other.nginx(PORT)
            return {"nginx": f"https://{{host}}:{PORT}/"}
        self.assert_closed_by_server(self.measure("tcp-proxy", 8, start=one)["nginx"], 8)


class OtherMakeRefusals(unittest.TestCase):
    """What cannot be measured is refused in one sentence, with the way out."""

    def refused(self, other, url, *options, code=1, **more):
        prober = other.prober(url, *RANGE, *options, database="refused.db", **more)
        self.assertEqual(prober.wait(at_most=30), code, prober.complaints())
        complaint = prober.complaints().strip()
        self.assertEqual(len(complaint.splitlines()), 1, complaint)
        return complaint

    def test_servers_that_will_not_have_us(self):
        with Lab("strict", 60) as lab:
            other = OtherMake(lab)
            answers = {8401: ("return 401;", "--login-file"), 8403: ("return 403;", "--header-file"),
                       8429: ("return 429;", "left alone"), 8503: ("return 503;", "left alone"),
                       8301: ("return 301 https://elsewhere.test/secret;", "https://elsewhere.test")}
            for port, (answer, way_out) in answers.items():
                other.nginx(port, answer=answer)
                with self.subTest(port):
                    said = self.refused(other, f"https://{{host}}:{port}/")
                    self.assertIn(way_out, said)
                    self.assertNotIn("/secret", said)
            other.nginx(8440, keepalive_s=0)
            self.assertIn("keep-alive", self.refused(other, "https://{host}:8440/"))
            other.nginx(8200)
            self.assertIn("makes no WebSocket", self.refused(other, "wss://{host}:8200/x"))
            self.assertIn("certificate", self.refused(other, "https://{host}:8200/", "--ca-file",
                                                      "/etc/ssl/certs/ca-certificates.crt"))
            other.nginx(8000, tls=False)
            self.assertIn("does not speak TLS", self.refused(other, "https://{host}:8000/"))
            other.redis(6379, "--requirepass", "secret")
            self.assertIn("--login-file", self.refused(other, "redis://{host}"))
            self.assertIn("does not speak Redis", self.refused(other, "redis://{host}:8000"))
            self.assertIn("reach the port", self.refused(other, "https://{host}:9/"))

    def test_what_would_be_bad_manners_or_leaks_a_secret(self):
        with Lab("strict", 60) as lab:
            other = OtherMake(lab)
            for url, options, words in (
                    ("https://{host}/", ["--connections", "64"], "--mine"),
                    ("https://{host}/", ["--open-rate", "20"], "--mine"),
                    ("https://user:secret@{host}/", [], "--login-file"),
                    ("https://a,b/", [], "name one"),
                    ("tcp://{host}", [], "tcp://HOST:PORT"),
                    ("redis://{host}", ["--contact", "me"], "leave it out"),
                    ("https://{host}/", ["--direction", "to_client"], "to_server"),
                    ("https://{host}/", ["--delayed-url", f"https://{SERVER[4]}/10"], "{seconds}"),
                    ("https://{host}/", ["--delayed-url", "https://else.test/{seconds}"], "host"),
                    ("ftp://{host}/", [], "none of https://"),
                    ("https://{host}/", ["--hops"], "deadair-echo-server"),
                    ("https://{host}/", ["--transport", "tcp"], "deadair-echo-server")):
                with self.subTest(url=url, options=options):
                    said = self.refused(other, url, *options, code=2)
                    self.assertIn(words, said)
                    self.assertNotIn("secret", said)


class OtherMakeManners(unittest.TestCase):
    def test_the_server_sees_who_asks_and_the_file_keeps_no_secret(self):
        with Lab("strict", 60) as lab:
            other = OtherMake(lab)
            other.nginx(443)
            prober = other.prober("https://{host}/live?key=hidden", "--min-idle", "1s", "--max-idle",
                                  "4s", "--contact", "noc@client.test", "--cookie-file",
                                  other.secret("cookies", "session=whispered\n"),
                                  database="manners.db", login="someone:unsaid")
            self.assertEqual(prober.wait(at_most=60), 0, prober.complaints())
            with open(lab.file("nginx-443.access")) as file:
                asked = file.read().splitlines()
            for line in asked:
                self.assertIn('"HEAD /live?key=hidden HTTP/1.1" 200', line)
                self.assertRegex(line, r"deadair/\S+ \(measures idle timeouts; noc@client.test\)")
                self.assertIn("- someone [", line)
                self.assertIn('"session=whispered"', line)
            # One question opens each connection, and one each probe; a few more ask in doubt.
            rows = prober.rows("SELECT (SELECT count(*) FROM connections) AS opened, "
                               "(SELECT count(*) FROM probes WHERE NOT unprompted) AS probes")[0]
            self.assertLessEqual(len(asked), rows["opened"] + rows["probes"] + 3)
            with open(prober.database, "rb") as file:
                kept = file.read()
            for secret in b"hidden", b"unsaid", b"c29tZW9uZTp1bnNhaWQ", b"whispered":
                self.assertNotIn(secret, kept)
            self.assertNotIn("unsaid", prober.printed + prober.complaints())
            self.assertNotIn("whispered", prober.printed + prober.complaints())

    def test_a_question_may_have_a_body_that_is_kept_secret(self):
        with Lab("strict", 60) as lab:
            other = OtherMake(lab)
            other.node(5443, keepalive_s=75)
            prober = other.prober("https://{host}:5443/", "--min-idle", "1s", "--max-idle", "2s",
                                  "--body-file", other.secret("body", '{"key": "whispered"}'),
                                  database="body.db")
            # Whether so short a range tells something on a busy machine is not what is asked here.
            self.assertIn(prober.wait(at_most=60), (0, 3), prober.complaints())
            with open(lab.file("5443.log")) as file:
                asked = file.read().splitlines()
            self.assertGreater(len(asked), 3)
            self.assertEqual(set(asked), {'POST {"key": "whispered"}'})
            with open(prober.database, "rb") as file:
                self.assertNotIn(b"whispered", file.read())


if __name__ == "__main__":
    unittest.main()
