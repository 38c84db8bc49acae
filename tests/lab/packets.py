"""TCP packets over IPv4 and IPv6 as a middlebox sees them: read, and made."""

import socket
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


class Packet:
    """One IP packet with TCP in it."""

    __slots__ = ("raw", "version", "source", "target", "source_port", "target_port", "sequence",
                 "acknowledged", "flags", "payload", "size")

    @staticmethod
    def read(raw):
        """The packet, or None if it is no TCP."""
        version = raw[0] >> 4
        if version == 4:
            head, protocol = (raw[0] & 15) * 4, raw[9]
            source, target = raw[12:16], raw[16:20]
        elif version == 6:
            head, protocol = 40, raw[6]
            source, target = raw[8:24], raw[24:40]
        else:
            return None
        if protocol != socket.IPPROTO_TCP or len(raw) < head + 20:
            return None
        made = Packet()
        made.raw, made.version, made.source, made.target = raw, version, source, target
        (made.source_port, made.target_port, made.sequence, made.acknowledged, offset,
         made.flags) = struct.unpack_from("!HHIIBB", raw, head)
        made.payload = raw[head + (offset >> 4) * 4:]
        made.size = len(raw)
        return made

    def next_sequence(self):
        """What the sender will send next."""
        counted = len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)
        return (self.sequence + counted) & 0xffffffff

    def is_keepalive(self, expected):
        """One byte or none before what is next: what Linux and others ask with."""
        before = (expected - 1) & 0xffffffff
        return self.sequence == before and len(self.payload) <= 1 and not self.flags & (SYN | FIN | RST)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def made(source, target, source_port, target_port, sequence, acknowledged, flags):
    """A packet without payload; addresses as bytes, 4 or 16 of them."""
    def tcp(check):
        return struct.pack("!HHIIBBHHH", source_port, target_port, sequence, acknowledged, 5 << 4,
                           flags, 8192, check, 0)

    pseudo = source + target + struct.pack("!I", 20) + struct.pack("!I", socket.IPPROTO_TCP)
    body = tcp(checksum(pseudo + tcp(0)))
    if len(source) == 16:
        return struct.pack("!IHBB", 6 << 28, 20, socket.IPPROTO_TCP, 64) + source + target + body

    def head(check):
        return struct.pack("!BBHHHBBH", 0x45, 0, 40, 0, 0x4000, 64, socket.IPPROTO_TCP,
                           check) + source + target
    return head(checksum(head(0))) + body
