#!/usr/bin/env python3
"""What those who hold one token can do to those who hold another: nothing. Each attack runs beside
an honest prober of another team, with as many connections and sessions as the server takes."""

import contextlib
import os
import re
import resource
import secrets
import signal
import struct
import threading
import time
import unittest

from protocol_client import (DATA, DOWNLOAD, HEARTBEAT, JOIN, JOINED, NEW_SESSION, PROBE, RECEIVED,
                             TOO_MANY_CONNECTIONS, TOO_MANY_SESSIONS, Control, Line, Member, Refused,
                             frame)
from server_process import AttackTest, ServerProcess, upgrade_request, wait_until

FULL = os.environ.get("DEADAIR_FULL") == "1"
SESSIONS, CONNECTIONS = 2000, 18_900
# The machine has two processors, and the attacker needs one of them.
ANSWER_MAX_S = 3


def memory_kib(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
        return int(re.search(r"RssAnon:\s+(\d+)", file.read()).group(1))


class Honest(threading.Thread):
    """A prober of another team: comes anew, beats, and asks for the metrics, again and again."""

    def __init__(self, server, token):
        super().__init__(daemon=True)
        self._server, self._token = server, token
        self._over = threading.Event()
        self._problem = None
        self.rounds, self.slowest_s = 0, 0.0

    def run(self):
        mine = NEW_SESSION
        try:
            with Control(self._server, self._token) as old:
                while not self._over.wait(0.05):
                    begin = time.monotonic()
                    old.beat()
                    with Control(self._server, self._token, resume=mine) as new:
                        new.beat()
                        mine = new.session
                    self._server.metrics()
                    self.slowest_s = max(self.slowest_s, time.monotonic() - begin)
                    self.rounds += 1
        except BaseException as problem:  # handed on
            self._problem = problem

    def finish(self):
        self._over.set()
        self.join()
        if self._problem is not None:
            raise self._problem


def source(index):
    """For some thousand connections each; from one address alone the ports would run out."""
    return f"127.3.0.{1 + index // 5000}"


def join_many(server, control, count, first=0):
    """Plain probe connections of one session; all have joined when this returns."""
    joined = []
    tickets = []
    for index in range(count):
        if not tickets:
            tickets = control.tickets(min(256, count - index))
        line = Line(server.port, source=source(first + index))
        line.say(JOIN, tickets.pop() + struct.pack("!I", index))
        joined.append(line)
        if len(joined) % 32 == 0:  # below what may be unproven from one address
            for each in joined[-32:]:
                each.hear_a(JOINED)
    for each in joined[count - count % 32:]:
        each.hear_a(JOINED)
    return joined


class TokenHolder(AttackTest):
    def setUp(self):
        opened = contextlib.ExitStack()
        self.addCleanup(opened.close)
        self.open = opened.enter_context
        self.bad, self.good = secrets.token_bytes(32), secrets.token_bytes(32)
        self.both = f"team-a {self.bad.hex()}\nteam-b {self.good.hex()}\n"

    @contextlib.contextmanager
    def attacked(self, *options):
        """A server, while team b works; team a is free to attack."""
        with ServerProcess("--log-level", "warn", *options) as server:
            server.tell_tokens(self.both)
            honest = Honest(server, self.good)
            honest.start()
            try:
                yield server
                wait_until(lambda: honest.rounds > 1, "the honest prober's work", 20)
                self.assertIsNone(server.process.poll(), "the server ended")
            finally:
                honest.finish()
            print(f"attack={self.id().split('.')[-1]} rounds={honest.rounds} "
                  f"slowest_ms={1000 * honest.slowest_s:.0f}", flush=True)
            self.assertLess(honest.slowest_s, ANSWER_MAX_S)
            server.assert_no_long_turn()

    def many(self, server, sessions):
        """Sessions of team a."""
        return [self.open(Control(server, self.bad, secured=False)) for _ in range(sessions)]

    def test_refreshes_on_all_connections(self):
        with self.attacked("--max-connections-per-token", "19500") as server:
            controls, members = self.many(server, 5), []
            for control in controls:
                members += join_many(server, control, CONNECTIONS // 5, len(members))
            for each in members:
                self.addCleanup(each.close)
            for control in controls:
                with contextlib.suppress(OSError):  # ended, once it has asked for too much
                    for number in range(CONNECTIONS // 5):
                        control.refresh(number, DATA, 100)
            time.sleep(20 if FULL else 4)

    def test_it_ends_at_once_while_it_refreshes_all_connections(self):
        with ServerProcess("--log-level", "warn") as server:
            server.tell_tokens(f"team-a {self.bad.hex()}\n")
            members = []
            for control in self.many(server, 5):
                own = join_many(server, control, CONNECTIONS // 5, len(members))
                members += own
                for number in range(len(own)):
                    control.refresh(number, DATA, 1000)
            for each in members:
                self.addCleanup(each.close)
            begin, worked = time.monotonic(), self.processor_time_s(server)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(20), 0)
            took = time.monotonic() - begin
            ended = resource.getrusage(resource.RUSAGE_CHILDREN)
            work = ended.ru_utime + ended.ru_stime - worked
            print(f"connections={len(members)} ended_after_ms={1000 * took:.0f} "
                  f"of_work_ms={1000 * work:.0f}", flush=True)
            self.assertLess(work, 1)  # others may be at work on this machine

    @staticmethod
    def processor_time_s(server):
        """Of the server, and of children that have ended."""
        with open(f"/proc/{server.process.pid}/schedstat", encoding="ascii") as file:
            own = int(file.read().split()[0]) / 1e9
        others = resource.getrusage(resource.RUSAGE_CHILDREN)
        return own + others.ru_utime + others.ru_stime

    def test_sessions_that_leave_with_all_their_tickets(self):
        with self.attacked("--max-sessions-per-token", str(SESSIONS - 100)) as server:
            controls = self.many(server, SESSIONS - 100)
            for control in controls:
                control.tickets(256)
            for control in controls:
                control.close()
            if FULL:  # by themselves, after two minutes
                wait_until(lambda: server.metrics()["sessions"] < 1000, "their end", 140)
            begin = time.monotonic()
            server.tell_tokens(f"team-b {self.good.hex()}\n")
            wait_until(lambda: server.metrics()["sessions"] < 100, "their end", 20)
            print(f"ended_after_ms={1000 * (time.monotonic() - begin):.0f}", flush=True)

    def test_sessions_with_all_connections_that_are_revoked(self):
        with self.attacked("--max-connections-per-token", "19500") as server:
            members = []
            for control in self.many(server, 5):
                members += join_many(server, control, CONNECTIONS // 5, len(members))
            for each in members:
                self.addCleanup(each.close)
            begin = time.monotonic()
            server.tell_tokens(f"team-b {self.good.hex()}\n")
            wait_until(lambda: server.metrics()["connections.tcp"] == 0, "their end", 20)
            print(f"ended_after_ms={1000 * (time.monotonic() - begin):.0f}", flush=True)
            members[-1].ended()

    def test_reports_that_nobody_fetches(self):
        with self.attacked("--max-messages-per-second", "1000000") as server:
            before = memory_kib(server)
            controls = self.many(server, 250)
            members = [self.open(Member(server, control.tickets(1)[0], 1)) for control in controls]
            for control in controls:
                control.close()
            probes = b"".join(frame(PROBE, struct.pack("!I", number)) for number in range(5000))
            for index, member in enumerate(members, 1):
                member.socket.sendall(probes)
                if index % 50 == 0:
                    wait_until(lambda: server.metrics()["probes.to_server"] == index * 5000,
                               "the last", 60)
            grown = (memory_kib(server) - before) / 1024
            print(f"memory_grown_mib={grown:.0f}", flush=True)
            self.assertLess(grown, 32 + 12)  # half of what all may keep, and 250 sessions
            self.assert_good_team_s_reports_are_kept(server)
            # The last come first out of what was kept, in order, and without a long turn.
            again = self.open(Control(server, self.bad, resume=controls[-1].session, secured=False))
            self.assertTrue(again.resumed)
            again.beat()

    def assert_good_team_s_reports_are_kept(self, server):
        control = self.open(Control(server, self.good))
        member = self.open(Member(server, control.tickets(1)[0], 1))
        control.close()
        member.say(PROBE, struct.pack("!I", 5))
        again = self.open(Control(server, self.good, resume=control.session))
        self.assertEqual(struct.unpack("!II", again.hear_a(RECEIVED)[:8]), (5, 1))

    def test_kept_reports_come_in_order(self):
        with self.attacked() as server:
            control = self.open(Control(server, self.bad))
            member = self.open(Member(server, control.tickets(1)[0], 1))
            control.close()
            wanted = 3000
            member.socket.sendall(b"".join(frame(PROBE, struct.pack("!I", number))
                                           for number in range(wanted)))
            wait_until(lambda: server.metrics()["probes.to_server"] == wanted, "the last")
            again = self.open(Control(server, self.bad, resume=control.session))
            member.say(PROBE, struct.pack("!I", wanted))
            heard = [struct.unpack("!I", again.hear_a(RECEIVED)[:4])[0] for _ in range(wanted + 1)]
            self.assertEqual(heard, list(range(wanted + 1)))

    def test_small_frames_as_fast_as_they_go(self):
        beats = frame(HEARTBEAT, bytes(12)) * 1000
        with self.attacked() as server:
            until = time.monotonic() + (20 if FULL else 5)
            known = [NEW_SESSION] * 40
            while time.monotonic() < until:
                controls = [Control(server, self.bad, secured=index % 2 == 0, resume=session)
                            for index, session in enumerate(known)]
                known = [each.session for each in controls]
                for control in controls:
                    with control, contextlib.suppress(OSError):
                        control.socket.setblocking(False)
                        for _ in range(100):
                            control.socket.sendall(beats)
            self.assertGreater(server.metrics()["farewells.over_rate"], 0)

    def test_downloads_on_all_connections(self):
        with self.attacked() as server:
            for control in self.many(server, 40):
                for member in join_many(server, control, 2):
                    self.addCleanup(member.close)
                for number in range(2):
                    control.say(DOWNLOAD, struct.pack("!IIQ", number, number, 100_000_000))
            until = time.monotonic() + (20 if FULL else 4)
            while time.monotonic() < until:
                time.sleep(0.1)

    def test_everything_the_server_has(self):
        with self.attacked() as server:
            taken = 0
            with self.assertRaises(Refused) as caught:
                while taken < SESSIONS:
                    self.many(server, 1)
                    taken += 1
            self.assertEqual(caught.exception.reason, TOO_MANY_SESSIONS)
            self.assertEqual(taken, SESSIONS // 2)

    def test_all_connections_as_members_and_as_clients_of_another_make(self):
        with self.attacked("--max-connections", "400") as server:
            control = self.many(server, 1)[0]
            for member in join_many(server, control, 150):
                self.addCleanup(member.close)
            with self.assertRaises(Refused) as caught:
                for number in range(150, 201):
                    self.addCleanup(Member(server, control.tickets(1)[0], number).close)
            self.assertEqual(caught.exception.reason, TOO_MANY_CONNECTIONS)
            with Line(server.port, True) as guest:
                guest.socket.sendall(upgrade_request(self.bad.hex()))
                self.assertIn(b" 503 ", guest.socket.recv(4096))
            other = self.open(Control(server, self.good))
            self.open(Member(server, other.tickets(1)[0], 1))


class TokenFile(unittest.TestCase):
    def test_a_token_is_its_secret_whatever_it_is_called(self):
        secret = secrets.token_bytes(32)
        with ServerProcess() as server:
            server.tell_tokens(secret.hex() + "\n")
            with Control(server, secret) as control, \
                    Member(server, control.tickets(1)[0], 1) as member, \
                    Line(server.port, True) as guest:
                guest.socket.sendall(upgrade_request(secret.hex()))
                self.assertIn(b" 101 ", guest.socket.recv(4096))
                for text in (f"# a line above\n\n{secret.hex()}\n", f"team-a {secret.hex()}\n",
                             f"team-z {'7' * 64}\nteam-b {secret.hex()}\n"):
                    server.tell_tokens(text)
                    control.beat()
                    member.say(PROBE, struct.pack("!I", 5))
                    control.hear_a(RECEIVED)
                    guest.socket.sendall(b"\x81\x82\0\0\0\0hi")
                    self.assertEqual(guest.socket.recv(100), b"\x81\x02hi")
                self.assertEqual(server.metrics()["farewells.revoked"], 0)
                server.tell_tokens("team-b " + "7" * 64 + "\n")
                for line in (control, member, guest):
                    line.ended()


if __name__ == "__main__":
    unittest.main()
