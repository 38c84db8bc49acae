#!/usr/bin/env python3
"""The server as an operator meets it: privileges, tokens, metrics, signals."""

import os
import pwd
import secrets
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from protocol_client import DATA, Control, Member
from server_process import ServerProcess, program, upgrade_request, wait_until


def upgrade(test, server, token):
    """A WebSocket client of another make; returns its socket and the HTTP status."""
    client = secured(test, server)
    client.sendall(upgrade_request(token))
    return client, client.recv(4096).split(b" ")[1].decode()


def secured(test, server, over=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    over = over or socket.create_connection(("127.0.0.1", server.port), timeout=10)
    client = context.wrap_socket(over)
    test.addCleanup(client.close)
    return client


class Operation(unittest.TestCase):
    def test_it_gives_up_root_and_cannot_get_it_back(self):
        if os.geteuid() != 0:
            raise AssertionError("only root can give root up; run this as root")
        nobody = pwd.getpwnam("nobody")
        with ServerProcess("--user", "nobody", "--listen", "127.0.0.1:999") as server:
            with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
                status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
            self.assertEqual(status["Uid"].split(), [str(nobody.pw_uid)] * 4)
            self.assertEqual(status["Gid"].split(), [str(nobody.pw_gid)] * 4)
            self.assertEqual(int(status["CapEff"], 16), 0)
            self.assertEqual(status["NoNewPrivs"], "1")
            self.assertEqual(os.stat(server.token_file).st_uid, nobody.pw_uid)
            self.assertEqual(os.stat(server.token_file).st_mode & 0o777, 0o600)
            socket.create_connection(("127.0.0.1", 999), timeout=10).close()
            self.assertEqual(server.load("--connections", 10, "--probes-per-second", 100,
                                         "--hold", 0)["answered"], 100)

    def test_a_token_is_added_and_another_revoked_while_it_runs(self):
        with ServerProcess() as server:
            first, second = secrets.token_hex(32), secrets.token_hex(32)
            server.tell_tokens(f"team-a {first}\nteam-b {second}\n")
            a, status_a = upgrade(self, server, first)
            b, status_b = upgrade(self, server, second)
            self.assertEqual((status_a, status_b), ("101", "101"))
            server.tell_tokens(f"team-b {second}\n")
            self.assertEqual(b"", a.recv(100)[4:])  # at most a WebSocket close, then the end
            b.sendall(b"\x81\x82\0\0\0\0hi")
            self.assertEqual(b.recv(100), b"\x81\x02hi")
            self.assertEqual(upgrade(self, server, first)[1], "401")
            metrics = server.metrics()
            self.assertEqual(metrics["farewells.revoked"], 1)
            self.assertEqual(metrics["refused.wrong_token"], 1)
            self.assertNotIn(first, server.log() + server.printed)

    def test_a_token_file_that_makes_no_sense_changes_nothing(self):
        with ServerProcess() as server:
            good = server.token().hex()
            with open(server.token_file, "w", encoding="ascii") as file:
                file.write("not a token\n")
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: "event=tokens_kept" in server.log(), "the complaint")
            self.assertEqual(upgrade(self, server, good)[1], "101")

    def test_all_end_when_one_of_several_processes_ends(self):
        with ServerProcess("--processes", "2") as server:
            os.kill(server.pids()[0], signal.SIGKILL)
            self.assertEqual(server.process.wait(10), 1)
            self.assertIn("event=process_ended", server.log())

    def test_it_ends_at_once_whatever_is_scheduled_and_whoever_lingers(self):
        for milliseconds in (100, 12_000, 3_600_000):
            with self.subTest(milliseconds), ServerProcess() as server:
                with Control(server) as control, \
                        Member(server, control.tickets(1)[0], 7), \
                        server.connect_to_metrics():  # and asks for nothing
                    control.refresh(7, DATA, milliseconds)
                    control.beat()
                    begin = time.monotonic()
                    server.process.send_signal(signal.SIGTERM)
                    self.assertEqual(server.process.wait(20), 0)
                    self.assertLess(time.monotonic() - begin, 1)

    def test_a_key_that_others_may_read_is_refused(self):
        for mode, file, options, says in (
                (0o640, "identity.pem", [], "the key pair {} can be read by others; run: chmod 600 {}"),
                (0o644, "key.pem", ["--certificate", "certificate.pem", "--private-key", "key.pem"],
                 "the private key {} can be read by everybody on this host; run: chmod o= {}")):
            with self.subTest(file), tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, file)
                self.make_certificate("mine", os.path.join(folder, "certificate.pem"), path)
                os.chmod(path, mode)
                done = subprocess.run(
                    [program("deadair-echo-server"), "--listen", "127.0.0.1:0", "--state-dir", folder,
                     *(os.path.join(folder, word) if word.endswith("pem") else word
                       for word in options)], text=True, capture_output=True, timeout=20)
                self.assertEqual(done.returncode, 1)
                self.assertIn(says.format(path, path), done.stderr)

    def test_a_port_in_use_is_said_in_one_sentence(self):
        with ServerProcess() as server:
            done = subprocess.run(
                [program("deadair-echo-server"), "--listen", f"127.0.0.1:{server.port}",
                 "--state-dir", server.file("other")], text=True, capture_output=True, timeout=20)
            self.assertEqual(done.returncode, 1)
            self.assertIn("Address already in use; choose another", done.stderr)

    def test_a_user_that_does_not_exist_is_bad_usage(self):
        done = subprocess.run(
            [program("deadair-echo-server"), "--listen", "127.0.0.1:0", "--user", "no-such-user"],
            text=True, capture_output=True, timeout=20)
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no such user", done.stderr)

    def test_a_new_certificate_is_shown_to_new_connections_and_drops_nobody(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        certificate, key, elsewhere = (os.path.join(folder.name, name) for name in
                                       ("certificate.pem", "key.pem", "elsewhere.pem"))
        self.make_certificate("first", certificate, key)
        with ServerProcess("--certificate", certificate, "--private-key", key) as server:
            token = server.token().hex()
            guest = secured(self, server)
            guest.sendall(upgrade_request(token))
            self.assertIn(b" 101 ", guest.recv(4096))
            undecided = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            self.addCleanup(undecided.close)
            wait_until(lambda: server.metrics()["strangers"] == 1, "the second connection")

            self.make_certificate("second", certificate, key)
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: server.metrics()["certificates_read"] == 1, "the new certificate")
            self.assertEqual(self.name_shown(secured(self, server)), "second")
            guest.sendall(b"\x81\x82\0\0\0\0hi")
            self.assertEqual(guest.recv(100), b"\x81\x02hi")
            # It came before, and is shown what was valid then.
            self.assertEqual(self.name_shown(secured(self, server, undecided)), "first")

            self.make_certificate("third", certificate, elsewhere)
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: "event=certificate_kept" in server.log(), "the complaint")
            self.assertEqual(self.name_shown(secured(self, server)), "second")
            self.assertEqual(server.metrics()["sessions"], 0)
            self.assertEqual(server.metrics()["connections.wss"], 1)

    @staticmethod
    def make_certificate(name, certificate, key):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", f"/CN={name}",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)

    @staticmethod
    def name_shown(client):
        seen = client.getpeercert(binary_form=True)
        done = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-subject"],
                              input=seen, check=True, capture_output=True)
        return done.stdout.decode().split("=")[-1].strip()


if __name__ == "__main__":
    unittest.main()
