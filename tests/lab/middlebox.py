#!/usr/bin/env python3
"""A middlebox in user space between two network namespaces, and the lab around it.

It holds the ends of two TUN devices, one in each namespace, and passes packets between them as a box
of boxes.py says. What it drops and ends it writes down, a JSON object a line, so that the truth is
recorded and not assumed."""

import argparse
import fcntl
import heapq
import json
import os
import select
import struct
import subprocess
import sys
import time

import boxes
import lab
import packets
from boxes import INSIDE, OUTSIDE

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 0x0001, 0x1000
OTHER = {INSIDE: OUTSIDE, OUTSIDE: INSIDE}


def open_device(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def begins_numbers(packet):
    return bool(packet.flags & packets.SYN)


class Middlebox:
    def __init__(self, box, devices, log):
        self.box = box
        self.devices = devices  # by side
        self.log = log
        self.bindings = {}
        self.waiting = []  # (when, order, side to write to, packet)
        self.order = 0
        self.began = box.began = time.monotonic()
        self.look_at = self.began

    def say(self, what, binding, now, **more):
        client, client_port, _, server_port = binding.key
        print(json.dumps({"at_s": round(now - self.began, 4), "what": what,
                          "family": "ipv4" if len(client) == 4 else "ipv6",
                          "client_port": client_port, "server_port": server_port,
                          "silent_s": round(now - binding.seen, 4),
                          "age_s": round(now - binding.opened, 4), **more}),
              file=self.log, flush=True)

    def run(self):
        every = self.box.wakes_every()
        sides = {self.devices[side]: side for side in self.devices}
        while True:
            now = time.monotonic()
            wake = [self.waiting[0][0]] if self.waiting else []
            if every:
                wake.append(self.look_at)
            ready, _, _ = select.select(list(sides), [], [], max(0, min(wake) - now) if wake else None)
            for device in ready:
                self.drain(device, sides[device])
            self.release(time.monotonic())
            if every and time.monotonic() >= self.look_at:
                self.look(time.monotonic())
                self.look_at = time.monotonic() + every

    def drain(self, device, side):
        for _ in range(64):
            try:
                raw = os.read(device, 65536)
            except BlockingIOError:
                return
            self.take(raw, side, time.monotonic())

    def take(self, raw, side, now):
        packet = packets.Packet.read(raw)
        if packet is None:
            return self.write(OTHER[side], raw)  # neighbours and pings
        key = (packet.source, packet.source_port, packet.target, packet.target_port)
        if side == OUTSIDE:
            key = key[2:] + key[:2]
        if boxes.begins(packet) and side == INSIDE:
            self.admit(key, packet, now)
        binding = self.bindings.get(key)
        if binding is None:
            return None
        if not self.box.lives(binding, side, now):
            return self.refuse(binding, packet, side, now)
        return self.forward(binding, packet, side, now)

    def admit(self, key, packet, now):
        known = self.bindings.get(key)
        if known is not None and self.box.lives(known, INSIDE, now):
            return  # its SYN again
        binding = boxes.Binding(key, now)
        if not self.box.admits(packet, self.bindings.values(), now):
            return self.say("not_admitted", binding, now)
        self.bindings[key] = binding
        self.box.opened(binding, now)

    def refuse(self, binding, packet, side, now):
        self.say("dropped" if binding.gone else "forgotten", binding, now, side=side,
                 payload=len(packet.payload))
        binding.gone = not self.box.lives(binding, OTHER[side], now)
        if self.box.answers() == "reset" and not boxes.breaks(packet):
            self.write(side, packets.made(packet.target, packet.source, packet.target_port,
                                          packet.source_port, packet.acknowledged, 0, packets.RST))

    def forward(self, binding, packet, side, now):
        late = self.box.holds_up(binding, packet, side, now)
        self.box.passed(binding, packet, side, now)
        if (packet.next_sequence() - binding.next[side]) % 2**32 < 2**31 or begins_numbers(packet):
            binding.next[side] = packet.next_sequence()
        if late is None:
            return self.say("lost", binding, now, side=side, size=packet.size)
        if late == 0:
            return self.write(OTHER[side], packet.raw)
        self.order += 1
        return heapq.heappush(self.waiting, (now + late, self.order, OTHER[side], packet.raw))

    def release(self, now):
        while self.waiting and self.waiting[0][0] <= now:
            _, _, side, raw = heapq.heappop(self.waiting)
            self.write(side, raw)

    def look(self, now):
        for binding, how in self.box.ends(list(self.bindings.values()), now):
            self.say(f"ended_{how}" if how != "keepalive" else "asked", binding, now)
            if how == "keepalive":
                self.ask(binding)
                continue
            binding.gone = True
            if how == "reset":
                self.reset(binding)

    def ask(self, binding):
        client, client_port, server, server_port = binding.key
        self.write(INSIDE, packets.made(server, client, server_port, client_port,
                                        (binding.next[OUTSIDE] - 1) & 0xffffffff,
                                        binding.next[INSIDE], packets.ACK))

    def reset(self, binding):
        client, client_port, server, server_port = binding.key
        self.write(INSIDE, packets.made(server, client, server_port, client_port,
                                        binding.next[OUTSIDE], 0, packets.RST))
        self.write(OUTSIDE, packets.made(client, server, client_port, server_port,
                                         binding.next[INSIDE], 0, packets.RST))

    def write(self, side, raw):
        try:
            os.write(self.devices[side], raw)
        except (BlockingIOError, OSError):
            pass  # as a full queue does


class BoxLab(lab.Lab):
    """client - middlebox - server: like a Lab, with a box of boxes.py between the two."""

    def __init__(self, kind, **parameters):
        super().__init__()
        self.box = {"kind": kind, **parameters}

    def command(self, command, *_):
        {"up": self._up, "down": self._down}[command]()

    def _ip(self, *words):
        subprocess.run(["ip", *words], check=True, capture_output=True)

    def _up(self):
        self.log_file = self.file("middlebox.log")
        self._middlebox = subprocess.Popen(
            [sys.executable, "-B", os.path.abspath(__file__), "--name", self.name, "--log",
             self.log_file, "--box", json.dumps(self.box)], stdout=subprocess.PIPE, text=True)
        assert self._middlebox.stdout.readline() == "devices\n"
        for host, address, address6 in (("client", lab.CLIENT[4], lab.CLIENT[6]),
                                        ("server", lab.SERVER[4], lab.SERVER[6])):
            space, device = f"deadair-{self.name}-{host}", f"{self.name}{host[0]}"
            self._ip("netns", "add", space)
            self._ip("link", "set", device, "netns", space)
            for words in (("addr", "add", f"{address}/24", "dev", device),
                          ("addr", "add", f"{address6}/64", "dev", device, "nodad"),
                          ("link", "set", "lo", "up"), ("link", "set", device, "up"),
                          ("route", "add", "default", "dev", device),
                          ("-6", "route", "add", "default", "dev", device)):
                self._ip("-n", space, *words)

    def _down(self):
        self._middlebox.kill()
        self._middlebox.communicate()
        for host in ("client", "server"):
            subprocess.run(["ip", "netns", "delete", f"deadair-{self.name}-{host}"], check=False,
                           capture_output=True)

    def log(self):
        """What the middlebox did, a dictionary each."""
        with open(self.log_file) as file:
            return [json.loads(line) for line in file]

    def deaths(self):
        """Each binding's silence, seconds, when it was first found gone or was ended."""
        return [each["silent_s"] for each in self.log()
                if each["what"] in ("forgotten", "ended_silent", "ended_reset")]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--name", required=True, help="of the lab; its devices begin with it")
    options.add_argument("--log", required=True)
    options.add_argument("--box", required=True, type=json.loads)
    wanted = options.parse_args()
    devices = {INSIDE: open_device(f"{wanted.name}c"), OUTSIDE: open_device(f"{wanted.name}s")}
    with open(wanted.log, "w") as log:
        box = Middlebox(boxes.make(**wanted.box), devices, log)
        print("devices", flush=True)
        box.run()


if __name__ == "__main__":
    main()
