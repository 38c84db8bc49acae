#!/usr/bin/env python3
"""The server under attack: its memory stays bounded, honest sessions are answered in time, and the
metrics tell what happened. DEADAIR_FULL=1 makes the attacks as long as a release deserves."""

import contextlib
import os
import random
import re
import secrets
import select
import socket
import ssl
import statistics
import struct
import subprocess
import threading
import time
import unittest

from server_process import AttackTest, ServerProcess, upgrade_request, wait_until

FULL = os.environ.get("DEADAIR_FULL") == "1"
# A round trip under attack may take so many times the calm one, and so much more: the attacker
# and the honest client share two processors with the server.
SLOWER_MAX, LATER_MAX_US = 20, 20_000

def block(size, body):
    """As TLS writes what varies in length."""
    return len(body).to_bytes(size, "big") + body


def extension(number, body):
    return struct.pack("!H", number) + block(2, body)


# A TLS 1.3 hello that knows X25519 and brings no key share: a server would have to ask for another
# (HelloRetryRequest, RFC 8446 4.1.4).
SHARELESS_HELLO = b"\x03\x03" + bytes(32) + block(1, b"") + block(2, b"\x13\x01") + block(1, b"\0") + \
    block(2, extension(43, block(1, b"\x03\x04")) + extension(10, block(2, b"\0\x1d")) +
          extension(13, block(2, b"\x04\x03")) + extension(51, block(2, b"")))
