#!/usr/bin/env python3
"""Captures of connections of another make, taken by tcpdump on both sides of a firewall whose timeout
we know, say what the firewall does."""

import contextlib
import signal
import socket
import subprocess
import threading
import time
import unittest

import lab
from lab import Lab

PORT = 8000
TIMEOUT = 8
SILENCES = (2, 4, 6, 7, 9, 10, 12)
UNTIL_GIVEN_UP = 7  # s: five packets without an answer


@contextlib.contextmanager
def captured(place, host, name, port=PORT):
    """tcpdump on that host meanwhile; the file is whole afterwards."""
    process = place.start(host, "tcpdump", "-i", "any", "-U", "-w", place.file(name), "tcp", "port",
                          str(port), stderr=subprocess.PIPE)
    process.stderr.readline()  # it listens
    time.sleep(0.3)
    try:
        yield
    finally:
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.wait(10)


def keep_talking(place):
    """Pairs of connections with a silence each: in one the client ends it, in one the server."""
    with place.inside("server"):
        listener = socket.create_server((lab.SERVER[4], PORT), backlog=64)
    place.at_end.callback(listener.close)
    ends = []
    for silence in SILENCES:
        for speaker in ("client", "server"):
            with place.inside("client"):
                client = socket.create_connection((lab.SERVER[4], PORT), 5)
            server, _ = listener.accept()
            for end in (client, server):
                place.at_end.callback(end.close)
            client.sendall(b"hello")
            server.recv(16)
            ends.append((silence, client if speaker == "client" else server))
    threads = [threading.Timer(silence, end.sendall, (b"still there?",)) for silence, end in ends]
    for each in threads:
        each.start()
    time.sleep(max(SILENCES) + UNTIL_GIVEN_UP)
    for each in threads:
        each.join()


class Import(unittest.TestCase):
    def analysis(self, *words):
        return subprocess.run([lab.program("deadair-analysis"), *words], text=True,
                              capture_output=True)

    def imported(self, place, *captures):
        database = place.file("imported.db")
        done = self.analysis("import", "--db", database, *map(place.file, captures))
        self.assertEqual(done.returncode, 0, done.stderr)
        return database

    def assert_truth(self, database, direction):
        probes = lab.rows(database, "SELECT idle_age_s, outcome FROM probes WHERE direction = ?",
                          direction)
        for each in probes:
            alive = each["idle_age_s"] < TIMEOUT
            self.assertIn(each["outcome"], ("delivered",) if alive else ("lost", "void"), each)
        self.assertTrue(any(each["outcome"] == "lost" for each in probes), probes)
        found = lab.rows(database, "SELECT * FROM findings WHERE direction = ?", direction)
        self.assertEqual(len(found), 1)
        self.assertLessEqual(found[0]["low_s"] or 0, TIMEOUT)
        self.assertGreaterEqual(found[0]["high_s"] or 1e9, TIMEOUT)

    def assert_vanished_between(self, place):
        """The firewall drops what the client sends, and the server's capture lacks it."""
        database = place.file("both.db")
        done = self.analysis("import", "--db", database, place.file("client.pcap"), "--other-end",
                             place.file("server.pcap"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("vanished between the captures", done.stdout)
        dead = lab.rows(database, "SELECT server_saw FROM probes WHERE outcome = 'lost'")
        self.assertTrue(dead)
        for each in dead:
            self.assertIn("vanished between the captures", each["server_saw"])

    def test_a_capture_of_a_run_is_its_evidence(self):
        with Lab("strict", TIMEOUT) as place:
            server = place.echo_server()
            with captured(place, "client", "run.pcap", lab.PORT):
                prober = place.prober(server, "--transport", "tcp", "--max-idle", "12s",
                                      "--connections", "24", "--no-evidence")
                prober.wait(120)
            done = self.analysis("import", "--db", prober.database, "--prober-run", "latest",
                                 place.file("run.pcap"))
            self.assertEqual(done.returncode, 0, done.stderr)
            kept = prober.rows("SELECT detail, stands_out FROM evidence WHERE part = 'capture'")
            self.assertEqual(len(kept), 1)
            self.assertIn("first that did not", kept[0]["detail"])
            self.assertIn(f"to {lab.SERVER[4]}:{lab.PORT}", kept[0]["detail"])
            self.assertEqual(prober.rows("SELECT count(*) AS n FROM runs"), [{"n": 1}])
            self.assertEqual(self.analysis("import", "--db", prober.database, "--prober-run", "9",
                                           place.file("run.pcap")).returncode, 2)

    def test_each_side_tells_of_what_it_sent(self):
        with Lab("strict", TIMEOUT) as place:
            with captured(place, "client", "client.pcap"), captured(place, "server", "server.pcap"):
                keep_talking(place)
            near = self.imported(place, "client.pcap")
            self.assert_truth(near, "to_server")
            self.assertEqual(lab.rows(near, "SELECT server_endpoint, command FROM runs"),
                             [{"server_endpoint": f"{lab.SERVER[4]}:{PORT}", "command": "import"}])
            self.assert_vanished_between(place)
            subprocess.run(["gzip", "-k", place.file("server.pcap")], check=True)
            subprocess.run(["mv", near, place.file("near.db")], check=True)
            self.assert_truth(self.imported(place, "server.pcap.gz"), "to_client")

    def test_what_cannot_be_read_is_told_in_a_sentence(self):
        with Lab("strict", TIMEOUT) as place:
            text = place.file("text")
            with open(text, "w") as file:
                file.write("no capture\n" * 100)
            for words, said in (([text], "no packet capture"), ([place.file("none")], "no file"),
                                ([], "needs the captures")):
                done = self.analysis("import", "--db", place.file("x.db"), *words)
                self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)
                self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
