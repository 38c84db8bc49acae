"""Connections that are accepted and never answered: a sentence, an exit code and an end in bounded
time, whichever command it is."""

import time
import unittest

from lab import PORT, Lab

AT_MOST = 30  # s


def answer_the_first_connection_alone(lab):
    """From now on the firewall lets each connection be set up, and drops whatever is said on all but
    the first: the control connection."""
    for rule in (f"tcp dport {PORT} ct state new limit rate 1/day burst 1 packets ct mark set 1",
                 "ct mark != 1 tcp flags & psh == psh drop"):
        lab.run("firewall", "nft", "add", "rule", "inet", "lab", "unanswered", *rule.split())


class Unanswered(unittest.TestCase):
    def run_to_its_end(self, command, *options):
        with Lab("strict", 60) as lab:
            server = lab.echo_server()
            lab.run("firewall", "nft", "add", "chain", "inet", "lab", "unanswered",
                    "{ type filter hook forward priority 10 ; }")
            answer_the_first_connection_alone(lab)
            began = time.monotonic()
            prober = lab.prober(server, *options, command=command)
            self.assertEqual(prober.wait(AT_MOST), 1, prober.complaints())
            self.assertLess(time.monotonic() - began, AT_MOST)
            complaint = prober.complaints().splitlines()[-1]
            self.assertRegex(complaint, "no connection to it could be opened within 20 s")
            run, = prober.rows("SELECT state, note FROM runs")
            self.assertEqual(run["state"], "failed")
            self.assertIn(run["note"], complaint)
            self.assertTrue(prober.rows("SELECT * FROM events WHERE kind = 'open_failed'"))


class Uploads(Unanswered):
    def test_uploads_end_with_a_sentence(self):
        self.run_to_its_end("uploads", "--transport", "tcp,tls", "--sizes", "64kB")


class Measure(Unanswered):
    def test_a_measurement_ends_with_a_sentence(self):
        self.run_to_its_end("measure")


class Verify(Unanswered):
    def test_a_verification_ends_with_a_sentence(self):
        self.run_to_its_end("verify", "--assume-timeout", "10s", "--tcp-keepalive", "5s")


if __name__ == "__main__":
    unittest.main()
