"""The lab itself: does its firewall do what `scripts/lab --help` says? Needs no program of ours."""

import contextlib
import errno
import itertools
import os
import socket
import statistics
import subprocess
import threading
import time
import unittest

from lab import CLIENT, PORT, ROOT, SERVER, Lab

TIMEOUT = 3
TO_CONNECT = 15  # s; time for a lost SYN or two to be repeated
ANSWER = 1.0  # s; more than any round trip here, less than what the ages below leave


class Pair:
    """The two ends of one TCP connection through the firewall."""

    def __init__(self, lab, family):
        kind = socket.AF_INET6 if family == 6 else socket.AF_INET
        with lab.inside("client"):
            self.client = lab.at_end.enter_context(socket.socket(kind))
        self.client.settimeout(TO_CONNECT)
        with lab.inside("server"), socket.create_server((SERVER[family], 0), family=kind) as door:
            self.client.connect(door.getsockname())
            self.server, self.peer = door.accept()
        lab.at_end.enter_context(self.server)
        self.client.settimeout(ANSWER)
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


class Path(unittest.TestCase):
    """What the lab does to packets, whatever connection they belong to."""

    def echoes(self, lab, count, pause=0.0, payload=0):
        """Sends numbered ICMP echo requests; which of them were answered."""
        with lab.inside("client"):
            ping = lab.at_end.enter_context(
                socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
        answered = set()

        def hear(patience):
            ping.settimeout(patience)
            with contextlib.suppress(TimeoutError, BlockingIOError):
                while True:
                    answered.add(int.from_bytes(ping.recv(2000)[26:28], "big"))

        for number in range(count):
            # One identifier; the sequence number is in the checksum.
            sum_ = 0xffff - (0x0800 + 0x1234 + number)
            ping.sendto(bytes([8, 0, *sum_.to_bytes(2, "big"), 0x12, 0x34,
                               *number.to_bytes(2, "big")]) + bytes(payload), (SERVER[4], 0))
            hear(0)
            time.sleep(pause)
        hear(0.5)
        return answered

    def packets(self, lab, device, counter):
        """What the firewall's device has counted: received or transmitted packets."""
        path = f"/sys/class/net/{device}/statistics/{counter}_packets"
        return int(lab.start("firewall", "cat", path).stdout.read())

    def upload(self, lab, size):
        """Uploads so much; seconds until all of it had arrived."""
        pair = Pair(lab, 4)
        pair.client.settimeout(60)
        pair.server.settimeout(60)
        began = time.monotonic()
        sending = threading.Thread(target=pair.client.sendall, args=(bytes(size),))
        sending.start()
        while size > 0:
            size -= len(pair.server.recv(1 << 20))
        sending.join()
        return time.monotonic() - began

    def test_loss_is_what_was_asked_for(self):
        for behaviour in ("strict", "lossy"):
            with self.subTest(behaviour), Lab(behaviour, 20, loss=20) as lab:
                # Both ways lose: 0.8 * 0.8 * 400 = 256, standard deviation 10.
                answers = len(self.echoes(lab, 400))
                self.assertTrue(206 < answers < 306, answers)

    def test_lossy_loses_one_percent_when_nothing_is_said(self):
        with Lab("lossy", 20) as lab:
            # 3000 * (1 - 0.99 * 0.99) = 60, standard deviation 8.
            lost = 3000 - len(self.echoes(lab, 3000))
            self.assertTrue(25 < lost < 100, lost)

    def test_lossy_loses_single_segments_of_a_stream(self):
        with Lab("lossy", 20, loss=5) as lab:
            self.upload(lab, 6_000_000)
            came, went = self.packets(lab, "inside", "rx"), self.packets(lab, "outside", "tx")
            # A segment carries at most 1460 bytes, so there are at least 4100; 205 of them are
            # lost, standard deviation 14.
            self.assertGreater(came, 4100)
            self.assertTrue(0.03 < (came - went) / came < 0.07, (came, went))

    def test_burst_loss_takes_all_that_comes_within_200_ms(self):
        with Lab("burst-loss", 20, loss=0.5) as lab:
            count = 1000
            answered = self.echoes(lab, count, 0.005)
            bursts = [len(list(group)) for lost, group in
                      itertools.groupby(range(count), lambda number: number not in answered) if lost]
            # One or the other way begins a burst after some 100 packets, and each takes up to 40;
            # the pause is longer where the machine is busy, never shorter.
            self.assertTrue(2 <= len(bursts) <= 25, bursts)
            self.assertGreater(statistics.median(bursts), 5, bursts)
            self.assertLessEqual(min(bursts), 41, bursts)

    def test_slow_carries_its_rate_and_queues_what_is_more(self):
        with Lab("slow", 20, rate=2000) as lab:
            # 500 kB are 4 Mbit, and headers.
            took = self.upload(lab, 500_000)
            self.assertTrue(1.9 < took < 5, took)

    def test_slow_holds_two_seconds_in_its_queue(self):
        with Lab("slow", 20, rate=800) as lab:
            # 10 ms each: 200 wait, 8 are in the bucket, and what drains meanwhile makes room.
            began = time.monotonic()
            answers = len(self.echoes(lab, 400, payload=958))
            self.assertTrue(200 <= answers < 350, answers)
            self.assertGreater(time.monotonic() - began, 2)


class Command(unittest.TestCase):
    def lab(self, *words):
        return subprocess.run([os.path.join(ROOT, "scripts", "lab"), *words], text=True,
                              capture_output=True)

    def test_bad_words_end_with_2_and_name_the_culprit(self):
        for words, culprit in ((["up", "--timeout", "0"], "--timeout '0'"),
                               (["up", "--behaviour", "kind"], "'kind'"),
                               (["up", "--loss", "100"], "--loss '100'"),
                               (["up", "--behaviour", "slow", "--rate", "5"], "--rate '5'"),
                               (["up", "--rate", "500"], "--behaviour slow alone"),
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
