#!/usr/bin/env python3
"""A tenth of the full load on one machine: every connection opens, answers, and stays cheap."""

import unittest

from server_process import ServerProcess

CONNECTIONS = 1800
# Per idle connection, in KiB. What handshakes under way leave behind, 1.3 MiB in all, is most of what
# TLS takes more than TCP at this number; see docs/performance.md for 10,000.
SERVER_KIB_MAX = {"tcp": 1.5, "tls": 2.5, "wss": 2.5}
CLIENT_KIB_MAX = {"tcp": 1.5, "tls": 2.5, "wss": 2.5}


class Load(unittest.TestCase):
    def test_every_connection_answers_and_costs_little_memory(self):
        for kind in ("tcp", "tls", "wss"):
            with self.subTest(transport=kind), ServerProcess("--hibernate") as server:
                seen = server.load("--transport", kind, "--connections", CONNECTIONS,
                                   "--connections-per-session", 200, "--probes-per-second", 2000, "--hold", 0)
                self.assertEqual(seen["answered"], 2000)
                self.assertLessEqual(seen["server_kib_per_connection_after_probes"],
                                     SERVER_KIB_MAX[kind])
                self.assertLessEqual(seen["client_kib_per_connection_after_probes"],
                                     CLIENT_KIB_MAX[kind])


class Shared(unittest.TestCase):
    def test_three_processes_share_one_port_and_each_answers_for_its_own(self):
        with ServerProcess("--processes", "3") as server:
            seen = server.load("--transport", "wss", "--connections", 3000,
                               "--connections-per-session", 100, "--probes-per-second", 3000,
                               "--hold", 0)
            self.assertEqual(seen["answered"], 3000)
            # Thirty neighbouring addresses, dealt out in turn.
            self.assertEqual(server.metrics()["joins"], 3000)
            self.assertEqual(len(server.pids()), 3)


if __name__ == "__main__":
    unittest.main()
