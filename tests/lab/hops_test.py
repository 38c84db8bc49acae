"""Which box of a row forgets, held against rows of which we know it."""

import contextlib
import json
import os
import shutil
import subprocess
import unittest

from chain import ESTABLISHED, FOREVER, Box, Chain
from forbidden import forbid_reach
from lab import PORT, SERVER, SLOWER, EchoServer, program, wait_until

T = 8
LATER = 14


class Rows(unittest.TestCase):
    """Several rows side by side, since most of the time each only waits."""

    def setUp(self):
        opened = contextlib.ExitStack()
        self.addCleanup(opened.close)
        self.open = opened.enter_context

    def begin(self, boxes, family, *options):
        row = self.open(Chain(*boxes))
        return row.prober(row.echo_server(), "--assume-timeout", f"{T}s", *options, family=family,
                          command="hops")

    def end(self, prober, exit_code=0):
        self.assertEqual(prober.wait(at_most=120), exit_code, prober.complaints())
        return prober.rows("SELECT * FROM boxes ORDER BY from_hop")

    def assert_box(self, box, at, timeout=T, also=0):
        """It stands at that hop, or, where one end alone sees it, half a hop from it."""
        self.assertTrue(box["from_hop"] <= at <= box["to_hop"], box)
        self.assertLessEqual(box["to_hop"] - box["from_hop"], also, box)
        self.assertLessEqual(box["low_s"], timeout, box)
        self.assertGreaterEqual(box["high_s"], timeout - 0.1, box)


class OneBox(Rows):
    def test_it_is_named_wherever_it_stands(self):
        for count in (1, 2, 3):
            with self.subTest(boxes=count):
                self.assert_each([(at, 4 + 2 * ((at + count) % 2), [
                    Box(T) if at == number else Box() for number in range(1, count + 1)])
                    for at in range(1, count + 1)])

    def assert_each(self, rows):
        begun = [(at, self.begin(boxes, family)) for at, family, boxes in rows]
        for at, prober in begun:
            found = self.end(prober)
            self.assertEqual(len(found), 1, prober.printed)
            self.assert_box(found[0], at)
            self.assertEqual(found[0]["seen_from"], "both")


class OtherKinds(Rows):
    def test_a_nat_a_loose_one_and_one_that_gives_no_address_are_named(self):
        begun = [(1, self.begin([Box(T, "nat"), Box(), Box()], 4)),
                 (3, self.begin([Box(), Box(), Box(T, "loose")], 6)),
                 (2, self.begin([Box(), Box(T, icmp=False), Box()], 4))]
        for at, prober in begun:
            found = self.end(prober)
            self.assertEqual(len(found), 1, prober.printed)
            self.assert_box(found[0], at)
        self.assertIsNone(prober.rows("SELECT address FROM hops WHERE hop = 2")[0]["address"])
        self.assertIn("gives no address", prober.printed)

    def test_a_bridge_is_between_its_hops_and_what_ignores_keepalives_cannot_be_told(self):
        bridge = self.begin([Box(), Box(T, "bridge"), Box()], 4)
        near = self.begin([Box(T, "bridge"), Box()], 6)
        deaf = self.begin([Box(T, "ignores-keepalive"), Box()], 4)
        self.assert_box(self.end(bridge)[0], 1.5)
        self.assertIn("does not show itself between hop 1", bridge.printed)
        self.assert_box(self.end(near)[0], 0.5)
        self.assertEqual(self.end(deaf, exit_code=3), [])
        self.assertIn("cannot be told: TCP keepalives that go all the way kept 0", deaf.printed)


class TwoBoxes(Rows):
    def test_each_is_named_with_its_own_timeout_in_either_order(self):
        begun = [(1, 3, self.begin([Box(T), Box(), Box(LATER)], 4)),
                 (3, 1, self.begin([Box(LATER), Box(), Box(T)], 6)),
                 (1, 2, self.begin([Box(T, "nat"), Box(LATER)], 4))]
        for first, second, prober in begun:
            found = sorted(self.end(prober), key=lambda each: each["low_s"])
            self.assertEqual(len(found), 2, prober.printed)
            self.assert_box(found[0], first)
            self.assert_box(found[1], second, LATER, also=0.5)
            self.assertGreater(found[1]["low_s"], T + 2)


