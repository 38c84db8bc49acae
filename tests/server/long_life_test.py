#!/usr/bin/env python3
"""Days of sessions in a row: the server's memory stays flat, and with sanitizers nothing leaks.
DEADAIR_DAYS=24 makes it as long as a release deserves; CI runs it with sanitizers."""

import contextlib
import os
import re
import secrets
import signal
import socket
import ssl
import unittest

from server_process import ServerProcess, wait_until

DAYS = int(os.environ.get("DEADAIR_DAYS", "2"))
SESSIONS_A_DAY = 288  # one each five minutes
CONNECTIONS_EACH = 2
TRANSPORTS = ("tcp", "tls", "ws", "wss")
GROWTH_MAX = 0.1  # of what it has after the first day, which fills caches
# What was freed stays with the sanitizer for a while: only for so much of it here.
SANITIZER = {"ASAN_OPTIONS": "quarantine_size_mb=4:thread_local_quarantine_size_kb=64:detect_leaks=1"}


class LongLife(unittest.TestCase):
    def test_days_of_sessions_leave_nothing_behind(self):
        os.environ.update(SANITIZER)
        with ServerProcess("--log-level", "error") as server:
            sizes = []
            for day in range(DAYS):
                self.live_a_day(server, day)
                sizes.append(self.memory_kib(server))
                print(f"day={day + 1} sessions={server.metrics()['sessions_begun']:.0f} "
                      f"rss_kib={sizes[-1]}", flush=True)
            seen = server.metrics()
            self.assertEqual(seen["sessions_begun"], DAYS * SESSIONS_A_DAY)
            self.assertEqual(seen["joins"], DAYS * SESSIONS_A_DAY * CONNECTIONS_EACH)
            self.assertLess(max(sizes), (1 + GROWTH_MAX) * sizes[0], sizes)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(60), 0, server.log())  # a leak is an error
            self.assertNotIn("Sanitizer", server.log())

    def live_a_day(self, server, day):
        for kind in TRANSPORTS:
            sessions = SESSIONS_A_DAY // len(TRANSPORTS)
            seen = server.load("--transport", kind, "--connections", sessions * CONNECTIONS_EACH,
                               "--connections-per-session", CONNECTIONS_EACH, "--hold", 0,
                               "--probes-per-second", 2 * sessions * CONNECTIONS_EACH)
            self.assertEqual(seen["answered"], seen["probed"])
        self.strangers(server)
        # The day's token is revoked at its end: sessions would live on for two minutes.
        with open(server.token_file, "w", encoding="ascii") as file:
            file.write(f"day-{day} {secrets.token_hex(32)}\n")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: server.metrics()["sessions"] == 0, "the end of the day's sessions")
        wait_until(lambda: server.metrics()["strangers"] == 0, "the end of the strangers", 15)

    @staticmethod
    def strangers(server):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        unknown = b"GET /echo HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n" \
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" \
            b"Authorization: Bearer " + b"0" * 64 + b"\r\n\r\n"
        for index in range(20):
            with contextlib.suppress(OSError), \
                    socket.create_connection(("127.0.0.1", server.port), 10) as line:
                if index % 2:
                    with context.wrap_socket(line) as secured:
                        secured.sendall(unknown)
                        secured.recv(1000)
                else:
                    line.sendall((b"\x16\x03\x01", b"dA\x01\x07\0\0\0\0", unknown)[index % 3])

    @staticmethod
    def memory_kib(server):
        with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))


if __name__ == "__main__":
    unittest.main()
