"""A watch, and what it makes of what happens to the path meanwhile."""

import os
import signal
import threading
import time
import unittest

from lab import PROGRAMS, SERVER, Lab, wait_until


class Watch(unittest.TestCase):
    def incidents(self, prober, kind):
        return prober.kept("SELECT * FROM incidents WHERE kind = ?", kind)

    def delivered(self, prober):
        return len(prober.kept("SELECT 1 FROM messages WHERE outcome = 'delivered' "
                                     "AND run_id = (SELECT max(run_id) FROM messages)"))

    def await_incident(self, prober, kind, at_most):
        wait_until(lambda: self.incidents(prober, kind) or prober.process.poll() is not None,
                   at_most, f"an incident {kind}")
        self.assertIsNone(prober.process.poll(), prober.complaints())

    def await_held(self, prober, at_most):
        wait_until(lambda: self.delivered(prober) > 0, at_most, "a message on a held connection")


class OutOfService(Watch):
    def test_of_several_addresses_the_one_that_answers_is_watched(self):
        with Lab("strict", 4) as lab:
            lab.named_first = ["198.51.100.99"]
            prober = lab.prober(lab.echo_server(), "-4", "--hold", "4", "--min-idle", "1s",
                                "--max-idle", "20s", "--refresh", "none", family=None,
                                command="watch")
            self.await_held(prober, 60)
            prober.interrupt()
            prober.wait(at_most=15)
            self.assertEqual(prober.rows("SELECT DISTINCT server_address FROM connections"),
                             [{"server_address": SERVER[4]}])


class Incidents(Watch):
    def test_records_a_restart_another_idle_timeout_and_a_flush(self):
        with Lab("strict", 8) as lab:
            server = lab.echo_server()
            prober = lab.prober(server, "--every", "15s", "--hold", "4", "--min-idle", "2s",
                                "--max-idle", "1m", "--refresh", "none", command="watch")
            self.await_held(prober, 60)
            server.process.kill()
            server.process.wait()
            lab.echo_server()
            self.await_incident(prober, "server_restarted", 40)
            lab.command("set-timeout", "5")
            self.await_incident(prober, "idle_timeout_changed", 60)
            changed, = self.incidents(prober, "idle_timeout_changed")
            wait_until(lambda: prober.kept("SELECT 1 FROM messages WHERE run_id > ? AND "
                                                 "outcome = 'delivered'", changed["run_id"]), 60,
                       "a message on a connection with the new settings")
            lab.command("flush")
            self.await_incident(prober, "bindings_lost", 60)
            prober.interrupt()
            self.assertEqual(prober.wait(at_most=15), 4, prober.complaints())

            self.assertEqual(changed["blame"], "firewall")
            lost, = self.incidents(prober, "bindings_lost")
            self.assertEqual(lost["blame"], "firewall")
            restarted, = self.incidents(prober, "server_restarted")
            self.assertEqual(restarted["blame"], "server")
            self.assertRegex(prober.printed, r"missed first messages +0 of \d+ +pass")
            self.assertRegex(prober.printed, r"changes of the idle timeout +1 in .* FAIL")
            self.assertEqual(len(prober.rows("SELECT * FROM watches WHERE ended_at NOT NULL")), 1)


class Restart(Watch):
    def test_goes_on_where_it_was_killed_or_paused(self):
        with Lab("strict", 6) as lab:
            server = lab.echo_server()
            options = ["--every", "1h", "--hold", "4", "--min-idle", "2s", "--max-idle", "1m",
                       "--refresh", "none"]
            first = lab.prober(server, *options, command="watch")
            self.await_held(first, 60)
            first.kill()
            second = lab.prober(server, *options, command="watch")
            wait_until(lambda: len(second.rows("SELECT DISTINCT run_id FROM messages")) == 2, 60,
                       "a message after the restart")
            second.process.send_signal(signal.SIGTERM)
            self.assertEqual(second.wait(at_most=15), 130, second.complaints())
            self.assertIn("goes on with the watch", second.printed)
            self.assertEqual(second.rows("SELECT count(*) AS n FROM runs WHERE command = 'measure'"),
                             [{"n": 1}])
            self.assertEqual(second.rows("SELECT ended_at FROM watches"), [{"ended_at": None}])


