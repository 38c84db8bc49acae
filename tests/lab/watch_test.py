"""A watch, and what it makes of what happens to the path meanwhile."""

import os
import signal
import threading
import unittest

from lab import Lab, wait_until


class Watch(unittest.TestCase):
    def incidents(self, prober, kind):
        return self.rows(prober, "SELECT * FROM incidents WHERE kind = ?", kind)

    @staticmethod
    def rows(prober, query, *values):
        """Nothing as long as there is no table."""
        return prober.rows(query, *values) if os.path.exists(prober.database) else []

    def delivered(self, prober):
        return self.rows(prober, "SELECT count(*) AS n FROM messages WHERE outcome = 'delivered' "
                                 "AND run_id = (SELECT max(run_id) FROM messages)")[0]["n"]

    def await_incident(self, prober, kind, at_most):
        wait_until(lambda: self.incidents(prober, kind) or prober.process.poll() is not None,
                   at_most, f"an incident {kind}")
        self.assertIsNone(prober.process.poll(), prober.complaints())

    def await_held(self, prober, at_most):
        wait_until(lambda: self.rows(prober, "SELECT 1 FROM sqlite_master WHERE name = 'messages'")
                   and self.delivered(prober) > 0, at_most, "a message on a held connection")


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
            wait_until(lambda: self.rows(prober, "SELECT 1 FROM messages WHERE run_id > ? AND "
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
            self.assertEqual(prober.rows("PRAGMA integrity_check"), [{"integrity_check": "ok"}])
            numbers = [each["message_id"] for each in prober.rows(
                "SELECT message_id FROM messages WHERE message_id < 0x80000000 "
                "AND run_id = (SELECT max(run_id) FROM messages) ORDER BY message_id")]
            # What was under way at the end has no verdict.
            self.assertEqual(numbers, list(range(1, len(numbers) + 1)))


if __name__ == "__main__":
    unittest.main()
