"""A WebSocket client of another make: RFC 6455 by hand, with Python's own TLS."""

import base64
import contextlib
import hashlib
import os
import socket
import ssl
import struct
import unittest

from lab import PORT, SERVER, Lab

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3


class WebSocket:
    def __init__(self, lab, family, secured):
        kind = socket.AF_INET6 if family == 6 else socket.AF_INET
        with lab.inside("client"):
            plain = lab.at_end.enter_context(socket.socket(kind))
        plain.settimeout(5)
        plain.connect((SERVER[family], PORT))
        self.socket = plain
        if secured:
            trust = ssl.create_default_context()
            trust.check_hostname = False
            trust.verify_mode = ssl.CERT_NONE
            self.socket = lab.at_end.enter_context(trust.wrap_socket(plain))
        self.stream = lab.at_end.enter_context(self.socket.makefile("rb"))

    def upgrade(self, *headers):
        """Sends the upgrade request and returns the answer's status line and headers."""
        key = base64.b64encode(os.urandom(16))
        request = [b"GET /echo HTTP/1.1", b"Host: echo.example", b"Connection: Upgrade",
                   b"Upgrade: websocket", b"Sec-WebSocket-Version: 13",
                   b"Sec-WebSocket-Key: " + key, *(each.encode() for each in headers), b"", b""]
        self.socket.sendall(b"\r\n".join(request))
        status = self.stream.readline().decode().rstrip()
        answered = {}
        while line := self.stream.readline().decode().rstrip():
            name, value = line.split(":", 1)
            answered[name.lower()] = value.strip()
        expected = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        return status, answered, expected

    def send(self, kind, payload, final=True):
        length = len(payload)
        size = (struct.pack("!B", 0x80 | length) if length < 126 else
                struct.pack("!BH", 0x80 | 126, length))
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self.socket.sendall(bytes([(0x80 if final else 0) | kind]) + size + mask + masked)

    def receive(self):
        first, length = self.stream.read(2)
        if length == 126:
            length, = struct.unpack("!H", self.stream.read(2))
        return first & 0x0f, self.stream.read(length)


class ForeignClient(unittest.TestCase):
    @contextlib.contextmanager
    def connected(self, family=4, secured=True):
        with Lab("strict", 20) as lab:
            server = lab.echo_server()
            yield WebSocket(lab, family, secured), f"Authorization: Bearer {server.token()}"

    def assert_upgraded(self, client, token):
        status, answered, expected = client.upgrade(token)
        self.assertTrue(status.startswith("HTTP/1.1 101"), status)
        self.assertEqual(answered["sec-websocket-accept"], expected)

    def test_gets_its_messages_back_over_wss(self):
        for family in (4, 6):
            with self.subTest(family=family), self.connected(family) as (client, token):
                self.assert_upgraded(client, token)
                for kind, payload in ((TEXT, "grüß dich".encode()), (BINARY, bytes(range(256))),
                                      (BINARY, os.urandom(16 * 1024)), (TEXT, b"")):
                    client.send(kind, payload)
                    self.assertEqual(client.receive(), (kind, payload))

    def test_may_split_its_message_and_is_answered_when_it_pings_and_closes(self):
        with self.connected() as (client, token):
            self.assert_upgraded(client, token)
            client.send(TEXT, b"in two ", final=False)
            client.send(PING, b"still there?")
            client.send(0, b"parts")
            self.assertEqual([client.receive(), client.receive()],
                             [(PONG, b"still there?"), (TEXT, b"in two parts")])
            client.send(CLOSE, struct.pack("!H", 1000))
            self.assertEqual(client.receive()[0], CLOSE)
            self.assertEqual(client.stream.read(), b"")

    def test_is_refused_where_all_on_the_way_could_read_its_token(self):
        with self.connected(secured=False) as (client, token):
            status, _, _ = client.upgrade(token)
            self.assertTrue(status.startswith("HTTP/1.1 403"), status)

    def test_is_refused_without_a_token_or_with_another(self):
        for headers in ([], ["Authorization: Bearer " + "0" * 64]):
            with self.subTest(headers), self.connected() as (client, _):
                status, _, _ = client.upgrade(*headers)
                self.assertTrue(status.startswith("HTTP/1.1 401"), status)


if __name__ == "__main__":
    unittest.main()
