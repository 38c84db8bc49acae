"""The lab itself: does its firewall do what `scripts/lab --help` says? Needs no program of ours."""

import contextlib
import errno
import os
import socket
import subprocess
import time
import unittest

from lab import CLIENT, PORT, ROOT, SERVER, Lab

TIMEOUT = 3
ANSWER = 1.0  # s; more than any round trip here, less than what the ages below leave


class Pair:
    """The two ends of one TCP connection through the firewall."""

    def __init__(self, lab, family):
        kind = socket.AF_INET6 if family == 6 else socket.AF_INET
        with lab.inside("client"):
            self.client = lab.at_end.enter_context(socket.socket(kind))
        self.client.settimeout(ANSWER)
        with lab.inside("server"), socket.create_server((SERVER[family], 0), family=kind) as door:
            self.client.connect(door.getsockname())
            self.server, self.peer = door.accept()
        lab.at_end.enter_context(self.server)
        self.server.settimeout(ANSWER)

    def to_server(self):
        return self._say(self.client, self.server)

    def to_client(self):
        return self._say(self.server, self.client)

    @staticmethod
    def _say(speaker, hearer):
        """What becomes of one byte: delivered, lost or reset."""
        speaker.sendall(b"x")
        with contextlib.suppress(TimeoutError):
            return "delivered" if hearer.recv(1) else "closed"
        error = speaker.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return "reset" if error == errno.ECONNRESET else "lost"


class Behaviour(unittest.TestCase):
    def outcomes(self, behaviour, timeout=TIMEOUT, idle=TIMEOUT + 1):
        """What becomes of the first byte after a silence, by address family and direction."""
        with Lab(behaviour, timeout) as lab:
            pairs = {(family, way): Pair(lab, family)
                     for family in (4, 6) for way in ("to_client", "to_server")}
            for pair in pairs.values():
                self.assertEqual(pair.to_server(), "delivered")
                self.assertEqual(pair.to_client(), "delivered")
            time.sleep(idle)
            return {key: getattr(pair, key[1])() for key, pair in pairs.items()}

    def assert_outcomes(self, seen, to_client, to_server):
        for family in (4, 6):
            self.assertEqual(seen[family, "to_client"], to_client)
            self.assertEqual(seen[family, "to_server"], to_server)

    def test_connections_live_through_a_silence_shorter_than_the_timeout(self):
        self.assert_outcomes(self.outcomes("strict", idle=TIMEOUT - 1), "delivered", "delivered")

    def test_strict_forgets_silently_both_ways(self):
        self.assert_outcomes(self.outcomes("strict"), "lost", "lost")

    def test_nat_forgets_silently_both_ways(self):
        self.assert_outcomes(self.outcomes("nat"), "lost", "lost")

    def test_reset_answers_both_sides_with_a_reset(self):
        self.assert_outcomes(self.outcomes("reset"), "reset", "reset")

    def test_loose_lets_only_the_client_take_up_again(self):
        self.assert_outcomes(self.outcomes("loose"), "lost", "delivered")


