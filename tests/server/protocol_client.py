"""A client written from docs/protocol.md alone: frames, the control connection, probe connections.
It speaks tcp and tls, and shares no code with the prober."""

import hashlib
import hmac
import ipaddress
import os
import secrets
import socket
import ssl
import struct
import tempfile

HELLO, CHALLENGE, PROOF, WELCOME, REFUSED, TICKET_REQUEST, TICKETS, SPEAK, SPOKE, RECEIVED, \
    HEARTBEAT, HEARTBEAT_ECHO, ENDED, QUERY, STATE, DOWNLOAD, TRANSFERRED, REFRESH, REFRESH_WITHIN, ABILITIES = range(1, 21)
JOIN, JOINED, PROBE, UPLOAD, BULK, FILLER = range(32, 38)
NONE, KEEPALIVE, PING, DATA = range(4)  # means of a refresh
WRONG_TOKEN, TOO_MANY_SESSIONS, TOO_MANY_CONNECTIONS, UNKNOWN_TICKET, MALFORMED, SHUTTING_DOWN, \
    NO_BINDING = range(1, 8)
NEW_SESSION = bytes(16)


class Refused(Exception):
    """The server's answer was `refused`; the reason is its number."""

    def __init__(self, reason):
        super().__init__(f"refused, reason {reason}")
        self.reason = reason


def frame(kind, body=b""):
    return b"dA" + struct.pack("!BBI", 1, kind, len(body)) + body


def proof_of(role, token, client_nonce, server_nonce, binding):
    name = f"deadair 1 {role}".encode()
    said = bytes([len(name)]) + name + client_nonce + server_nonce + binding
    return hmac.new(token, said, hashlib.sha256).digest()


def expand_label(digest, secret, label, context, length):
    """HKDF-Expand-Label (RFC 8446, section 7.1), for no more than one block."""
    label = b"tls13 " + label
    info = struct.pack("!H", length) + bytes([len(label)]) + label + bytes([len(context)]) + context
    return hmac.new(secret, info + b"\x01", digest).digest()[:length]


def exporter(digest, secret, label):
    """32 bytes of TLS 1.3's exporter, without context (RFC 8446, section 7.5)."""
    nothing = hashlib.new(digest).digest()
    derived = expand_label(digest, secret, label, nothing, len(nothing))
    return expand_label(digest, derived, b"exporter", nothing, 32)


class Line:
    """One connection that carries frames."""

    def __init__(self, port, secured=False, source=None, configure=None, timeout=10):
        self.socket = socket.socket()
        self.binding = bytes(32)
        self._heard = b""
        try:
            if source:
                self.socket.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
                self.socket.bind((source, 0))
            self.socket.settimeout(timeout)
            self.socket.connect(("127.0.0.1", port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if secured:
                self._secure(configure)
        except BaseException:
            self.socket.close()
            raise

    def _secure(self, configure):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        # Python has no exporter of its own (RFC 9266 needs it); the key log tells its secret.
        with tempfile.TemporaryDirectory() as folder:
            context.keylog_filename = os.path.join(folder, "keys")
            if configure:
                configure(context)
            self.socket = context.wrap_socket(self.socket)
            with open(context.keylog_filename, encoding="ascii") as file:
                keys = dict(line.split()[::2] for line in file if line.split()[0].isupper())
        if "EXPORTER_SECRET" in keys:
            digest = self.socket.cipher()[0].rsplit("_", 1)[1].lower()
            self.binding = exporter(digest, bytes.fromhex(keys["EXPORTER_SECRET"]),
                                    b"EXPORTER-Channel-Binding")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def hang_up(self):
        """Closes, and does not return before the server has seen it."""
        self.socket.shutdown(socket.SHUT_WR)
        self.ended()
        self.close()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def say(self, kind, body=b""):
        self.socket.sendall(frame(kind, body))

    def hear(self):
        """The next frame: its type and body. ConnectionError at the connection's end."""
        head = self._take(8)
        assert head[:3] == b"dA\x01", head
        kind, size = struct.unpack("!BI", head[3:])
        return kind, self._take(size)

    def hear_a(self, kind):
        """The next frame of this type; what else comes before is passed over."""
        while True:
            heard, body = self.hear()
            if heard == REFUSED and kind != REFUSED:
                raise Refused(body[0])
            if heard == kind:
                return body

    def ended(self):
        """Reads until the end of the connection, which must come in time."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionError:
            pass

    def _take(self, count):
        while len(self._heard) < count:
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionResetError("the server closed the connection")
            self._heard += more
        taken, self._heard = self._heard[:count], self._heard[count:]
        return taken


class Control(Line):
    """A control connection whose session has begun, or was taken up again."""

    def __init__(self, server, token=None, resume=NEW_SESSION, unbound=False, secured=True, **more):
        super().__init__(server.port, secured, **more)
        try:
            self._log_in(token or server.token(), resume, unbound or not secured)
        except BaseException:
            self.close()
            raise
        self._last = 0

    def _log_in(self, token, resume, unbound):
        binding = bytes(32) if unbound else self.binding
        nonce = secrets.token_bytes(32)
        self.say(HELLO, nonce + resume + bytes([unbound]) + bytes(15))
        challenge = self.hear_a(CHALLENGE)
        self.say(PROOF, proof_of("client", token, nonce, challenge, binding))
        welcome = self.hear_a(WELCOME)
        assert welcome[:32] == proof_of("server", token, nonce, challenge, binding), \
            "the server does not know the token"
        self.session = welcome[32:48]
        self.resumed = welcome[48] == 1
        self.connections_max, = struct.unpack("!I", welcome[49:])

    def tickets(self, count):
        self.say(TICKET_REQUEST, struct.pack("!H", count))
        body = self.hear_a(TICKETS)
        return [body[at:at + 16] for at in range(0, len(body), 16)]

    def beat(self):
        """A heartbeat; returns the server's clock in nanoseconds."""
        self._last += 1
        self.say(HEARTBEAT, struct.pack("!IQ", self._last, 7))
        sequence, own, theirs = struct.unpack("!IQQ", self.hear_a(HEARTBEAT_ECHO))
        assert (sequence, own) == (self._last, 7)
        return theirs

    def refresh(self, number, means, milliseconds):
        self.say(REFRESH, struct.pack("!IBI", number, means, milliseconds))


class Member(Line):
    """A probe connection that has joined."""

    def __init__(self, server, ticket, number, secured=False, **more):
        super().__init__(server.port, secured, **more)
        try:
            self.say(JOIN, ticket + struct.pack("!I", number))
            address = ipaddress.IPv6Address("::ffff:" + self.socket.getsockname()[0]).packed
            assert self.hear_a(JOINED) == \
                struct.pack("!I", number) + address + struct.pack("!H", self.socket.getsockname()[1])
        except BaseException:
            self.close()
            raise