class Losses(Rows):
    """DEADAIR_FULL=1: twenty rows of each, before a release; else as many as stand side by side."""

    SIDE_BY_SIDE = 3

    def test_whatever_is_lost_an_ordinary_user_is_told_of_no_other_box(self):
        rows = 20 if os.environ.get("DEADAIR_FULL") else self.SIDE_BY_SIDE
        for loss in (1, 5):
            named = 0
            for first in range(0, rows, self.SIDE_BY_SIDE):
                with contextlib.ExitStack() as opened:
                    self.open = opened.enter_context
                    named += self.named(loss, range(first, min(first + self.SIDE_BY_SIDE, rows)))
            print(f"{loss} % lost: {named} of {rows} named the box, none another")
            self.assertGreaterEqual(named, rows * 3 // 4)

    def named(self, loss, numbers):
        """Of as many rows, in which the boxes take turns."""
        begun = [(1 + number % 3, self.begin_as_nobody(loss, 1 + number % 3)) for number in numbers]
        count = 0
        for at, process in begun:
            printed, complaints = process.communicate(timeout=120 * SLOWER)
            self.assertIn(process.returncode, (0, 3), complaints)
            boxes = json.loads(printed)["boxes"]
            for box in boxes:
                self.assertTrue(box["from_hop"] <= at <= box["to_hop"], printed)
            count += 1 if boxes else 0
        return count

    def begin_as_nobody(self, loss, at):
        row = self.open(Chain(*(Box(T if number == at else FOREVER, loss=loss if number == 2 else 0)
                                for number in (1, 2, 3))))
        server = row.echo_server()
        folder = row.file("own")
        os.mkdir(folder)
        shutil.copy(server.token_file, folder)  # with its mode
        subprocess.run(["chown", "-R", "nobody", folder], check=True)
        os.chmod(row.folder.name, 0o755)
        return row.start(
            "client", "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
            program("deadair-prober"), "hops", f"{SERVER[4]}:{PORT}", *server.trust,
            "--token-file", os.path.join(folder, "token"), "--db", os.path.join(folder, "r.db"),
            "--assume-timeout", f"{T}s", "--json", "-", stderr=subprocess.PIPE)


class Few(Rows):
    def test_with_few_connections_the_way_is_halved(self):
        boxes = [Box() for _ in range(6)]
        boxes[3] = Box(T)
        row = self.open(Chain(*boxes))
        # Each of six hops from both ends takes 13 + 6 * 6 at once.
        prober = row.prober(row.echo_server(), "--assume-timeout", f"{T}s", "--connections", "32",
                            command="hops")
        found = self.end(prober)
        self.assertEqual(len(found), 1, prober.printed)
        self.assert_box(found[0], 4)
        [opened] = prober.rows("SELECT count(DISTINCT connection_id) AS n FROM hop_probes"
                               " WHERE outcome <> 'void'")
        self.assertLessEqual(opened["n"], 32)


class Forbidden(Rows):
    def test_who_may_not_set_the_time_to_live_is_told_so(self):
        row = self.open(Chain(Box(T)))
        server = row.echo_server()
        for family, option in ((4, "IP_TTL"), (6, "IPV6_UNICAST_HOPS")):
            prober = row.prober(server, "--assume-timeout", f"{T}s", command="hops", family=family,
                                preexec_fn=forbid_reach)
            self.assertEqual(prober.wait(at_most=30), 3, prober.complaints())
            self.assertIn(f"programs set how far their packets go ({option}: ",
                          prober.complaints())

    def test_a_server_that_may_not_leaves_this_end_to_tell(self):
        row = self.open(Chain(Box(T), Box(), Box()))
        process = row.start("server", program("deadair-echo-server"), "--listen", f"[::]:{PORT}",
                            "--state-dir", row.file("state"), stderr=subprocess.DEVNULL,
                            preexec_fn=forbid_reach)
        prober = row.prober(EchoServer(process, row.file("state/token")), "--assume-timeout",
                            f"{T}s", command="hops")
        self.assert_box(self.end(prober)[0], 1, also=0.5)
        self.assertIn("its system does not allow them", prober.printed.replace("\n", " "))


class Watched(Rows):
    def test_the_box_that_changed_is_named(self):
        # The one that stays remembers for longer than the other is asked (1.15 of its time and a
        # second, however wide a busy machine measured that): else two next to each other are seen.
        row = self.open(Chain(Box(), Box(9)))
        prober = row.prober(row.echo_server(), "--hops", "--every", "15s", "--hold", "4",
                            "--min-idle", "2s", "--max-idle", "30s", "--connections", "48",
                            "--no-uploads", "--refresh", "none", command="watch")
        wait_until(lambda: prober.kept("SELECT 1 FROM boxes"), 90, "the first search for the box")
        row.set("box1", ESTABLISHED, 4)
        wait_until(lambda: prober.kept("SELECT 1 FROM incidents WHERE kind = 'box_changed'"), 120,
                   "the other box being named")
        prober.interrupt()
        self.assertEqual(prober.wait(at_most=20), 4, prober.complaints())
        changed, = prober.rows("SELECT * FROM incidents WHERE kind = 'box_changed'")
        self.assertEqual(changed["blame"], "firewall")
        self.assertRegex(changed["detail"],
                         r"Another box forgets: before it was the box at hop 2 \(203\.0\.113\.2\), "
                         r"after [89][.\d]* s.*; after it is the box at hop 1 "
                         r"\(192\.0\.2\.1\), after [3-4][.\d]* s")


class Limits(Rows):
    def test_what_cannot_be_asked_for_is_refused_in_a_sentence(self):
        row = self.open(Chain(Box(T)))
        server = row.echo_server()
        for code, words, options in (
                (2, "measure first, or say --assume-timeout", ()),
                (2, "hops end at a proxy", ("--assume-timeout", "8s", "--proxy",
                                            "http://192.0.2.1:8888")),
                (3, "--max-idle 9 s is too short", ("--assume-timeout", "8s", "--max-idle", "9s")),
                (3, "too short for this", ("--assume-timeout", "2s")),
                (3, "too long for this", ("--assume-timeout", "12h")),
                (2, "--control 198.51.100.2:7443 is the server itself",
                 ("--assume-timeout", "8s", "--control", "198.51.100.2:7443"))):
            with self.subTest(words=words):
                prober = row.prober(server, *options, command="hops")
                self.assertEqual(prober.wait(at_most=60), code, prober.complaints())
                self.assertIn(words, prober.complaints())
        for words, host, address in (("no hop lies between", "server", SERVER[4]),
                                     ("not reached by TCP within", "client", "198.51.100.99")):
            with self.subTest(words=words):
                process = row.start(host, program("deadair-prober"), "hops", f"{address}:{PORT}",
                                    *server.trust, "--token-file", server.token_file, "--db",
                                    row.file("other.db"), "--assume-timeout", "8s",
                                    stderr=subprocess.PIPE)
                self.assertEqual(process.wait(60), 3)
                self.assertIn(words, process.stderr.read())


class WithinAMeasurement(Rows):
    def test_a_run_names_the_box_last_and_reports_show_it(self):
        row = self.open(Chain(Box(), Box(6)))
        prober = row.prober(row.echo_server(), "--min-idle", "1s", "--max-idle", "20s",
                            "--connections", "48", "--no-uploads", "--hops")
        self.assertEqual(prober.wait(at_most=150), 0, prober.complaints())
        found = prober.rows("SELECT * FROM boxes")
        self.assertEqual(len(found), 1, prober.printed)
        self.assert_box(found[0], 2, 6)
        self.assertIn("The box at hop 2 (203.0.113.2) forgets after", prober.printed)
        self.assertEqual(len(prober.rows("SELECT * FROM runs")), 1)
        # What was held to find it says nothing of what keeps connections alive.
        self.assertEqual(prober.rows("SELECT * FROM findings WHERE refresh <> 'none'"), [])
        for command, words in (("report", "Which box forgets"),
                               ("escalate", "The box at hop 2 (203.0.113.2) forgets after")):
            done = subprocess.run([program("deadair-analysis"), command, "--db", prober.database,
                                   "--format", "text"], text=True, capture_output=True)
            self.assertIn(words, done.stdout, done.stderr)


class ControlPath(Rows):
    """A second server on the first router's own host, or behind a box of its own."""

    def measured(self, near, far, near_other):
        """A row of three; the other server stands behind the first box."""
        row = self.open(Chain(Box(near), Box(far), fork=Box(near_other)))
        return row.prober(row.echo_server(), "--assume-timeout", f"{T}s", "--control",
                          f"{row.other_echo_server()}:{PORT}", command="hops")

    def test_it_tells_our_side_from_the_server_s(self):
        ours = self.measured(T, 432000, 432000)
        theirs = self.measured(432000, T, 432000)
        both = self.measured(432000, T, T)
        self.assert_box(self.end(ours)[0], 1)
        self.assertIn("it is on your side", ours.printed.replace("\n", " "))
        self.assert_box(self.end(theirs)[0], 2)
        self.assertIn("Only this path forgets", theirs.printed.replace("\n", " "))
        self.assert_box(self.end(both)[0], 2)
        self.assertIn("whether it is one box cannot be told", both.printed.replace("\n", " "))
        self.assertEqual([each["control"] for prober in (ours, theirs, both)
                          for each in prober.rows("SELECT control FROM hop_verdicts")],
                         ["forgets", "lives", "forgets"])


if __name__ == "__main__":
    unittest.main()
