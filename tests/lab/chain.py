"""A client, any number of boxes in a row, and a server, each in a network namespace of its own."""

import contextlib
import dataclasses
import shutil
import socket
import subprocess
import tempfile

from lab import EchoServer, Lab, PORT, SERVER, program, wait_until

ESTABLISHED = "net/netfilter/nf_conntrack_tcp_timeout_established"
OTHER_SERVER = "203.0.121.2"
FOREVER = 432000  # Linux's own timeout

PASSING = """
        ct state established accept
        ct state invalid drop
        {begins} accept
        meta l4proto {{ icmp, ipv6-icmp }} accept
        drop
"""
BEGINS = 'iifname "left" tcp flags & (syn | ack) == syn ct state new'
BEGINS_LOOSE = 'iifname "left" ct state new'  # in mid-stream, too


@dataclasses.dataclass
class Box:
    """One firewall of the row. Bridges do not lower the time to live, and have no address."""

    timeout: int = FOREVER  # of established TCP, in seconds
    kind: str = "strict"  # nat, loose, ignores-keepalive, bridge
    icmp: bool = True  # says that a time to live has run out
    loss: float = 0  # percent of all packets

    def is_bridge(self):
        return self.kind == "bridge"

    def rules(self):
        # A bridge hands its packets to the same hooks, as ones of the bridge (br_netfilter).
        begins = BEGINS_LOOSE if self.kind == "loose" else BEGINS
        if self.is_bridge():
            begins = begins.replace('iifname "left" ', "")
        chain = PASSING.format(begins=begins)
        if self.loss:
            chain = f"numgen random mod 100000 < {round(self.loss * 1000)} drop\n" + chain
        text = f"table inet box {{ chain forward {{\n" \
               f"type filter hook forward priority 0; policy drop;\n{chain}\n}}\n}}\n"
        if self.kind == "nat":
            text += 'table inet hide { chain postrouting {\n' \
                    'type nat hook postrouting priority 100; policy accept;\n' \
                    'oifname "right" masquerade\n}\n}\n'
        if self.kind == "ignores-keepalive":
            text += "table inet blind { chain prerouting {\n" \
                    "type filter hook prerouting priority raw; policy accept;\n" \
                    "meta nfproto ipv4 tcp flags == ack meta length <= 72 notrack\n" \
                    "meta nfproto ipv6 tcp flags == ack meta length <= 92 notrack\n}\n}\n"
            text = text.replace("ct state established accept",
                                "ct state untracked accept\nct state established accept")
        if not self.icmp:
            text += "table inet mute { chain output {\n" \
                    "type filter hook output priority 0; policy accept;\n" \
                    "icmp type time-exceeded drop\nicmpv6 type time-exceeded drop\n}\n}\n"
        return text


