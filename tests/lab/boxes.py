"""Middleboxes of every kind that is known to have misled somebody: each a small class that says when
a binding dies, and what else it does. Times are seconds on one clock; chance comes from a seed."""

import random

from packets import ACK, RST, SYN

INSIDE, OUTSIDE = "inside", "outside"  # where a packet comes from


class Binding:
    """What a middlebox keeps of one connection."""

    def __init__(self, key, now):
        self.key = key  # (client, client's port, server, server's port)
        self.opened = now
        self.last = now  # packet that renewed it
        self.by = {INSIDE: now, OUTSIDE: now}  # the same for each side
        self.seen = now  # any packet
        self.data = now  # packet with a payload
        self.next = {INSIDE: 0, OUTSIDE: 0}  # sequence number that each side will send next
        self.packets = 0
        self.gone = False
        self.kept = {}  # what a box remembers of it

    @property
    def client_port(self):
        return self.key[1]


class Box:
    """Forgets a binding after `timeout` seconds of silence, and tells nobody. All others are
    variations of it."""

    def __init__(self, timeout, seed=1):
        self.timeout = timeout
        self.random = random.Random(seed)
        self.began = None

    # What a kind may say differently.

    def admits(self, packet, bindings, now):
        """Whether a SYN makes a binding."""
        return True

    def opened(self, binding, now):
        pass

    def dies_at(self, binding, side):
        """When a packet from that side finds it gone, if no other comes before."""
        return binding.last + self.timeout

    def renews(self, binding, packet, side, now):
        return True

    def holds_up(self, binding, packet, side, now):
        """Seconds by which a packet that passes is late; None: it is lost."""
        return 0

    def answers(self):
        """What a packet without a binding gets: None or 'reset'."""
        return None

    def ends(self, bindings, now):
        """Bindings that it ends by itself by now, each with 'silent', 'reset' or 'keepalive'."""
        return []

    def wakes_every(self):
        """Seconds between two looks at `ends`; None: never."""
        return None

    # What all do alike.

    def lives(self, binding, side, now):
        return not binding.gone and now < self.dies_at(binding, side)

    def passed(self, binding, packet, side, now):
        binding.packets += 1
        if self.renews(binding, packet, side, now):
            binding.last = binding.by[side] = now
        if packet.payload:
            binding.data = now
        binding.seen = now


class Reset(Box):
    """Answers what it has forgotten with a reset."""

    def answers(self):
        return "reset"