class Firewall(unittest.TestCase):
    def test_loose_revives_what_the_server_said_before(self):
        with Lab("loose", 1) as lab:
            pair = Pair(lab, 4)
            time.sleep(2)
            self.assertEqual(pair.to_client(), "lost")
            pair.server.setblocking(True)
            pair.client.settimeout(5)
            self.assertEqual(pair.to_server(), "delivered")
            self.assertEqual(pair.client.recv(1), b"x")

    def test_nat_hides_the_client(self):
        with Lab("nat") as lab:
            self.assertEqual(Pair(lab, 4).peer[0], "198.51.100.1")
            self.assertEqual(Pair(lab, 6).peer[0], "2001:db8:2::1")

    def test_strict_shows_the_client(self):
        with Lab("strict") as lab:
            for family in (4, 6):
                self.assertEqual(Pair(lab, family).peer[0], CLIENT[family])

    def test_the_outside_cannot_begin_a_connection(self):
        for behaviour in ("strict", "loose"):
            with self.subTest(behaviour), Lab(behaviour) as lab:
                with lab.inside("client"):
                    lab.at_end.enter_context(socket.create_server((CLIENT[4], PORT)))
                with lab.inside("server"), socket.socket() as outside:
                    outside.settimeout(ANSWER)
                    self.assertRaises(TimeoutError, outside.connect, (CLIENT[4], PORT))

    def test_flush_forgets_at_once(self):
        with Lab("strict") as lab:
            pair = Pair(lab, 4)
            lab.command("flush")
            self.assertEqual(pair.to_server(), "lost")

    def test_set_timeout_holds_from_the_next_packet_on(self):
        with Lab("strict", 20) as lab:
            pair = Pair(lab, 4)
            lab.command("set-timeout", "1")
            self.assertEqual(lab.truth(), 1)
            self.assertEqual(pair.to_server(), "delivered")
            time.sleep(2)
            self.assertEqual(pair.to_server(), "lost")

    def test_loss_is_what_was_asked_for(self):
        with Lab("strict", 20, loss=20) as lab, lab.inside("client"):
            ping = lab.at_end.enter_context(
                socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
            ping.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            # Echo requests of one identifier; the sequence number is in the checksum.
            for number in range(400):
                sum_ = 0xffff - (0x0800 + 0x1234 + number)
                ping.sendto(bytes([8, 0, *sum_.to_bytes(2, "big"), 0x12, 0x34,
                                   *number.to_bytes(2, "big")]), (SERVER[4], 0))
            ping.settimeout(0.5)
            answers = 0
            with contextlib.suppress(TimeoutError):
                while ping.recv(100):
                    answers += 1
            # Both ways lose: 0.8 * 0.8 * 400 = 256, standard deviation 10.
            self.assertTrue(206 < answers < 306, answers)


class Command(unittest.TestCase):
    def lab(self, *words):
        return subprocess.run([os.path.join(ROOT, "scripts", "lab"), *words], text=True,
                              capture_output=True)

    def test_bad_words_end_with_2_and_name_the_culprit(self):
        for words, culprit in ((["up", "--timeout", "0"], "--timeout '0'"),
                               (["up", "--behaviour", "kind"], "'kind'"),
                               (["up", "--loss", "100"], "--loss '100'"),
                               (["up", "--name", "too-long-a-name"], "too-long-a-name"),
                               (["up", "--fast"], "--fast"),
                               (["up", "now"], "'now'"),
                               (["exec", "router", "true"], "'router'")):
            with self.subTest(words):
                done = self.lab(*words)
                self.assertEqual(done.returncode, 2)
                self.assertIn(culprit, done.stderr)

    def test_a_lab_that_is_not_up_is_said(self):
        done = self.lab("truth", "--name", "absent")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no lab named absent is up", done.stderr)

    def test_down_twice_is_fine_and_up_twice_is_not(self):
        with Lab() as lab:
            self.assertEqual(self.lab("up", "--name", lab.name).returncode, 1)
            self.assertEqual(lab.truth(), 4)
            lab.command("down")
            lab.command("down")
            self.assertFalse(os.path.exists(f"/run/netns/deadair-{lab.name}-client"))

    def test_what_is_half_made_is_taken_away_again(self):
        with Lab() as lab:
            lab.command("down")
            # nft is missing from this path, so up fails after the namespaces are there.
            broken = lab.file("bin")
            os.mkdir(broken)
            os.symlink("/bin/false", os.path.join(broken, "nft"))
            path = f"{broken}:{os.environ['PATH']}"
            done = subprocess.run([os.path.join(ROOT, "scripts", "lab"), "up", "--name", lab.name],
                                  env={**os.environ, "PATH": path}, capture_output=True)
            self.assertEqual(done.returncode, 1)
            for host in ("client", "firewall", "server"):
                self.assertFalse(os.path.exists(f"/run/netns/deadair-{lab.name}-{host}"))


if __name__ == "__main__":
    unittest.main()
