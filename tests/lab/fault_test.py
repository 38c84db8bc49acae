"""What goes wrong during a run: no false finding, nothing lost that was written, and a clear word."""

import contextlib
import os
import random
import signal
import subprocess
import threading
import time
import unittest

from lab import PORT, PROGRAMS, SERVER, Lab, program, rows, wait_until

# By itself or interrupted; one that is over and prints already is ended by the signal itself.
ENDED = (0, 3, 130, -signal.SIGINT)
T = 8
KILLS = int(os.environ.get("DEADAIR_KILLS", "10"))  # of each kind; before a release 50
SEED = int(os.environ.get("DEADAIR_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
TOLERANCE = 0.5  # s


def write(file, seconds):
    with open(file, "w") as writer:
        writer.write(str(seconds))


class Fault(unittest.TestCase):
    """A run through a firewall that forgets after T, with trouble in the middle."""

    def start(self, lab, *options, **more):
        self.server = lab.echo_server()
        return lab.prober(self.server, "--min-idle", "1s", "--max-idle", "40s", "--connections",
                          "48", *options, **more)

    def await_verdicts(self, prober, count):
        wait_until(lambda: prober.progress or prober.process.poll() is not None, 20, "progress")
        wait_until(lambda: prober.process.poll() is not None or prober.rows(
            "SELECT count(*) AS n FROM probes")[0]["n"] >= count, 30, f"the {count}th verdict")

    def assert_no_false_finding(self, prober, truth=T):
        for row in prober.rows("SELECT * FROM findings"):
            with self.subTest(transport=row["transport"], direction=row["direction"]):
                self.assertIn(row["kind"], ("timeout", "none", "inconclusive"), row)
                if row["kind"] == "timeout":
                    self.assertLessEqual(row["low_s"], truth + 0.05, row)
                    self.assertGreaterEqual(row["high_s"], truth - 0.05, row)
                elif row["low_s"] is not None:
                    self.assertLessEqual(row["low_s"], truth + 0.05, row)

    def assert_found(self, prober, at_most=120):
        self.assertEqual(prober.wait(at_most), 0, prober.complaints())
        self.assert_no_false_finding(prober)
        kinds = [row["kind"] for row in prober.rows("SELECT kind FROM findings")]
        self.assertIn("timeout", kinds)

    def events(self, prober):
        return [row["kind"] for row in prober.rows("SELECT kind FROM events ORDER BY at_s")]


class Flush(Fault):
    def test_a_firewall_that_was_flushed_is_not_one_that_forgets_early(self):
        with Lab("strict", T) as lab:
            prober = self.start(lab)
            self.await_verdicts(prober, 6)
            lab.command("flush")
            self.assert_found(prober)
            self.assertIn("outage_began", self.events(prober))
            self.assertTrue({"bindings_lost", "bindings_in_doubt"} & set(self.events(prober)),
                            self.events(prober))


class Blackout(Fault):
    def test_twenty_seconds_without_any_packet_are_an_outage_and_no_expiry(self):
        with Lab("strict", T) as lab:
            prober = self.start(lab)
            self.await_verdicts(prober, 6)
            lab.run("firewall", "nft", "insert", "rule", "inet", "lab", "forward", "drop")
            time.sleep(20)
            lab.run("firewall", "nft", "delete", "rule", "inet", "lab", "forward", "handle",
                    self.first_handle(lab))
            self.assert_found(prober)
            self.assertIn("outage_ended", self.events(prober))

    @staticmethod
    def first_handle(lab):
        listed = lab.run("firewall", "nft", "-a", "list", "chain", "inet", "lab", "forward")
        line = next(each for each in listed.splitlines() if each.strip().startswith("drop "))
        return line.rsplit(" ", 1)[1]


class ServerRestart(Fault):
    def test_a_server_that_restarts_voids_its_connections_and_the_run_goes_on(self):
        with Lab("strict", T) as lab:
            prober = self.start(lab)
            self.await_verdicts(prober, 6)
            self.server.process.kill()
            self.server.process.wait()
            lab.echo_server()
            self.assert_found(prober)
            self.assertIn("server_restarted", self.events(prober))


class RestartWhileOpening(Fault):
    def test_what_the_server_has_forgotten_is_opened_again(self):
        with Lab("strict", T) as lab:
            server = lab.echo_server()
            prober = lab.prober(server, "--min-idle", "1s", "--max-idle", "40s", "--connections",
                                "200", "--open-rate", "100")
            for opened in (20, 60):
                wait_until(lambda least=opened: prober.process.poll() is not None or
                           len(prober.kept("SELECT 1 FROM connections")) >= least, 30,
                           f"the {opened}th connection")
                server.process.kill()
                server.process.wait()
                server = lab.echo_server()
            self.assert_found(prober)
            self.assertIn("server_restarted", self.events(prober))


class Suspend(Fault):
    def test_a_prober_that_was_stopped_for_ten_seconds_vouches_for_nothing_meanwhile(self):
        with Lab("strict", T) as lab:
            prober = self.start(lab)
            self.await_verdicts(prober, 6)
            prober.process.send_signal(signal.SIGSTOP)
            time.sleep(10)
            prober.process.send_signal(signal.SIGCONT)
            self.assert_found(prober)
            self.assertIn("suspended", self.events(prober))


class Sleep(Fault):
    def test_a_host_that_slept_vouches_for_none_of_its_silences(self):
        with Lab("strict", T) as lab:
            slept = lab.file("seconds-slept")
            write(slept, 0)
            prober = self.start(lab, env=dict(
                os.environ, LD_PRELOAD=os.path.join(PROGRAMS, "wall-clock.so"), HOST_SLEPT=slept))
            self.await_verdicts(prober, 6)
            write(slept, 3600)
            self.assert_found(prober)
            self.assertIn("suspended", self.events(prober))
            woke, = prober.rows("SELECT min(at_s) AS at FROM events WHERE kind = 'suspended'")
            kept = prober.rows(
                "SELECT count(*) AS n FROM connections c JOIN probes p USING (run_id, connection_id) "
                "WHERE c.opened_s < ? AND p.sent_s > ? AND p.outcome <> 'void'"
                .replace("?", str(woke["at"])))
            self.assertEqual(kept, [{"n": 0}], "a silence was believed that the sleep was part of")


class Address(Fault):
    def test_an_address_that_goes_and_comes_back(self):
        with Lab("strict", T) as lab:
            prober = self.start(lab)
            self.await_verdicts(prober, 6)
            lab.run("client", "ip", "address", "del", "192.0.2.2/24", "dev", "eth0")
            time.sleep(4)
            lab.run("client", "ip", "address", "add", "192.0.2.2/24", "dev", "eth0")
            lab.run("client", "ip", "route", "replace", "default", "via", "192.0.2.1")
            self.assert_found(prober)


class Clock(Fault):
    def test_a_wall_clock_that_is_set_back_an_hour_changes_nothing(self):
        with Lab("strict", T) as lab:
            back = lab.file("seconds-back")
            write(back, 0)
            prober = self.start(lab, env=dict(
                os.environ, LD_PRELOAD=os.path.join(PROGRAMS, "wall-clock.so"),
                WALL_CLOCK_BACK=back))
            self.await_verdicts(prober, 6)
            write(back, 3600)
            self.assert_found(prober)
            run, = prober.rows("SELECT started_at, ended_at FROM runs")
            self.assertLess(run["ended_at"], run["started_at"], "the clock was not set back")


class Disk(Fault):
    def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_room_again(self):
        with Lab("strict", 60) as lab:
            small = lab.file("small")
            os.mkdir(small)
            lab.mount_tmpfs(small, "1m")
            prober = self.start(lab, database="small/results.db")
            self.await_verdicts(prober, 3)
            filler = os.path.join(small, "filler")
            self.fill(filler)
            wait_until(lambda: prober.complaints(), 60, "a word on the full disk")
            self.assertRegex(prober.complaints(),
                             "disk is full.*what is to be written waits, and is tried again")
            before = prober.rows("SELECT count(*) AS n FROM probes")[0]["n"]
            os.remove(filler)
            wait_until(lambda: prober.rows("SELECT count(*) AS n FROM probes")[0]["n"] > before, 60,
                       "writing again")
            prober.interrupt()
            self.assertEqual(prober.wait(at_most=20), 130)
            self.assertEqual(prober.complaints().count("disk is full"), 1)
            self.assertEqual(prober.rows("PRAGMA integrity_check"), [{"integrity_check": "ok"}])
            self.assertEqual(prober.rows("SELECT state FROM runs"), [{"state": "interrupted"}])

    @staticmethod
    def fill(file):
        with contextlib.suppress(OSError), open(file, "wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))


class Files(Fault):
    def test_the_prober_without_enough_files_says_so_before_it_begins(self):
        with Lab("strict", T) as lab:
            server = lab.echo_server()
            done = subprocess.run(
                ["ip", "netns", "exec", f"deadair-{lab.name}-client", "prlimit", "--nofile=40",
                 program("deadair-prober"), f"{SERVER[4]}:{PORT}", "--pin", server.pin,
                 "--token-file", server.token_file, "--db", lab.file("x.db")],
                text=True, capture_output=True)
            self.assertEqual(done.returncode, 2)
            self.assertIn("ulimit -n", done.stderr)

    def test_a_server_without_files_refuses_and_no_finding_comes_of_it(self):
        with Lab("strict", T) as lab:
            self.server = lab.echo_server()
            subprocess.run(["prlimit", f"--pid={self.server.process.pid}", "--nofile=30:30"],
                           check=True)
            prober = lab.prober(self.server, "--min-idle", "1s", "--max-idle", "40s",
                                "--connections", "48")
            self.await_verdicts(prober, 1)
            wait_until(lambda: "open_failed" in self.events(prober), 60, "a refused connection")
            time.sleep(2 * T)
            prober.interrupt()
            # With few connections it may have its answer already.
            self.assertIn(prober.wait(at_most=20), ENDED, prober.complaints())
            self.assert_no_false_finding(prober)


class Kill(Fault):
    """kill -9 at random moments, several side by side."""

    def sound(self, database, before):
        self.assertEqual(rows(database, "PRAGMA integrity_check"), [{"integrity_check": "ok"}])
        self.assertEqual(rows(database, "PRAGMA foreign_key_check"), [])
        after = rows(database, "SELECT count(*) AS n FROM probes")[0]["n"]
        self.assertGreaterEqual(after, before)
        done = subprocess.run([program("deadair-analysis"), "findings", "--db", database,
                               "--format", "json"], text=True, capture_output=True)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        for row in rows(database, "SELECT * FROM findings"):
            self.assertIn(row["kind"], ("none", "inconclusive"), row)

    def kill_one(self, lab, number, chance):
        prober = lab.prober(self.server, "--min-idle", "500ms", "--max-idle", "10m",
                            "--connections", "32", database=f"killed{number}.db")
        wait_until(lambda: prober.progress or prober.process.poll() is not None, 20, "progress")
        time.sleep(chance.uniform(0.2, 4))
        before = 0
        if os.path.exists(prober.database):
            before = prober.rows("SELECT count(*) AS n FROM sqlite_master")[0]["n"] and \
                prober.rows("SELECT count(*) AS n FROM probes")[0]["n"]
        prober.kill()
        self.sound(prober.database, before)

    def test_the_prober(self):
        with self.subTest(seed=SEED), Lab("strict", 900) as lab:
            self.server = lab.echo_server()
            chance = random.Random(SEED)
            for first in range(0, KILLS, 5):
                batch = [Killing(self.kill_one, lab, first + i, random.Random(chance.random()))
                         for i in range(min(5, KILLS - first))]
                for each in batch:
                    each.start()
                for each in batch:
                    each.finish()

    def test_the_server(self):
        with self.subTest(seed=SEED), Lab("strict", 900) as lab:
            chance = random.Random(SEED)
            self.server = lab.echo_server()
            probers = [self.another(lab, 0)]
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.2, 4))
                # Each connection is replaced a few times only: then a run ends with what it knows.
                if probers[-1].process.poll() is not None:
                    probers.append(self.another(lab, len(probers)))
                self.server.process.kill()
                self.server.process.wait()
                self.server = lab.echo_server()
            probers[-1].interrupt()
            for prober in probers:
                # A server that is never there for five seconds is given up, with its reason.
                if prober.wait(at_most=20) == 1:
                    self.assertIn("times in a row", prober.complaints())
                else:
                    self.assertIn(prober.process.returncode, ENDED, prober.complaints())
                self.sound(prober.database, 1)
                self.assertIn("outage_began", self.events(prober))

    def another(self, lab, number):
        prober = lab.prober(self.server, "--min-idle", "500ms", "--max-idle", "10m",
                            "--connections", "32", database=f"beside{number}.db")
        self.await_verdicts(prober, 1)
        return prober


class Killing(threading.Thread):
    """A part of a test beside others; `finish` raises what it raised."""

    def __init__(self, task, *words):
        super().__init__(daemon=True)
        self._task = task
        self._words = words
        self._problem = None

    def run(self):
        try:
            self._task(*self._words)
        except BaseException as problem:  # handed on
            self._problem = problem

    def finish(self):
        self.join()
        if self._problem is not None:
            raise self._problem


if __name__ == "__main__":
    unittest.main()