SHARELESS = b"\x16\x03\x01" + block(2, b"\x01" + block(3, SHARELESS_HELLO))
# The head of one with 128 KiB, the most that OpenSSL makes room for.
HUGE_HELLO = b"\x16\x03\x03" + block(2, b"\x01\x02\0\0" + bytes(12))
HELLO = bytes.fromhex("1603010100010000fc0303")  # the head of a TLS ClientHello
UPGRADE = (b"GET /%s HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
           b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n")
PING = b"\x89\x80\0\0\0\0"


def memory_kib(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
        return int(re.search(r"RssAnon:\s+(\d+)", file.read()).group(1))


def connect(server, index, first=b""):
    """A stranger; each hundred of them has an address of its own. None if it was turned away."""
    stranger = socket.socket()
    try:
        stranger.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
        stranger.bind((f"127.2.{index // 25600}.{index // 100 % 256}", 0))
        stranger.connect(("127.0.0.1", server.port))
        stranger.sendall(first)
    except OSError:
        stranger.close()
        return None
    return stranger


class Honest(threading.Thread):
    """200 connections that come, are probed in a second and go, again and again, until told."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self._server = server
        self._over = threading.Event()
        self._problem = None
        self.answers_us = []  # the median of each second
        self.slowest_us = 0
        self.memory_kib = 0

    def once(self):
        seen = self._server.load("--connections", 200, "--probes-per-second", 200, "--hold", 0)
        assert seen["answered"] == seen["probed"], seen
        self.answers_us.append(seen["answer_us.p50"])
        self.slowest_us = max(self.slowest_us, seen["answer_us.p99"])
        self.memory_kib = max(self.memory_kib, memory_kib(self._server))

    def run(self):
        try:
            while not self._over.is_set():
                self.once()
        except BaseException as problem:  # handed on
            self._problem = problem

    def finish(self):
        self._over.set()
        self.join()
        if self._problem is not None:
            raise self._problem


class Attack(AttackTest):
    """What an attack may not do to others."""

    @contextlib.contextmanager
    def server(self, memory_growth_mib):
        """A server that must serve as well, and in about as much memory, while attacked."""
        with ServerProcess("--log-level", "warn") as server:
            calm = Honest(server)
            calm.once()
            attacked = Honest(server)
            attacked.start()
            try:
                yield server
                self.assertIsNone(server.process.poll(), "the server ended")
            finally:
                attacked.finish()
            usual, during = calm.answers_us[0], statistics.median(attacked.answers_us)
            print(f"attack={self.id().split('.')[-1]} answers_us calm={usual:.0f} during={during:.0f} "
                  f"p99={attacked.slowest_us:.0f} memory_kib before={calm.memory_kib} "
                  f"most={attacked.memory_kib}", flush=True)
            self.assertLess(during, SLOWER_MAX * usual + LATER_MAX_US)
            self.assertLess(attacked.memory_kib - calm.memory_kib, memory_growth_mib * 1024)
            server.assert_no_long_turn()


class Strangers(Attack):
    def test_five_thousand_half_open_handshakes(self):
        with self.server(memory_growth_mib=16) as server, contextlib.ExitStack() as held:
            for index in range(5000):
                stranger = connect(server, index, HELLO)
                if stranger:
                    held.enter_context(stranger)
            wait_until(lambda: server.metrics()["accepted"] >= 5000, "the last accept")
            seen = server.metrics()
            self.assertLessEqual(seen["strangers"], 2048)
            self.assertGreater(seen["farewells.address_limit"], 1000)  # 36 of each 100
            self.assertGreater(seen["farewells.made_room"], 500)
            self.assertLess(memory_kib(server), 16 * 1024)

    def test_senders_of_one_byte_a_second(self):
        with self.server(memory_growth_mib=16) as server, contextlib.ExitStack() as held:
            texts = [UPGRADE % (b"deadair", b""), HELLO + bytes(200), b"dA\x01\x01\0\0\0\x60" + bytes(96)]
            slow = []
            for index in range(150):
                slow.append(held.enter_context(connect(server, index)))
            for second in range(11):
                for index, stranger in enumerate(slow):
                    with contextlib.suppress(OSError):
                        stranger.sendall(texts[index % 3][second:second + 1])
                time.sleep(1)
            wait_until(lambda: server.metrics()["strangers"] == 0, "their end", 5)
            self.assertGreaterEqual(server.metrics()["farewells.too_slow"], 100)

    def test_connections_that_come_and_go(self):
        with self.server(memory_growth_mib=16) as server:
            until = time.monotonic() + (60 if FULL else 4)
            begun = time.monotonic()
            made = 0
            while time.monotonic() < until:
                stranger = connect(server, made, secrets.token_bytes(8))
                if stranger:
                    stranger.close()
                made += 1
                time.sleep(max(0, begun + made / 500 - time.monotonic()))
            took = time.monotonic() - begun
            self.assertGreater(made / took, 100, "too few came and went to show anything")
            wait_until(lambda: server.metrics()["strangers"] == 0, "the end of the last", 15)


    def test_hellos_that_ask_to_be_asked_for_another(self):
        with self.server(memory_growth_mib=16) as server, contextlib.ExitStack() as held:
            before = server.metrics()
            for index in range(0, 8000, 4):  # 25 from each address
                stranger = connect(server, index, SHARELESS)
                held.enter_context(stranger)
                stranger.settimeout(10)
                self.assertEqual(stranger.recv(200), b"\x15\x03\x03\0\x02\x02\x28")  # an alert
                with contextlib.suppress(OSError):
                    stranger.sendall(HUGE_HELLO)
            self.assertLess(memory_kib(server), 16 * 1024)
            ended = server.metrics()["farewells.broken"] - before["farewells.broken"]
            self.assertEqual(ended, 2000)


class Nonsense(Attack):
    def test_random_bytes(self):
        chance = random.Random(7)
        with self.server(memory_growth_mib=16) as server, contextlib.ExitStack() as held:
            for index in range(20_000 if FULL else 1500):
                start = (b"", b"dA\x01", b"GET ", b"\x16\x03\x01")[index % 4]
                stranger = connect(server, index, start + chance.randbytes(chance.randrange(400)))
                if stranger and index % 10 == 0:
                    held.enter_context(stranger)  # some stay, the others leave
                elif stranger:
                    stranger.close()
            self.assertGreater(server.metrics()["farewells.broken"], 200)

    def test_frames_that_announce_more_than_they_may(self):
        with self.server(memory_growth_mib=16) as server:
            for index, head in enumerate([
                    b"\x82\xff" + struct.pack("!Q", 1 << 40), b"\x82\xff" + struct.pack("!Q", 1 << 63),
                    b"\x82\xfe" + struct.pack("!H", 60_000), b"\x89\xfe" + struct.pack("!H", 200),
                    b"\x82\x05hello", b"\xf2\x80\0\0\0\0", b"\x80\x80\0\0\0\0"] * 10):
                with connect(server, index * 100, UPGRADE % (b"deadair", b"")) as stranger:
                    stranger.settimeout(10)
                    self.assertIn(b"101", stranger.recv(200))
                    stranger.sendall(head + b"\0\0\0\0")
                    with contextlib.suppress(ConnectionResetError):
                        while stranger.recv(200):
                            pass
            self.assertEqual(server.metrics()["farewells.broken"], 70)


def guest_request(server):
    """Lets a client of another make in."""
    return upgrade_request(server.token().hex())


class Floods(Attack):
    def guest(self, server):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        guest = context.wrap_socket(connect(server, 0))
        self.addCleanup(guest.close)
        guest.settimeout(10)
        guest.sendall(guest_request(server))
        self.assertIn(b"101", guest.recv(200))
        return guest

    def test_pings_without_end(self):
        with self.server(memory_growth_mib=16) as server:
            guest = self.guest(server)
            with self.assertRaises(OSError):
                while True:
                    guest.sendall(PING * 500)
                    while guest.pending() or select.select([guest], [], [], 0)[0]:
                        if not guest.recv(65536):
                            raise ConnectionResetError
            self.assertEqual(server.metrics()["farewells.over_rate"], 1)

    def test_a_client_that_never_reads(self):
        with self.server(memory_growth_mib=32) as server:
            guests = [self.guest(server) for _ in range(10)]
            message = b"\x82\xfe" + struct.pack("!H", 16_000) + bytes(16_004)
            said = 0
            for guest in guests:
                guest.settimeout(0.3)
                with contextlib.suppress(OSError):
                    while said < 1 << 30:
                        guest.sendall(message)
                        said += len(message)
            seen = server.metrics()
            self.assertLess(seen["bytes.received"], 1 << 28)  # the server stopped reading


class Tls(Attack):
    def openssl(self, server, text, *options):
        return subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", *options], input=text,
            text=True, capture_output=True, timeout=20)

    def test_renegotiation_is_refused(self):
        with self.server(memory_growth_mib=16) as server:
            for _ in range(5):
                done = self.openssl(server, "R\n", "-tls1_2")
                self.assertIn("RENEGOTIATING", done.stdout + done.stderr)
                self.assertIn("no renegotiation", done.stdout + done.stderr)

    def test_there_is_nothing_to_resume_and_no_early_data(self):
        with self.server(memory_growth_mib=16) as server:
            kept = server.file("session")
            for version in ("-tls1_2", "-tls1_3"):
                done = self.openssl(server, "", version, "-sess_out", kept)
                self.assertIn("Cipher is", done.stdout)
                self.assertNotIn("Session Ticket", done.stdout)
            self.assertNotIn("Max Early Data: 1", done.stdout)

    def test_key_updates_without_end(self):
        with self.server(memory_growth_mib=16) as server:
            done = self.openssl(server, "k\n" * 2000, "-tls1_3")
            self.assertIn("KEYUPDATE", done.stdout + done.stderr)
            self.assertEqual(server.metrics()["sessions"], server.metrics()["sessions_begun"])


class Replay(Attack):
    """What was recorded on the path serves nobody. Hello, proof and ticket over plain TCP: see
    tests/unit/echo-server/trust_test.cpp and server_test.cpp."""

    def test_a_tls_connection_that_was_recorded(self):
        with self.server(memory_growth_mib=16) as server:
            said = self.record(server)
            for _ in range(20):
                with connect(server, 0, said) as again:
                    again.settimeout(10)
                    with contextlib.suppress(ConnectionResetError):
                        while again.recv(4096):
                            pass
            seen = server.metrics()
            self.assertEqual(seen["farewells.broken"], 20)
            self.assertEqual(seen["connections.wss"], 0)

    @staticmethod
    def record(server):
        """All that a guest says in TLS, from its hello to its end."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        heard, to_say = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(heard, to_say)
        said = b""
        with connect(server, 0) as line:
            line.settimeout(10)

            def until_done(step):
                nonlocal said
                while True:
                    with contextlib.suppress(ssl.SSLWantReadError):
                        done = step()
                        fresh = to_say.read()
                        line.sendall(fresh)
                        said += fresh
                        return done
                    fresh = to_say.read()
                    line.sendall(fresh)
                    said += fresh
                    heard.write(line.recv(4096))

            until_done(tls.do_handshake)
            until_done(lambda: tls.write(guest_request(server)))
            assert b" 101 " in until_done(lambda: tls.read(4096))
        return said

    def test_early_data_of_a_session_that_another_server_gave(self):
        with self.server(memory_growth_mib=16) as server:
            identity, kept, early = (server.file(name) for name in
                                     ("state/identity.pem", "kept", "early"))
            self.get_session(identity, kept)
            with open(early, "wb") as file:
                file.write(guest_request(server))
            for _ in range(5):
                done = subprocess.run(
                    ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-sess_in", kept,
                     "-early_data", early], input="", text=True, capture_output=True, timeout=20)
                self.assertIn("Early data was rejected", done.stdout)
                self.assertIn("New, TLSv1.3", done.stdout)
            self.assertEqual(server.metrics()["connections.wss"], 0)

    def get_session(self, identity, kept):
        with subprocess.Popen(
                ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", identity, "-key", identity,
                 "-early_data"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL) as giver:
            at = next(line.split()[1] for line in giver.stdout if line.startswith("ACCEPT"))
            with subprocess.Popen(["openssl", "s_client", "-connect", at, "-sess_out", kept],
                                  stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as taker:
                wait_until(lambda: os.path.exists(kept) and os.path.getsize(kept), "a session ticket")
                taker.kill()
            giver.kill()


if __name__ == "__main__":
    unittest.main()
