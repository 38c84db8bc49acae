"""Uploads through a firewall whose timeout and quality we know, held against what the sender's
kernel and the firewall count themselves."""

import json
import re
import subprocess
import threading
import time
import unittest

from lab import PORT, SERVER, Lab, Prober, program


def start(lab, server, *options):
    """Starts `deadair-prober uploads` against that server."""
    return Prober(lab.start(
        "client", program("deadair-prober"), "uploads", f"{SERVER[4]}:{PORT}", "--pin", server.pin,
        "--token-file", server.token_file, "--db", lab.file("uploads.db"), "--progress", "json",
        *options, stderr=subprocess.PIPE), lab.file("uploads.db"))


def recommended(prober, setting):
    return prober.rows("SELECT value FROM recommendations WHERE setting = ?", setting)[0]["value"]


class DeadWriter(unittest.TestCase):
    """What a binding that is gone does to a writer, on a strict firewall."""

    @classmethod
    def setUpClass(cls):
        with Lab("strict", 4) as lab:
            # Few retries, so that what the kernel computes can be waited for: sent at 0, repeated
            # after 0.2, 0.6, 1.4, 3.0 s; three retries are used up at 6.2 s.
            lab.command("exec", "client", "sysctl", "-qw", "net.ipv4.tcp_retries2=3")
            prober = start(lab, lab.echo_server(), "--transport", "tcp,wss", "--sizes",
                           "64kB,10MB", "--assume-timeout", "4s", "--user-timeout", "2s",
                           "--socket-timeout", "3s", "--give-up-after", "12s")
            cls.code = prober.wait(at_most=90)
            cls.printed = prober.printed
            cls.commands = {command: subprocess.run(
                [program("deadair-analysis"), *command.split(), "--db", lab.file("uploads.db")],
                text=True, capture_output=True)
                for command in ("uploads", "uploads --format json", "findings", "recommend",
                                "report --format text")}
            cls.rows = prober.rows("SELECT * FROM uploads")
            cls.progress = prober.rows("SELECT upload_id, count(*) AS n FROM upload_progress "
                                       "GROUP BY upload_id")

    def of(self, **wanted):
        found = [row for row in self.rows
                 if all(row[name] == value for name, value in wanted.items())]
        self.assertTrue(found, f"no upload like {wanted}")
        return found

    def test_it_ends_in_order_and_says_what_is_computed(self):
        self.assertEqual(self.code, 0)
        self.assertIn("the kernel gives up after", re.sub(r"\s+", " ", self.printed))
        self.assertIn("write_timeout", self.printed)

    def test_the_uploads_are_shown_again_and_are_not_taken_for_findings(self):
        for command, code in (("uploads", 0), ("uploads --format json", 0), ("findings", 3),
                              ("recommend", 3), ("report --format text", 0)):
            self.assertEqual(self.commands[command].returncode, code, self.commands[command])
        shown = json.loads(self.commands["uploads --format json"].stdout)
        self.assertEqual([row["upload_id"] for row in shown],
                         [row["upload_id"] for row in self.rows])
        self.assertEqual([row["noticed_s"] for row in shown],
                         [row["noticed_s"] for row in self.rows])
        self.assertIn("Writes on a binding that was gone", self.commands["uploads"].stdout)
        self.assertEqual(self.commands["findings"].stdout, "")
        for command in ("findings", "recommend"):
            self.assertIn("deadair-prober uploads, which measures no idle timeout",
                          self.commands[command].stderr)
        self.assertIn("write_timeout", self.commands["recommend"].stdout)
        self.assertNotIn("leave unset", self.commands["recommend"].stdout)

    def test_all_is_well_fresh_and_below_the_timeout(self):
        for spell in ("fresh", "below"):
            for row in self.of(idle_spell=spell):
                with self.subTest(spell=spell, upload=row["upload_id"]):
                    self.assertEqual(row["outcome"], "completed", row)
                    self.assertEqual(row["moved_bytes"], row["size_bytes"])

    def test_nothing_arrives_just_past_the_timeout(self):
        for row in self.of(idle_spell="beyond"):
            self.assertNotEqual(row["outcome"], "completed", row)
            self.assertGreater(row["idle_before_s"], 4)
            self.assertLess(row["idle_before_s"], 6)
        for row in self.of(idle_spell="beyond", direction="download"):
            self.assertEqual((row["outcome"], row["moved_bytes"]), ("stalled", 0), row)

    def test_the_kernel_gives_up_when_it_was_computed_to(self):
        for row in self.of(idle_spell="beyond", direction="upload", guard="none"):
            self.assertEqual((row["outcome"], row["noticed_by"]), ("timed_out", "kernel"), row)
            self.assertAlmostEqual(row["kernel_gives_up_s"], 6.2, delta=0.5)
            self.assertAlmostEqual(row["noticed_s"], row["kernel_gives_up_s"], delta=1)

    def test_a_user_timeout_ends_small_and_large_writes(self):
        for row in self.of(guard="user_timeout"):
            self.assertEqual((row["outcome"], row["noticed_by"]), ("timed_out", "kernel"), row)
            self.assertAlmostEqual(row["noticed_s"], 2.2, delta=0.8)

    def test_a_socket_timeout_ends_only_what_waits_for_room(self):
        for row in self.of(guard="socket_timeout", size_bytes=10_000_000):
            self.assertEqual(row["noticed_by"], "socket_timeout", row)
            self.assertAlmostEqual(row["noticed_s"], 3, delta=0.8)
            self.assertIsNone(row["accepted_s"])
        for row in self.of(guard="socket_timeout", size_bytes=1000):
            self.assertLess(row["accepted_s"], 0.5, "a small write succeeds at once")
            self.assertEqual(row["noticed_by"], "kernel", row)
            self.assertGreater(row["noticed_s"], 5)

    def test_the_kernel_is_asked_every_100_ms(self):
        rows = {row["upload_id"]: row["n"] for row in self.progress}
        for row in self.of(outcome="timed_out"):
            self.assertGreater(rows[row["upload_id"]], 0.5 * row["total_s"] / 0.1)


