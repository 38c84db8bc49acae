#!/usr/bin/env python3
"""Writes a capture of so many MB, as tcpdump would of a busy host, and prints what importing it takes."""

import os
import random
import resource
import struct
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(os.environ.get("DEADAIR_BIN", os.path.join(ROOT, "build", "release", "bin")),
                       "deadair-analysis")
OPEN = 5000  # connections at a time
PAYLOAD = b"\x17" * 1448
SYN, ACK, PUSH, FIN = 2, 16, 8, 1


class Connection:
    def __init__(self, drawn, number):
        self.client = struct.pack(">I", 0xC0000200 + number % 200), 10_000 + number % 50_000
        self.server = struct.pack(">I", 0xC6336400 + number % 50), 443
        self.sent = [drawn.getrandbits(31), drawn.getrandbits(31)]  # by the client, by the server


class Capture:
    """pcap on Ethernet, with whole packets."""

    def __init__(self, file):
        self.file = file
        self.now = 1_700_000_000.0
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))

    def packet(self, of, by_server, flags, size=0, after=0.01):
        ends = (of.server, of.client) if by_server else (of.client, of.server)
        own, other = of.sent[by_server], of.sent[not by_server]
        tcp = struct.pack(">HHIIBBHHH", ends[0][1], ends[1][1], own & 0xFFFFFFFF, other & 0xFFFFFFFF, 80,
                          flags, 1000, 0, 0)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + size, 1, 0, 57 if by_server else 64, 6, 0,
                         ends[0][0], ends[1][0])
        data = b"\2" * 12 + b"\x08\0" + ip + tcp + PAYLOAD[:size]
        of.sent[by_server] += size + bool(flags & (SYN | FIN))
        at = self.now + after
        self.file.write(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(data), len(data)) + data)

    def open(self, drawn, number):
        made = Connection(drawn, number)
        self.packet(made, False, SYN, after=0)
        self.packet(made, True, SYN | ACK)
        self.packet(made, False, ACK, after=0.02)
        return made

    def exchange(self, of, segments):
        self.now += 0.0006
        self.packet(of, False, ACK | PUSH, 300, after=0)
        for _ in range(segments):
            self.packet(of, True, ACK, len(PAYLOAD))
        self.packet(of, False, ACK, after=0.02)


def write(path, size):
    drawn = random.Random(1)
    with open(path, "wb", buffering=1 << 22) as file:
        made = Capture(file)
        number = 0
        held = []
        while file.tell() < size:
            while len(held) < OPEN:
                number += 1
                held.append(made.open(drawn, number))
            which = drawn.randrange(OPEN)
            made.exchange(held[which], drawn.randrange(1, 8))
            if drawn.random() < 0.02:
                made.packet(held[which], False, FIN | ACK, after=0.03)
                made.packet(held[which], True, FIN | ACK, after=0.04)
                held[which] = held[-1]
                held.pop()


def main():
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made.pcap")
        write(path, megabytes * 10**6)
        began = time.monotonic()
        subprocess.run([PROGRAM, "import", "--db", os.path.join(folder, "made.db"), path], check=True,
                       stdout=subprocess.DEVNULL)
        took = time.monotonic() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"import_s={took:.2f}\nimport_processor_s={used.ru_utime + used.ru_stime:.2f}\n"
              f"import_memory_mib={used.ru_maxrss / 1024:.0f}")


if __name__ == "__main__":
    main()
