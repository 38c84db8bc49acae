#!/usr/bin/env python3
"""deadair-prober observe beside programs of other makes, across a firewall whose timeout we know: which
silences lived and died is told from the kernel's figures of their connections alone."""

import http.server
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

import lab
from lab import Lab

TIMEOUT = 8
GAPS = (2, 4, 6, 7, 9, 10, 13, 20)
GIVEN_UP = 7  # s without an answer: five packets of Linux
HTTP, TLS, REDIS, POSTGRES, SSH = 8000, 8443, 6379, 5432, 2222
HOST = lab.SERVER[4]
sys.path.insert(0, os.path.join(lab.ROOT, "tests", "proofs"))

# Asks once for each line that it is given, over one connection.
REQUESTS = f"""
import requests, sys
session = requests.Session()
for line in sys.stdin:
    print(session.get("http://{HOST}:{HTTP}/").text, flush=True)
"""


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


class Program:
    """A program that says one line for each that it is told, over one connection of its own."""

    def __init__(self, place, command):
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", f"deadair-{place.name}-client", *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=place.folder.name)
        self.heard = threading.Event()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self):
        for _ in self.process.stdout:
            self.heard.set()

    def asked(self, line, at_most):
        """Whether it answered in time."""
        self.heard.clear()
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:  # it has ended
            return False
        return self.heard.wait(at_most)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.listener.join()
        self.process.stdin.close()
        self.process.stdout.close()


