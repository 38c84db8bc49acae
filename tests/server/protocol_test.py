#!/usr/bin/env python3
"""What docs/protocol.md promises, by a client that was written from it alone."""

import contextlib
import ssl
import struct
import time
import unittest

from protocol_client import (DATA, ENDED, HELLO, KEEPALIVE, MALFORMED, NO_BINDING, NONE, PROBE, QUERY,
                             RECEIVED, REFRESH_WITHIN, SPEAK, SPOKE, STATE, UNKNOWN_TICKET, Control, Line, Member,
                             Refused)
from server_process import ServerProcess, upgrade_request


def number_of(body):
    return struct.unpack("!I", body[:4])[0]


class Protocol(unittest.TestCase):
    def setUp(self):
        opened = contextlib.ExitStack()
        self.addCleanup(opened.close)
        self.open = opened.enter_context
        self.server = self.open(ServerProcess())

    def test_a_client_joins_probes_and_resumes(self):
        for secured in (True, False):
            with self.subTest(secured=secured):
                control = self.open(Control(self.server, secured=secured))
                self.assertFalse(control.resumed)
                first, second = control.tickets(2)
                plain = self.open(Member(self.server, first, 1))
                tls = self.open(Member(self.server, second, 2, secured=True))
                for number, member in ((1, plain), (2, tls)):
                    control.say(SPEAK, struct.pack("!II", 70 + number, number))
                    spoke = control.hear_a(SPOKE)
                    self.assertEqual(struct.unpack("!IIB", spoke[:9]), (70 + number, number, 0))
                    self.assertEqual(number_of(member.hear_a(PROBE)), 70 + number)
                    member.say(PROBE, struct.pack("!I", 90 + number))
                    self.assertEqual(struct.unpack("!II", control.hear_a(RECEIVED)[:8]),
                                     (90 + number, number))
                control.hang_up()  # what was told before went to the one that is gone
                tls.say(PROBE, struct.pack("!I", 5))
                again = self.open(Control(self.server, secured=secured, resume=control.session))
                self.assertTrue(again.resumed)
                self.assertEqual(number_of(again.hear_a(RECEIVED)), 5)
                plain.close()
                self.assertEqual(struct.unpack("!IB", again.hear_a(ENDED)[:5]), (1, 2))
                again.say(QUERY, struct.pack("!I", 1))
                self.assertEqual(struct.unpack("!IB", again.hear_a(STATE)[:5]), (1, 0))

    def test_so_many_connections_and_no_more_are_refreshed_within_some_hops(self):
        control = self.open(Control(self.server))
        tickets = control.tickets(129)
        for number, ticket in enumerate(tickets, 1):
            self.open(Member(self.server, ticket, number))
        within = struct.Struct("!IBI")
        for number in range(1, 129):
            control.say(REFRESH_WITHIN, within.pack(number, 2, 3_600_000))
        control.say(REFRESH_WITHIN, within.pack(128, 0, 0))  # makes room
        control.say(REFRESH_WITHIN, within.pack(129, 64, 1000))
        control.say(QUERY, struct.pack("!I", 1))
        self.assertEqual(struct.unpack("!IB", control.hear_a(STATE)[:5]), (1, 1))
        control.say(REFRESH_WITHIN, within.pack(128, 2, 3_600_000))
        control.ended()

    def test_a_proof_for_another_channel_is_refused(self):
        class Elsewhere(Control):
            def _secure(self, configure):
                super()._secure(configure)
                self.binding = bytes(31) + b"\x01"
        with self.assertRaises(Refused):
            Elsewhere(self.server)

    def test_a_channel_that_cannot_be_bound_is_refused_unless_the_hello_is_unbound(self):
        def without_extended_master_secret(context):
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.options |= 1  # SSL_OP_NO_EXTENDED_MASTER_SECRET
        with Line(self.server.port, True, configure=without_extended_master_secret) as line:
            line.say(HELLO, bytes(64))
            with self.assertRaises(Refused) as caught:
                line.hear_a(2)
            self.assertEqual(caught.exception.reason, NO_BINDING)
        control = self.open(Control(self.server, unbound=True,
                                    configure=without_extended_master_secret))
        control.beat()

    def test_a_session_is_never_starved_of_tickets(self):
        control = self.open(Control(self.server))
        given = [control.tickets(256) for _ in range(8)]
        self.assertEqual([len(each) for each in given], [256] * 8)
        # What was given last is good, and the oldest has made room.
        self.open(Member(self.server, given[-1][0], 1))
        with self.assertRaises(Refused) as caught:
            Member(self.server, given[0][0], 2)
        self.assertEqual(caught.exception.reason, UNKNOWN_TICKET)
        # What is on its way while as many again are asked for still counts.
        self.open(Member(self.server, given[4][255], 3))

    def test_a_ticket_serves_once(self):
        control = self.open(Control(self.server))
        ticket, = control.tickets(1)
        self.open(Member(self.server, ticket, 1))
        with self.assertRaises(Refused) as caught:
            Member(self.server, ticket, 2)
        self.assertEqual(caught.exception.reason, UNKNOWN_TICKET)

    def test_refresh_none_ends_whatever_was_asked_for(self):
        control = self.open(Control(self.server))
        member = self.open(Member(self.server, control.tickets(1)[0], 7))

        def packets_within(seconds):
            before = self.packets(control)
            time.sleep(seconds)
            return self.packets(control) - before
        control.refresh(7, KEEPALIVE, 1000)
        self.assertGreater(packets_within(2.5), 0)
        control.refresh(7, NONE, 1000)
        self.assertEqual(packets_within(2.5), 0)
        control.refresh(7, KEEPALIVE, 1000)
        control.refresh(7, DATA, 1_000_000)  # in its place
        self.assertEqual(packets_within(2.5), 0)
        member.close()

    @staticmethod
    def packets(control):
        """Segments that came in on connection 7, by the server's kernel: answers to keepalives."""
        control.say(QUERY, struct.pack("!I", 7))
        return struct.unpack("!I", control.hear_a(STATE)[13:17])[0]

    def test_the_token_never_travels_in_the_clear(self):
        with open(self.server.token_file, encoding="ascii") as file:
            request = upgrade_request(file.read().split()[0])
        with Line(self.server.port) as line:
            line.socket.sendall(request)
            self.assertIn(b" 403 ", line.socket.recv(4096))
        with Line(self.server.port, True) as line:
            line.socket.sendall(request)
            self.assertIn(b" 101 ", line.socket.recv(4096))

    def test_a_frame_out_of_place_ends_the_connection(self):
        with Line(self.server.port) as line:
            line.say(SPEAK, bytes(8))
            line.ended()
        with Line(self.server.port) as line:
            line.say(HELLO, bytes(64))  # bound, and there is nothing to bind to
            with self.assertRaises(Refused) as caught:
                line.hear_a(2)
            self.assertEqual(caught.exception.reason, MALFORMED)


if __name__ == "__main__":
    unittest.main()