class Sweep(Box):
    """Looks every `period` seconds, and drops what has been silent for long enough by then."""

    def __init__(self, timeout, period, phase=0, **more):
        super().__init__(timeout, **more)
        self.period, self.phase = period, phase

    def dies_at(self, binding, side):
        due = binding.last + self.timeout - self.began - self.phase
        return self.began + self.phase + -(-due // self.period) * self.period


class Tick(Sweep):
    """The same, and resets both ends as it drops."""

    def wakes_every(self):
        return 0.02

    def ends(self, bindings, now):
        return [(each, "reset") for each in bindings if not each.gone and self.dies_at(each, INSIDE) <= now]


class Mixture(Box):
    """Two boxes behind one address; which one a connection meets, its ports decide."""

    def __init__(self, timeout, other, share, **more):
        super().__init__(timeout, **more)
        self.other, self.share = other, share

    def opened(self, binding, now):
        spread = (binding.key[1] * 2654435761 + binding.key[3]) % 2**32 / 2**32
        binding.kept["timeout"] = self.other if spread < self.share else self.timeout

    def dies_at(self, binding, side):
        return binding.last + binding.kept["timeout"]


class DrawnByConnection(Box):
    """A timeout between `timeout` and `longest`, drawn for each connection."""

    def __init__(self, timeout, longest, **more):
        super().__init__(timeout, **more)
        self.longest = longest

    def opened(self, binding, now):
        binding.kept["timeout"] = self.random.uniform(self.timeout, self.longest)

    def dies_at(self, binding, side):
        return binding.last + binding.kept["timeout"]


class DrawnBySilence(DrawnByConnection):
    """The same, drawn anew with each packet."""

    def renews(self, binding, packet, side, now):
        binding.kept["timeout"] = self.random.uniform(self.timeout, self.longest)
        return True


class Age(Box):
    """Cuts every connection at an age, whatever passes; may forget idle ones before."""

    def __init__(self, age, timeout=1e9, **more):
        super().__init__(timeout, **more)
        self.age = age

    def dies_at(self, binding, side):
        return min(super().dies_at(binding, side), binding.opened + self.age)


class Flushes(Box):
    """Loses all state every so often."""

    def __init__(self, every, timeout=1e9, **more):
        super().__init__(timeout, **more)
        self.every = every

    def dies_at(self, binding, side):
        whole = (binding.opened - self.began) // self.every + 1
        return min(super().dies_at(binding, side), self.began + whole * self.every)


class Room(Box):
    """Has room for so many; the stalest gives way to the newest."""

    def __init__(self, timeout, capacity, **more):
        super().__init__(timeout, **more)
        self.capacity = capacity

    def admits(self, packet, bindings, now):
        living = [each for each in bindings if self.lives(each, INSIDE, now)]
        if len(living) >= self.capacity:
            min(living, key=lambda each: each.last).gone = True
        return True


class Aggressive(Box):
    """Ages faster while more than `above` connections are known; `proportional`: the more, the
    faster."""

    def __init__(self, timeout, above, hurried, proportional=False, **more):
        super().__init__(timeout, **more)
        self.above, self.hurried, self.proportional = above, hurried, proportional
        self.crowd = 0

    def admits(self, packet, bindings, now):
        self.crowd = 1 + sum(1 for each in bindings if self.lives(each, INSIDE, now))
        return True

    def dies_at(self, binding, side):
        timeout = self.timeout
        if self.crowd > self.above:
            timeout = self.timeout * self.above / self.crowd if self.proportional else self.hurried
        return binding.last + max(timeout, self.hurried)


class ConnectionLimit(Box):
    """No more than so many at a time; further ones are not let in."""

    def __init__(self, most, timeout=1e9, **more):
        super().__init__(timeout, **more)
        self.most = most

    def admits(self, packet, bindings, now):
        return sum(1 for each in bindings if self.lives(each, INSIDE, now)) < self.most


class RateLimit(Box):
    """More than so many openings within `seconds`: its source is not let in for `ban` seconds."""

    def __init__(self, timeout, most, seconds, ban, **more):
        super().__init__(timeout, **more)
        self.most, self.seconds, self.ban = most, seconds, ban
        self.openings, self.banned_until = [], 0

    def admits(self, packet, bindings, now):
        self.openings = [at for at in self.openings if at > now - self.seconds] + [now]
        if len(self.openings) > self.most and now >= self.banned_until:
            self.banned_until = now + self.ban
            self.openings = []
        return now >= self.banned_until


class Closed(Box):
    """Lets nothing new in from second `begins` to second `ends_at`; what is there goes on."""

    def __init__(self, timeout, begins, ends_at, **more):
        super().__init__(timeout, **more)
        self.begins, self.ends_at = begins, ends_at

    def admits(self, packet, bindings, now):
        return not self.begins <= now - self.began < self.ends_at


class PayloadOnly(Box):
    """Only payload counts: of one side, if one is named, and of packets of `least` bytes."""

    def __init__(self, timeout, of=None, least=0, **more):
        super().__init__(timeout, **more)
        self.of, self.least = of, least

    def renews(self, binding, packet, side, now):
        return bool(packet.payload) and self.of in (None, side) and packet.size >= self.least


class Pinholes(Box):
    """Each side's payload keeps a pinhole of its own."""

    def __init__(self, inside, outside, **more):
        super().__init__(inside, **more)
        self.after = {INSIDE: inside, OUTSIDE: outside}

    def dies_at(self, binding, side):
        return binding.by[side] + self.after[side]

    def renews(self, binding, packet, side, now):
        return bool(packet.payload)


class ByDirection(Box):
    """A timeout for packets from inside, and another for those from outside."""

    def __init__(self, inside, outside, **more):
        super().__init__(inside, **more)
        self.after = {INSIDE: inside, OUTSIDE: outside}

    def dies_at(self, binding, side):
        return binding.last + self.after[side]


class HalfDead(Box):
    """After the timeout packets of one side still pass, those of the other do not."""

    def __init__(self, timeout, survives=INSIDE, **more):
        super().__init__(timeout, **more)
        self.survives = survives

    def dies_at(self, binding, side):
        return 1e18 if side == self.survives else super().dies_at(binding, side)

    def renews(self, binding, packet, side, now):
        return now < binding.last + self.timeout


class Late(Box):
    """The first packets after so much silence come late (radio paging); nothing is forgotten."""

    def __init__(self, silence, delay, timeout=1e9, **more):
        super().__init__(timeout, **more)
        self.silence, self.delay = silence, delay

    def holds_up(self, binding, packet, side, now):
        if now - binding.seen >= self.silence:
            binding.kept["awake"] = now + self.delay
        return max(0, binding.kept.get("awake", 0) - now)


class TwoStates(Box):
    """A short timeout until so many packets have passed, then a longer one."""

    def __init__(self, timeout, packets, then, **more):
        super().__init__(timeout, **more)
        self.packets, self.then = packets, then

    def dies_at(self, binding, side):
        return binding.last + (self.then if binding.packets >= self.packets else self.timeout)


class LostOnce(Box):
    """At second `at` it loses what has been silent for a second, or what is younger than
    `younger`."""

    def __init__(self, timeout, at, younger=None, **more):
        super().__init__(timeout, **more)
        self.at, self.younger = at, younger

    def wakes_every(self):
        return 0.05

    def ends(self, bindings, now):
        if self.at is None or now - self.began < self.at:
            return []
        self.at = None
        if self.younger is not None:
            hit = [each for each in bindings if now - each.opened < self.younger]
        else:
            hit = [each for each in bindings if now - each.seen > 1]
        return [(each, "silent") for each in hit if not each.gone]


class Policy(Box):
    """Another timeout from second `at` on."""

    def __init__(self, timeout, at, then, **more):
        super().__init__(timeout, **more)
        self.at, self.then = at, then

    def dies_at(self, binding, side):
        changed = self.began + self.at
        before = binding.last + self.timeout
        return before if before <= changed else max(changed, binding.last + self.then)


class BoundedKeepalive(Box):
    """Keepalives count until `bound` seconds after the last payload, then no more."""

    def __init__(self, timeout, bound, **more):
        super().__init__(timeout, **more)
        self.bound = bound

    def renews(self, binding, packet, side, now):
        return bool(packet.payload) or now - binding.data < self.bound


class Restless(Box):
    """Sends keepalives of its own to the client, and keeps their answers to itself."""

    def __init__(self, timeout, every, **more):
        super().__init__(timeout, **more)
        self.every = every

    def wakes_every(self):
        return 0.1

    def ends(self, bindings, now):
        due = [each for each in bindings if not each.gone and each.packets > 3
               and now - max(each.seen, each.kept.get("asked", 0)) >= self.every]
        for each in due:
            each.kept["asked"] = now
            each.kept["swallow"] = now + 1
        return [(each, "keepalive") for each in due]

    def holds_up(self, binding, packet, side, now):
        swallowed = side == INSIDE and now < binding.kept.get("swallow", 0) and not packet.payload \
            and packet.flags == ACK
        return None if swallowed else 0


class Resets(Box):
    """Resets connections at random moments, busy ones too; each lives `mean` seconds on average."""

    def __init__(self, mean, timeout=1e9, **more):
        super().__init__(timeout, **more)
        self.mean = mean

    def opened(self, binding, now):
        binding.kept["end"] = now + self.random.expovariate(1 / self.mean)

    def wakes_every(self):
        return 0.05

    def ends(self, bindings, now):
        return [(each, "reset") for each in bindings if not each.gone and each.kept["end"] <= now]


class Hole(Box):
    """Loses packets of more than `most` bytes that come from inside."""

    def __init__(self, most, timeout=1e9, **more):
        super().__init__(timeout, **more)
        self.most = most

    def holds_up(self, binding, packet, side, now):
        return None if side == INSIDE and packet.size > self.most else 0


class FirstLost(Box):
    """Loses the first SYN of all."""

    def __init__(self, timeout, **more):
        super().__init__(timeout, **more)
        self.lost = False

    def admits(self, packet, bindings, now):
        first, self.lost = not self.lost, True
        return not first


class ByTransport(Box):
    """TLS has a timeout, and what is not TLS another: the first byte of the client's tells."""

    def __init__(self, tls, plain, **more):
        super().__init__(tls, **more)
        self.plain = plain

    def renews(self, binding, packet, side, now):
        if side == INSIDE and packet.payload and "timeout" not in binding.kept:
            binding.kept["timeout"] = self.timeout if packet.payload[0] == 22 else self.plain
        return True

    def dies_at(self, binding, side):
        return binding.last + binding.kept.get("timeout", self.timeout)


KINDS = {each.__name__: each for each in list(globals().values())
         if isinstance(each, type) and issubclass(each, Box)}


def make(kind, **parameters):
    if kind not in KINDS:
        raise ValueError(f"no box is called '{kind}'; there are {', '.join(sorted(KINDS))}")
    return KINDS[kind](**parameters)


def begins(packet):
    return packet.flags & (SYN | ACK) == SYN


def breaks(packet):
    return bool(packet.flags & RST)