class Makes:
    """What is here of programs that speak over connections which they keep, and their servers."""

    def __init__(self, place, more):
        self.commands = {}  # name of the process -> command, what it is told, the server's port
        self._http(place)
        self._openssl(place)
        if more:
            self._others(place)

    def _http(self, place):
        with place.inside("server"):
            server = http.server.ThreadingHTTPServer((HOST, HTTP), Answer)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place.at_end.callback(server.server_close)
        place.at_end.callback(server.shutdown)
        self.commands["python3"] = ["python3", "-c", REQUESTS], "again", HTTP

    def _openssl(self, place):
        key, certificate = place.file("key.pem"), place.file("certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=lab",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        # It serves one connection at a time.
        self.tls_ports = iter(range(TLS, TLS + 64))
        self._tls = lambda port: place.start("server", "openssl", "s_server", "-quiet", "-rev", "-key",
                                             key, "-cert", certificate, "-accept", str(port),
                                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.commands["openssl"] = None, "again", TLS

    def _others(self, place):
        import servers
        if shutil.which("redis-server"):
            servers.redis(place, REDIS)
            self.commands["redis-cli"] = ["redis-cli", "-h", HOST, "-p", str(REDIS)], "PING", REDIS
        if shutil.which("psql"):
            servers.postgres(place, POSTGRES)
            self.commands["psql"] = ["psql", "-XAtq", "-h", HOST, "-p", str(POSTGRES), "-U", "postgres"
                                     ], "SELECT 1;", POSTGRES
        if shutil.which("sshd"):
            servers.sshd(place, SSH)
            self.commands["ssh"] = ["ssh", "-p", str(SSH), "-i", place.file("user-key"), "-o",
                                    "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                                    f"root@{HOST}", "cat"], "again", SSH

    def start(self, place, name):
        command, line, _ = self.commands[name]
        if command is None:
            port = next(self.tls_ports)
            self._tls(port)
            lab.wait_until(lambda: place.run("server", "ss", "-Hltn", f"sport = :{port}").strip(), 10,
                           "openssl s_server")
            command = ["openssl", "s_client", "-quiet", "-connect", f"{HOST}:{port}"]
        made = Program(place, command)
        assert made.asked(line, 60 * lab.SLOWER), f"{name} does not answer"
        return made, line


def observed(place, *options):
    return place.start("client", lab.program("deadair-prober"), "observe", "--db",
                       place.file("results.db"), "--progress", "json", *options, stderr=subprocess.PIPE)


class Observe(unittest.TestCase):
    def keep_silent(self, place, makes, name, gap):
        made, line = makes.start(place, name)
        time.sleep(gap)
        made.asked(line, GIVEN_UP)
        made.end()

    def keep_busy(self, place, makes, name, until):
        """So that the server is known to be there."""
        made, line = makes.start(place, name)
        while time.monotonic() < until:
            made.asked(line, GIVEN_UP)
            time.sleep(0.5)
        made.end()

    def drive(self, place, makes):
        until = time.monotonic() + max(GAPS) + GIVEN_UP + 4
        threads = [threading.Thread(target=self.keep_busy, args=(place, makes, "python3", until))]
        for name in makes.commands:
            threads += [threading.Thread(target=self.keep_silent, args=(place, makes, name, gap))
                        for gap in GAPS]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    def assert_truth(self, probes):
        for each in probes:
            shortest = each["idle_age_s"] - each["idle_age_error_s"]
            longest = each["idle_age_s"] + each["idle_age_error_s"]
            if each["outcome"] == "delivered":
                self.assertLess(shortest, TIMEOUT + 0.1, each)
            elif each["outcome"] != "void":
                self.assertGreater(longest, TIMEOUT, each)

    def test_programs_of_others_tell_what_the_firewall_does(self):
        with Lab("strict", TIMEOUT) as place:
            makes = Makes(place, more=os.environ.get("DEADAIR_FULL") == "1")
            watching = observed(place)
            self.drive(place, makes)
            watching.send_signal(signal.SIGINT)
            printed, progress = watching.communicate(timeout=30)
            self.assertEqual(watching.returncode, 0, progress)  # without --for, Ctrl-C is its end
            database = place.file("results.db")
            self.assert_truth(lab.rows(database, "SELECT * FROM probes"))
            for name, (_, _, port) in makes.commands.items():
                self.check_make(database, printed, name, port)
            self.check_commands(database)

    def check_commands(self, database):
        """What works on a measurement works on what was observed, and claims no more."""
        run = lab.rows(database, "SELECT run_id FROM runs WHERE server_endpoint = ?",
                       f"{HOST}:{HTTP}")[0]["run_id"]

        def say(*words):
            done = subprocess.run([lab.program("deadair-analysis"), *words, "--db", database, "--run",
                                   str(run)], text=True, capture_output=True)
            self.assertEqual(done.returncode, 4 if words[0] == "check" else 0, done.stderr)
            return done.stdout

        for command in "findings", "recommend":
            self.assertIn("to_server", say(command))
        escalation = say("escalate")
        self.assertIn("missed_message python3", escalation)
        self.assertNotIn("TLS is not opened", escalation)
        report = say("report", "--format", "markdown")
        self.assertIn("Nothing was opened or sent for this", report)
        self.assertIn("closed the connection after", report)
        say("check", "--idle-timeout-at-least", "60s")

    def check_make(self, database, printed, name, port):
        ports = (port, port + 63) if name == "openssl" else (port, port)
        probes = lab.rows(database, "SELECT p.* FROM probes p JOIN connections USING (run_id, connection_id) "
                          "WHERE server_port BETWEEN ? AND ?", *ports)
        lived = [each for each in probes if each["outcome"] == "delivered"]
        died = [each for each in probes if each["outcome"] == "lost"]
        # Of each gap below the timeout; a busy machine, which looks late, leaves some untold.
        self.assertGreaterEqual(len(lived), 2, (name, probes))
        self.assertTrue(died, (name, probes))
        self.assertIn(f"{name} → {HOST}:", printed)
        noticed = lab.rows(database, "SELECT detail FROM incidents WHERE kind = 'missed_message'")
        self.assertTrue([each for each in noticed if each["detail"].startswith(name)], noticed)
        if name != "openssl":  # each of its connections is to a server of its own
            found = lab.rows(database, "SELECT f.* FROM findings f JOIN runs USING (run_id) WHERE "
                             "server_endpoint = ? AND direction = 'to_server'", f"{HOST}:{port}")
            self.assertEqual(len(found), 1, (name, found))
            self.assertLessEqual(found[0]["low_s"], TIMEOUT, found)
            self.assertGreaterEqual(found[0]["high_s"], TIMEOUT, found)
            said = [line for line in printed.splitlines() if line.startswith(f"{name} → {HOST}:{port}")]
            bounds = re.search(r"the path forgets after ([0-9.]+) s to ([0-9.]+) s; the program", said[0])
            self.assertTrue(bounds, said)
            if name == "python3":
                self.assertIn("the program has no keepalive", said[0])
            # The gaps beside the truth, or the next ones where a busy machine left those untold, and what
            # a look a second leaves open.
            self.assertLess(3.5, float(bounds[1]), said)
            self.assertLess(float(bounds[1]), TIMEOUT + 0.1, said)
            self.assertLess(TIMEOUT, float(bounds[2]), said)
            self.assertLess(float(bounds[2]), 14.5, said)

    def test_addresses_are_masked_and_nothing_else_is_lost(self):
        with Lab("strict", TIMEOUT) as place:
            makes = Makes(place, more=False)
            watching = observed(place, "--for", "9s", "--redact")
            self.keep_silent(place, makes, "python3", 3)
            printed, _ = watching.communicate(timeout=30)
            self.assertEqual(watching.returncode, 0, printed)
            self.assertNotIn(HOST, printed)
            self.assertIn(f"address-1:{HTTP}", printed)
            with open(place.file("results.db"), "rb") as file:
                kept = file.read()
            for address in HOST, lab.CLIENT[4]:
                self.assertNotIn(address.encode(), kept)

    def test_what_cannot_be_observed_is_told_in_a_sentence(self):
        with Lab("strict", TIMEOUT) as place:
            for words, said in ((["--for", "3s"], "no connection of this host was silent"),
                                (["somewhere:443"], "takes no server"),
                                (["--min-silence", "1ms"], "at least 500ms")):
                done = subprocess.run(
                    ["ip", "netns", "exec", f"deadair-{place.name}-client", lab.program("deadair-prober"),
                     "observe", "--db", place.file("none.db"), "--progress", "none", *words], text=True,
                    capture_output=True)
                self.assertIn(said, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertEqual(done.returncode, 3 if words[0] == "--for" else 2)


class Cost(unittest.TestCase):
    """What a look at so many connections costs, and how often there is one then."""

    CONNECTIONS = 2000
    LASTING = 20

    def hold(self, place):
        """Idle connections, in two processes of their own so that they are looked for in /proc."""
        with place.inside("server"):
            listener = socket.create_server((HOST, HTTP), backlog=4096)
        place.at_end.callback(listener.close)
        script = ("import resource, socket, sys, time\n"
                  "resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))\n"
                  f"held = [socket.create_connection(('{HOST}', {HTTP})) for _ in range({self.CONNECTIONS})]\n"
                  "print('held', flush=True)\n"
                  "time.sleep(600)\n")
        process = place.start("client", "python3", "-c", script)
        self.assertEqual(process.stdout.readline().strip(), "held")

    def processor_time(self, pid):
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_half_a_percent_of_a_processor_at_2000_connections(self):
        with Lab("strict", 60) as place:
            self.hold(place)
            watching = observed(place)
            lab.wait_until(lambda: self.processor_time(watching.pid) > 0, 10, "the first look")
            time.sleep(4)  # it has named them
            before, began = self.processor_time(watching.pid), time.monotonic()
            time.sleep(self.LASTING)
            share = (self.processor_time(watching.pid) - before) / (time.monotonic() - began)
            watching.send_signal(signal.SIGINT)
            watching.communicate(timeout=30)
            print(f"observing {self.CONNECTIONS} connections costs {share:.2%} of a processor")
            self.assertLess(share, 0.01 * lab.SLOWER)


class Loss(unittest.TestCase):
    """No silence is as long as the timeout, so each death would be a false one."""

    CONNECTIONS = 24
    LASTING = 3600 if os.environ.get("DEADAIR_FULL") == "1" else 45

    def talk(self, place, makes, seed, until):
        drawn = random.Random(seed)
        made, line = makes.start(place, "python3")
        while time.monotonic() < until:
            time.sleep(drawn.uniform(1.2, 6))
            made.asked(line, 30)
        made.end()

    def test_lost_packets_are_no_deaths(self):
        with Lab("lossy", 60, loss=1) as place:
            makes = Makes(place, more=False)
            watching = observed(place, "--for", f"{self.LASTING}s")
            until = time.monotonic() + self.LASTING
            threads = [threading.Thread(target=self.talk, args=(place, makes, seed, until))
                       for seed in range(self.CONNECTIONS)]
            for each in threads:
                each.start()
            printed, _ = watching.communicate(timeout=self.LASTING + 60)
            for each in threads:
                each.join()
            self.assertEqual(watching.returncode, 0, printed)
            outcomes = {each["outcome"]: each["n"] for each in lab.rows(
                place.file("results.db"), "SELECT outcome, count(*) AS n FROM probes GROUP BY outcome")}
            self.assertLessEqual(set(outcomes), {"delivered", "void"}, outcomes)
            self.assertGreater(outcomes["delivered"], self.CONNECTIONS * 4, outcomes)
            self.assertLess(outcomes.get("void", 0), outcomes["delivered"] / 10, outcomes)


if __name__ == "__main__":
    unittest.main()
