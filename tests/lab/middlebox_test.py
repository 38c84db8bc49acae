#!/usr/bin/env python3
"""The boxes do what they say: plain sockets through each, and its own log beside them."""

import socket
import sys
import time
import unittest

import lab
from middlebox import BoxLab

PORT = 7000


class Talk:
    """One connection through a box, both ends in hand."""

    def __init__(self, place, listener):
        with place.inside("client"):
            self.client = socket.create_connection((lab.SERVER[4], PORT), 5)
        listener.settimeout(5)
        self.server, _ = listener.accept()
        place.at_end.callback(self.client.close)
        place.at_end.callback(self.server.close)
        for end in (self.client, self.server):
            end.settimeout(0.7)

    def passes(self, way):
        """Whether a byte sent that way arrives within a moment."""
        source, target = (self.client, self.server)[::1 if way == "to_server" else -1]
        try:
            source.send(b"x")
            return target.recv(1) == b"x"
        except OSError:
            return False


class Boxes(unittest.TestCase):
    def box(self, kind, **parameters):
        place = self.enterContext(BoxLab(kind, **parameters))
        with place.inside("server"):
            listener = self.enterContext(socket.create_server((lab.SERVER[4], PORT), backlog=64))
        return place, lambda: Talk(place, listener)

    def test_a_plain_box_forgets_after_silence_and_says_so(self):
        place, talk = self.box("Box", timeout=1)
        one = talk()
        time.sleep(0.5)
        self.assertTrue(one.passes("to_client"))
        time.sleep(1.1)
        self.assertFalse(one.passes("to_client"))
        self.assertFalse(one.passes("to_server"))
        self.assertGreaterEqual(min(place.deaths()), 1)

    def test_ends_that_are_told_reach_both(self):
        place, talk = self.box("Tick", timeout=0.5, period=0.2)
        one = talk()
        time.sleep(1)
        for end in (one.client, one.server):
            with self.assertRaises(ConnectionResetError):
                end.recv(1)
        self.assertEqual([each["what"] for each in place.log()], ["ended_reset"])

    def test_an_age_ends_busy_connections(self):
        _, talk = self.box("Age", age=1.5)
        one = talk()
        for _ in range(4):
            time.sleep(0.2)
            self.assertTrue(one.passes("to_server"))
        time.sleep(1)
        self.assertFalse(one.passes("to_server"))

    def test_directions_may_differ(self):
        _, talk = self.box("HalfDead", timeout=0.5, survives="inside")
        one = talk()
        time.sleep(0.8)
        self.assertFalse(one.passes("to_client"))
        self.assertTrue(one.passes("to_server"))

    def test_late_is_not_lost(self):
        _, talk = self.box("Late", silence=0.5, delay=1.5)
        one = talk()
        time.sleep(0.8)
        self.assertFalse(one.passes("to_client"))
        one.client.settimeout(5)
        self.assertEqual(one.client.recv(1), b"x")

    def test_room_is_bounded(self):
        _, talk = self.box("Room", timeout=60, capacity=3)
        all_of_them = [talk() for _ in range(4)]
        self.assertEqual([each.passes("to_server") for each in all_of_them],
                         [False, True, True, True])

    def test_large_packets_fall_into_a_hole(self):
        place, talk = self.box("Hole", most=1000)
        one = talk()
        one.client.sendall(b"x" * 20000)
        self.assertFalse(one.passes("to_server"))
        self.assertTrue(all(each["size"] > 1000 for each in place.log()))


if __name__ == "__main__":
    sys.exit(unittest.main())