class Blackout(unittest.TestCase):
    """A stall that we make ourselves is measured as long as it was, and as the kernel saw it."""

    def test_a_stall_is_as_long_as_the_path_was_dead(self):
        with Lab("slow", 60, rate=4000) as lab:
            prober = start(lab, lab.echo_server(), "--transport", "tcp", "--sizes", "2MB",
                           "--direction", "upload", "--give-up-after", "20s")
            watched = {}
            watcher = threading.Thread(target=self.watch, args=(lab, prober, watched))
            watcher.start()
            self.assertEqual(prober.wait(at_most=120), 0, prober.complaints())
            watcher.join()
            row, = prober.rows("SELECT * FROM uploads")
            self.assertEqual(row["outcome"], "completed", row)
            # After the path is back the sender is silent until its next retransmission, which comes
            # no later than as much time again has passed.
            least, most = watched["dead_s"]
            self.assertGreater(row["longest_stall_s"], least - 0.7)
            self.assertLess(row["longest_stall_s"], 2 * most + 2)
            self.assertAlmostEqual(row["longest_stall_s"], watched["stall_s"], delta=0.7)
            self.assertGreaterEqual(recommended(prober, "write_timeout"),
                                    2 * row["longest_stall_s"])

    def watch(self, lab, prober, seen):
        """Cuts the path in the midst of the upload, and follows ss as a second witness.

        A command takes its time on a busy machine: the path is cut and mended within it.
        """
        dead = None
        stalls, acked, since = [0], None, None
        while prober.process.poll() is None:
            text = lab.command("exec", "client", "ss", "-tinH", "dst", f"{SERVER[4]}:{PORT}")
            sums = [int(value) for value in re.findall(r"bytes_acked:(\d+)", text)]
            now, most = time.monotonic(), max(sums, default=0)
            if most != acked:
                if since is not None and acked is not None and acked > 50_000:
                    stalls.append(now - since)
                acked, since = most, now
            if dead is None and most > 200_000:
                before = time.monotonic()
                lab.command("exec", "firewall", "nft", "insert", "rule", "inet", "lab", "forward",
                            "tcp", "dport", str(PORT), "drop")
                dead = time.monotonic()
            elif dead is not None and "dead_s" not in seen and now - dead > 1.5:
                least = time.monotonic() - dead
                lab.command("exec", "firewall", "sh", "-c",
                            "nft delete rule inet lab forward handle $(nft -a list chain inet lab "
                            f"forward | sed -n 's/.*dport {PORT} drop # handle //p')")
                seen["dead_s"] = least, time.monotonic() - before
            time.sleep(0.03)
        seen["stall_s"] = max(stalls)


