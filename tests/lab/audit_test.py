"""deadair-analysis audit: names a program without keepalive, and passes one with."""

import contextlib
import json
import pathlib
import re
import socket
import subprocess
import sys
import unittest

from lab import CLIENT, PORT, SERVER, Lab, program

# Opens so many connections, with a keepalive or without, says so, and waits for its end. The interval
# counts as well: Linux sends the second keepalive no sooner than that after the first.
PROGRAM = """
import socket, sys, time
host, port, count, idle, interval = sys.argv[1], *map(int, sys.argv[2:])
held = []
for _ in range(count):
    one = socket.create_connection((host, port))
    if idle:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval)
    held.append(one)
print("connected", flush=True)
time.sleep(600)
"""


class Audit(unittest.TestCase):
    def start(self, lab, count, idle=0, family=4, port=PORT, interval=1):
        """A Python program on the client that holds so many connections."""
        done = lab.start("client", sys.executable, "-c", PROGRAM, SERVER[family], str(port),
                         str(count), str(idle), str(interval))
        self.assertEqual(done.stdout.readline().strip(), "connected")
        return done

    def hold(self, *words, **more):
        return self.start(*words, **more).pid

    def audit(self, lab, *options):
        return subprocess.run(
            ["ip", "netns", "exec", f"deadair-{lab.name}-client", program("deadair-analysis"),
             "audit", *options], text=True, capture_output=True, cwd=lab.folder.name)

    @contextlib.contextmanager
    def lab(self):
        with Lab("strict", 20) as lab, lab.inside("server"), \
                socket.create_server((SERVER[4], PORT), backlog=64), \
                socket.create_server((SERVER[6], PORT), family=socket.AF_INET6, backlog=64):
            yield lab

    def test_a_program_without_keepalive_is_named_and_one_with_passes(self):
        with self.lab() as lab:
            bare = self.hold(lab, 14)
            kept = self.hold(lab, 2, idle=5, family=6)
            done = self.audit(lab, "--assume-timeout", "20s")
            self.assertEqual(done.returncode, 4, done.stderr)
            name = pathlib.Path(f"/proc/{bare}/comm").read_text().strip()
            self.assertIn(f"AT RISK 14 connections of {name} (pid {bare}) to {SERVER[4]}:{PORT} have "
                          "no keepalive and would be dropped", done.stdout)
            self.assertIn(f"ok 2 connections of {name} (pid {kept}) to [{SERVER[6]}]:{PORT} send a "
                          "keepalive after 5 s, in time", done.stdout)
            self.assertIn("14 of 16 established connections at risk", done.stdout)

    def test_what_was_measured_decides(self):
        with Lab("strict", 6) as lab:
            prober = lab.prober(lab.echo_server(), "--transport", "tcp", "--direction",
                                "to_client", "--min-idle", "1s", "--max-idle", "30s",
                                "--no-uploads", "--no-evidence")
            self.assertEqual(prober.wait(60), 0, prober.complaints())
            [found] = prober.rows("SELECT low_s FROM findings")
            with lab.inside("server"), socket.create_server((SERVER[4], 9000)):
                bare = self.start(lab, 3, port=9000)
                done = self.audit(lab, "--db", "results.db")
                self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
                survived = re.search(r"A connection survives ([\d.]+) s of silence", done.stdout)
                self.assertAlmostEqual(float(survived.group(1)), found["low_s"], delta=0.01)
                self.assertRegex(done.stdout, rf"AT RISK 3 connections of \S+ \(pid {bare.pid}\) to "
                                              rf"{SERVER[4]}:9000 have no keepalive and would be")
                bare.kill()
                bare.wait()
                rare = self.start(lab, 1, idle=2, interval=75, port=9000)
                done = self.audit(lab, "--db", "results.db")
                self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
                self.assertRegex(done.stdout, rf"AT RISK 1 connection of \S+ \(pid {rare.pid}\) .* "
                                              "only after 75 s .*TCP_KEEPINTVL")
                rare.kill()
                rare.wait()
                kept = self.start(lab, 2, idle=2, port=9000)
                done = self.audit(lab, "--db", "results.db")
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertRegex(done.stdout, rf"ok 2 connections of \S+ \(pid {kept.pid}\) to "
                                              rf"{SERVER[4]}:9000 send a keepalive after 2 s, in time")

    def test_keepalives_are_held_against_the_timeout(self):
        with self.lab() as lab:
            pid = self.hold(lab, 1, idle=15)
            done = self.audit(lab, "--assume-timeout", "20s", "--format", "json")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            whole = json.loads(done.stdout)
            self.assertEqual((whole["timeout_s"], whole["at_risk"]), (20, 0))
            [one] = whole["connections"]
            self.assertEqual(one["pid"], pid)
            self.assertEqual(one["local_address"], CLIENT[4])
            self.assertEqual((one["timer"], one["keepalive_idle_s"]), ("keepalive", 15))
            self.assertLessEqual(one["timer_expires_s"], 15)
            self.assertEqual(one["verdict"], "kept")
            late = self.audit(lab, "--assume-timeout", "10s")
            self.assertEqual(late.returncode, 4)
            self.assertIn("sends a keepalive only after 15 s and would be dropped", late.stdout)

    def test_processes_that_may_not_be_looked_into_are_left_unnamed(self):
        with self.lab() as lab:
            self.hold(lab, 1)
            done = subprocess.run(
                ["ip", "netns", "exec", f"deadair-{lab.name}-client", "setpriv",
                 "--bounding-set=-all", "--inh-caps=-all", program("deadair-analysis"),
                 "audit", "--assume-timeout", "20s"],
                text=True, capture_output=True)
            self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
            self.assertIn("1 connection of an unknown process", done.stdout)

    def test_bad_words_end_with_2(self):
        with Lab("strict", 20) as lab:
            for words in (["--assume-timeout", "soon"], ["--assume-timeout", "20s", "--run", "1"],
                          ["--db", "absent.db"], ["--format", "xml"]):
                with self.subTest(words):
                    self.assertEqual(self.audit(lab, *words).returncode, 2)


if __name__ == "__main__":
    unittest.main()