class FullDisk(Watch):
    def test_says_so_and_loses_nothing(self):
        with Lab("strict", 6) as lab:
            server = lab.echo_server()
            disk = lab.file("disk")
            os.mkdir(disk)
            lab.mount_tmpfs(disk, "8m")
            prober = lab.prober(server, "--every", "1h", "--hold", "8", "--min-idle", "2s",
                                "--max-idle", "1m", "--connections", "32", "--refresh", "none",
                                command="watch",
                                database=os.path.join("disk", "results.db"))
            said = []
            reader = threading.Thread(target=lambda: said.extend(iter(prober.process.stdout.readline,
                                                                      "")), daemon=True)
            reader.start()
            self.await_held(prober, 60)
            ballast = os.path.join(disk, "ballast")
            with open(ballast, "wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    pass
            written = self.delivered(prober)
            wait_until(lambda: any("is tried again" in line for line in said), 60,
                       "the disk being full")
            os.unlink(ballast)
            wait_until(lambda: self.delivered(prober) > written + 8, 60, "writing again")
            prober.interrupt()
            prober.wait(at_most=15)
            reader.join()
            self.assertTrue(any("can be written again" in line for line in said), said)
            self.assertEqual(len(self.incidents(prober, "disk_failed")), 1)
            self.assertEqual(prober.rows("PRAGMA integrity_check"), [{"integrity_check": "ok"}])
            numbers = [each["message_id"] for each in prober.rows(
                "SELECT message_id FROM messages WHERE message_id < 0x80000000 "
                "AND run_id = (SELECT max(run_id) FROM messages) ORDER BY message_id")]
            # What was under way at the end has no verdict.
            self.assertEqual(numbers, list(range(1, len(numbers) + 1)))


class Survival(Watch):
    """Held with given settings, so that nothing has to be measured first."""

    def test_a_clock_that_is_set_a_network_that_goes_and_another_address(self):
        with Lab("strict", 60) as lab:
            back = lab.file("seconds-back")
            self.write(back, 0)
            prober = lab.prober(
                lab.echo_server(), "--every", "1h", "--hold", "6", "--min-idle", "1s", "--max-idle",
                "4s", "--connections", "16", "--refresh", "none", "--no-uploads",
                "--tcp-keepalive", "1s", "--assume-timeout", "3s", command="watch",
                env=dict(os.environ, LD_PRELOAD=os.path.join(PROGRAMS, "wall-clock.so"),
                         WALL_CLOCK_BACK=back))
            self.await_held(prober, 40)
            self.write(back, 3600)
            self.await_incident(prober, "clock_set", 20)
            self.cut_the_network(lab, prober)
            self.await_incident(prober, "outage", 60)
            self.assertEqual(self.incidents(prober, "bindings_lost"), [])
            self.move(lab)
            self.await_incident(prober, "path_changed", 20)
            wait_until(lambda: prober.kept(
                "SELECT 1 FROM messages JOIN connections USING (run_id, connection_id) "
                        "WHERE local_address = '192.0.2.3' AND outcome = 'delivered'"), 60,
                "a message from the new address")
            prober.interrupt()
            self.assertEqual(prober.wait(at_most=15), 0, prober.printed)
            self.assertRegex(prober.printed, r"missed first messages +0 of \d+ +pass")
            clock, = self.incidents(prober, "clock_set")
            self.assertIn("back by 1 h", clock["detail"])
            moved, = self.incidents(prober, "path_changed")
            self.assertIn("192.0.2.2 and is 192.0.2.3", moved["detail"])

    @staticmethod
    def write(file, seconds):
        with open(file, "w") as writer:
            writer.write(str(seconds))

    def cut_the_network(self, lab, prober):
        # On a busy machine heartbeats are late, and an outage may have begun before.
        began = self.outages(prober)
        lab.run("firewall", "nft", "add", "table", "inet", "cut")
        lab.run("firewall", "nft", "add", "chain", "inet", "cut", "everything",
                "{ type filter hook forward priority -10; policy drop; }")
        wait_until(lambda: self.outages(prober) > began, 40, "the beginning of an outage")
        lab.run("firewall", "nft", "delete", "table", "inet", "cut")

    @staticmethod
    def outages(prober):
        return len(prober.kept("SELECT 1 FROM events WHERE kind = 'outage_began'"))

    @staticmethod
    def move(lab):
        lab.run("client", "ip", "address", "del", "192.0.2.2/24", "dev", "eth0")
        lab.run("client", "ip", "address", "add", "192.0.2.3/24", "dev", "eth0")
        lab.run("client", "ip", "route", "replace", "default", "via", "192.0.2.1")


class Uploads(Watch):
    def test_a_path_that_swallows_large_packets_fails_uploads_and_nothing_else(self):
        with Lab("strict", 60) as lab:
            prober = lab.prober(
                lab.echo_server(), "--every", "1h", "--upload-every", "10s", "--hold", "4",
                "--transport", "tls", "--min-idle", "1s", "--max-idle", "4s", "--connections", "16",
                "--refresh", "none", "--tcp-keepalive", "1s", "--assume-timeout", "3s",
                command="watch")
            wait_until(lambda: self.uploaded(prober, "completed") >= 2, 60, "an upload")
            self.assertEqual(self.incidents(prober, "upload_failed"), [])
            lab.run("firewall", "nft", "insert", "rule", "inet", "lab", "forward", "iifname",
                    "inside", "meta", "length", ">", "1000", "drop")
            self.await_incident(prober, "upload_failed", 60)
            prober.interrupt()
            self.assertEqual(prober.wait(at_most=15), 4, prober.printed)
            self.assertRegex(prober.printed, r"missed first messages +0 of \d+ +pass")
            self.assertRegex(prober.printed, r"failed uploads +[12] of \d+ +FAIL")
            failed = self.incidents(prober, "upload_failed")[0]
            self.assertEqual((failed["blame"], failed["client_saw"]), ("path", "stalled"))
            self.assertGreaterEqual(failed["unnoticed_s"], 9)

    def uploaded(self, prober, outcome):
        return len(prober.kept("SELECT 1 FROM uploads WHERE outcome = ?", outcome))


class AbsoluteAge(Watch):
    AGE = 20  # s; about as long as a measurement takes, so either may tell of it

    def known_since(self, prober):
        """The last run that did not know of the age. A measurement that finds it itself is no
        incident: nothing is held yet."""
        wait_until(lambda: prober.kept("SELECT 1 FROM findings WHERE kind = 'absolute_age'"), 110,
                   "a finding of the age")  # busy ones that told nothing begin anew after 60 s
        time.sleep(5)  # by then an incident is written as well
        noticed = self.incidents(prober, "absolute_age")
        return noticed[0]["run_id"] if noticed else prober.kept(
            "SELECT run_id FROM findings WHERE kind = 'absolute_age'")[0]["run_id"]

    def test_busy_connections_tell_the_age_and_held_ones_are_replaced_before(self):
        with Lab("absolute-age", 4, age=self.AGE) as lab:
            prober = lab.prober(lab.echo_server(), "--every", "1h", "--hold", "4", "--min-idle",
                                "1s", "--max-idle", "30s", "--connections", "32", "--refresh",
                                "data", "--transport", "wss", "--no-uploads", command="watch")
            since = self.known_since(prober)
            wait_until(lambda: prober.kept("SELECT 1 FROM messages WHERE run_id > ? "
                                                 "AND outcome = 'delivered'", since),
                       60, "a message on connections with the new settings")
            found = prober.kept("SELECT * FROM findings WHERE kind = 'absolute_age'")
            self.assertTrue(found)
            for row in found:
                self.assertLessEqual(row["low_s"], self.AGE + 0.2, row)
                self.assertGreaterEqual(row["high_s"], self.AGE - 0.2, row)
                self.assertLess(row["high_s"] - row["low_s"], 4, row)
            # A measurement before that one may have ended without knowing of the age.
            recommended = prober.kept("SELECT * FROM recommendations WHERE run_id = ? AND "
                                      "setting = 'max_connection_age'", found[-1]["run_id"])
            age = recommended[0]["value"]
            self.assertTrue(age and self.AGE / 2 < age < self.AGE, (recommended, found))
            # They are replaced before that age: none is lost to it any more.
            time.sleep(self.AGE + 5)
            lost = prober.kept("SELECT * FROM messages WHERE run_id > ? AND outcome <> "
                                     "'delivered' AND outcome <> 'void'", since)
            self.assertEqual(lost, [])
            prober.interrupt()
            self.assertIn(prober.wait(at_most=15), (0, 4), prober.complaints())


if __name__ == "__main__":
    unittest.main()