class Loss(unittest.TestCase):
    """The share that is retransmitted follows the loss that was injected, and the write timeout
    follows both."""

    def measure(self, loss, *options):
        with Lab("strict", 60, loss=loss) as lab:
            prober = start(lab, lab.echo_server(), "--transport", "tcp,wss", "--direction",
                           "upload", *options)
            self.assertEqual(prober.wait(at_most=150), 0, prober.complaints())
            rows = prober.rows("SELECT * FROM uploads")
            for row in rows:
                self.assertEqual(row["outcome"], "completed", row)
            sent = sum(row["sent_bytes"] for row in rows)
            again = sum(row["sent_bytes"] * row["retransmitted_share"] for row in rows)
            return again / sent, recommended(prober, "write_timeout")

    def test_more_loss_means_more_retransmissions_and_more_patience(self):
        few, short = self.measure(1, "--sizes", "10MB")
        many, long = self.measure(5, "--sizes", "4MB")
        print(f"retransmitted {few:.4f} at 1 %, {many:.4f} at 5 %; write timeouts {short}, {long} s")
        self.assertGreater(few, 0.005)
        self.assertLess(few, 0.025)
        self.assertGreater(many, 0.03)
        self.assertLess(many, 0.10)
        self.assertLess(short, 60)
        self.assertGreater(long, short)


class Slow(unittest.TestCase):
    """A long queue: the write timeout follows the round trip that the upload itself makes long."""

    def test_the_queue_is_seen_and_the_write_timeout_allows_for_it(self):
        with Lab("slow", 60, rate=1500) as lab:
            prober = start(lab, lab.echo_server(), "--transport", "tcp", "--direction", "upload",
                           "--sizes", "64kB,1MB")
            self.assertEqual(prober.wait(at_most=90), 0, prober.complaints())
            small, large = prober.rows("SELECT * FROM uploads ORDER BY size_bytes")
            for row in small, large:
                self.assertEqual(row["outcome"], "completed", row)
            # 1500 kbit/s carry 187.5 kB a second, headers included.
            self.assertLess(large["goodput_bytes_per_s"], 187_500)
            self.assertGreater(large["goodput_bytes_per_s"], 0.7 * 187_500)
            [seen] = prober.rows("SELECT max(rtt_ms) AS rtt_ms, max(rto_ms) AS rto_ms "
                                 "FROM upload_progress")
            self.assertGreater(seen["rtt_ms"], 200, "the queue is long")
            self.assertGreater(seen["rto_ms"], seen["rtt_ms"])
            # At least an outage of 10 s, the round trip and a second; and its reason says so.
            timeout = recommended(prober, "write_timeout")
            self.assertGreaterEqual(timeout, 10 + large["rtt_ms"] / 1e3 + 1 - 0.5)
            self.assertGreaterEqual(timeout, 2 * large["longest_stall_s"])
            [why] = prober.rows("SELECT reason FROM recommendations "
                                "WHERE setting = 'write_timeout'")
            self.assertIn("measured on 2 uploads", why["reason"])
            self.assertIn("write_timeout", prober.printed)


class BadInput(unittest.TestCase):
    def refused(self, *options):
        done = subprocess.run([program("deadair-prober"), "uploads", "127.0.0.1:9", "--pin",
                               "sha256:" + "0" * 64, *options], text=True, capture_output=True,
                              env={"DEADAIR_TOKEN": "0" * 64})
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def test_what_is_out_of_range_is_refused_with_the_way_out(self):
        for options in (("--sizes", "10"), ("--sizes", "101MB"), ("--sizes", "64kB,ten"),
                        ("--sizes", ""), ("--give-up-after", "0s"), ("--give-up-after", "2h"),
                        ("--user-timeout", "10"), ("--socket-timeout", "-3s"),
                        ("--assume-timeout", "25h"), ("--direction", "sideways"),
                        ("--transport", "udp")):
            with self.subTest(options=options):
                self.assertIn(options[0], self.refused(*options))


if __name__ == "__main__":
    unittest.main()