class Chain(Lab):
    """The hosts are client, box1, box2, … and server. The truth of a box is its timeout."""

    def __init__(self, *boxes, fork=None):
        """@param fork  behind the first box there is another server, and this one before it"""
        super().__init__()
        self.boxes = boxes
        self._fork = fork
        self._hosts = ["client", *(f"box{number}" for number in range(1, len(boxes) + 1)),
                       "server"]
        self._aside = ["boxaside", "aside"] if fork else []

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="deadair-lab-")
        try:
            self._make()
        except BaseException:
            self._remove()
            self.folder.cleanup()
            raise
        return self

    def __exit__(self, *_):
        self.at_end.close()
        self.end_started()
        self._remove()
        self.folder.cleanup()

    def space(self, host):
        return f"deadair-{self.name}-{host}"

    def _make(self):
        for host in self._hosts + self._aside:
            self._ip("netns", "add", self.space(host))
            for family in ("all", "default"):
                self.set(host, f"net/ipv6/conf/{family}/accept_dad", 0)
            self._on(host, "link", "set", "lo", "up")
        for left, right in zip(self._hosts, self._hosts[1:]):
            self._ip("link", "add", "right", "netns", self.space(left), "type", "veth", "peer",
                     "name", "left", "netns", self.space(right))
        for number, box in enumerate(self.boxes, 1):
            self._make_box(f"box{number}", box)
        routers = ["client", *(f"box{number}" for number, box in enumerate(self.boxes, 1)
                               if not box.is_bridge()), "server"]
        self.routers = routers[1:-1]
        for host in self._hosts:
            for device in ("left", "right"):
                if (host, device) not in (("client", "left"), ("server", "right")):
                    # Segments travel one by one, as on a wire.
                    self._on(host, "link", "set", device, "gso_max_segs", "1", "up")
        self._give_addresses(routers)
        if self._fork:
            self._make_fork()
        self._await_paths()

    def _make_box(self, host, box):
        if box.is_bridge():
            self._on(host, "link", "add", "bridge", "type", "bridge", "forward_delay", "0")
            for device in ("left", "right"):
                self._on(host, "link", "set", device, "master", "bridge")
            self._on(host, "link", "set", "bridge", "up")
            for family in ("iptables", "ip6tables"):
                self.set(host, f"net/bridge/bridge-nf-call-{family}", 1)
        subprocess.run(["ip", "netns", "exec", self.space(host), "nft", "-f", "-"], check=True,
                       text=True, input=box.rules())
        self.set(host, ESTABLISHED, box.timeout)
        self.set(host, "net/netfilter/nf_conntrack_tcp_loose", int(box.kind == "loose"))
        if not box.is_bridge():
            self.set(host, "net/ipv4/ip_forward", 1)
            self.set(host, "net/ipv6/conf/all/forwarding", 1)
            # Each is asked many times in a row: nobody is to fall silent for that.
            self.set(host, "net/ipv4/icmp_ratelimit", 0)
            self.set(host, "net/ipv6/icmp/ratelimit", 0)

    def _make_fork(self):
        """box1 - boxaside - aside, IPv4 alone."""
        self._ip("link", "add", "aside", "netns", self.space("box1"), "type", "veth", "peer",
                 "name", "left", "netns", self.space("boxaside"))
        self._ip("link", "add", "right", "netns", self.space("boxaside"), "type", "veth", "peer",
                 "name", "left", "netns", self.space("aside"))
        self._make_box("boxaside", self._fork)
        for host, device, address in (("box1", "aside", "203.0.120.1/24"),
                                      ("boxaside", "left", "203.0.120.2/24"),
                                      ("boxaside", "right", "203.0.121.1/24"),
                                      ("aside", "left", "203.0.121.2/24")):
            self._on(host, "link", "set", device, "gso_max_segs", "1", "up")
            self._on(host, "address", "add", address, "dev", device)
        self._on("box1", "route", "add", "203.0.121.0/24", "via", "203.0.120.2")
        self._on("boxaside", "route", "add", "default", "via", "203.0.120.1")
        self._on("aside", "route", "add", "default", "via", "203.0.121.1")
        wait_until(lambda: self._refused(OTHER_SERVER), 10, f"a way to {OTHER_SERVER}")

    def other_echo_server(self):
        """Starts one there, with the same key and token as the first; returns its address."""
        shutil.copytree(self.file("state"), self.file("aside"))
        process = self.start("aside", program("deadair-echo-server"), "--listen", f"[::]:{PORT}",
                             "--state-dir", self.file("aside"), stderr=subprocess.DEVNULL)
        EchoServer(process, self.file("aside/token"))
        return OTHER_SERVER

    @staticmethod
    def _link(number, last):
        """The two networks of a link, and its ends' last numbers."""
        if number == 0:
            return "192.0.2.{}/24", "2001:db8:1::{}/64", 2, 1
        if number == last:
            return "198.51.100.{}/24", "2001:db8:2::{}/64", 1, 2
        return f"203.0.{112 + number}.{{}}/24", f"2001:db8:f:{number}::{{}}/64", 1, 2

    def _give_addresses(self, routers):
        last = len(routers) - 2
        links = [self._link(number, last) for number in range(last + 1)]
        for number, (four, six, left, right) in enumerate(links):
            for host, device, end in ((routers[number], "right", left),
                                      (routers[number + 1], "left", right)):
                for network in (four, six):
                    self._on(host, "address", "add", network.format(end), "dev", device)
        bare = [(four.split("/")[0], six.split("/")[0], left, right)
                for four, six, left, right in links]
        for number, host in enumerate(routers):
            if number <= last:
                four, six, _, right = bare[number]
                self._on(host, "route", "add", "default", "via", four.format(right))
                self._on(host, "-6", "route", "add", "default", "via", six.format(right))
            if number == 0:
                continue
            four, six, left, _ = bare[number - 1]
            for net4, net6, *_ in links[:max(number - 1, 0)] if number <= last else [
                    ("default", "default")]:
                self._on(host, "route", "add", self._net(net4, "0"), "via", four.format(left))
                self._on(host, "-6", "route", "add", self._net(net6, ""), "via", six.format(left))

    @staticmethod
    def _net(network, zero):
        return network.format(zero)

    def _await_paths(self):
        """A port on which nobody listens is refused once packets pass both ways."""
        for address in SERVER.values():
            wait_until(lambda to=address: self._refused(to), 10, f"a way to {address}")

    def _refused(self, address):
        with self.inside("client"):
            try:
                socket.create_connection((address, PORT), 0.5).close()
            except ConnectionRefusedError:
                return True
            except OSError:
                pass
        return False

    def set(self, host, key, value):
        subprocess.run(["ip", "netns", "exec", self.space(host), "tee", f"/proc/sys/{key}"],
                       check=True, text=True, input=str(value), stdout=subprocess.DEVNULL)

    @staticmethod
    def _ip(*words):
        subprocess.run(["ip", *words], check=True)

    def _on(self, host, *words):
        self._ip("-n", self.space(host), *words)

    def _remove(self):
        for host in self._hosts + self._aside:
            with contextlib.suppress(subprocess.CalledProcessError):
                subprocess.run(["ip", "netns", "del", self.space(host)], check=True,
                               capture_output=True)

