"""What a proof run found, as people and the program read it."""

import dataclasses
import datetime
import json
import os
import re

import versions

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "analysis", "recommend", "data")
SPOKEN = {
    "reuse": "speaks after three timeouts of silence", "ws_echo": "speaks after three timeouts of silence",
    "closes": "closes an idle connection in order before the timeout",
    "outlasts": "answers on a connection that a proxy kept for the timeout",
    "held": "hears after three timeouts of silence", "ws_push": "hears after three timeouts of silence",
    "tunnel": "a tunnel lives through 66 s of silence", "upload": "2 MB at 1 Mbit/s pass", "upload_proxied": "2 MB at 1 Mbit/s pass through a CONNECT proxy",
    "upload_dead": "an upload into a dead binding ends in the promised time",
    "reuse_proxied": "speaks after three timeouts of silence through a CONNECT proxy",
    "held_proxied": "hears after three timeouts of silence through a CONNECT proxy",
}


@dataclasses.dataclass
class Finding:
    """One mode of one proof."""
    proof: object
    mode: str
    with_text: bool = False
    said_with: str = ""
    without_text: bool = False
    said_without: str = ""
    options: list = dataclasses.field(default_factory=list)
    breaches: list = dataclasses.field(default_factory=list)
    missing: str = ""
    on: str = ""  # the day

    def words(self):
        """What was shown, in a phrase."""
        silence = "three timeouts" if self.proof.silent == 3 else f"{self.proof.silent:g} timeouts"
        return SPOKEN[self.mode].replace("three timeouts", silence)

    def held(self):
        return not self.missing and self.with_text and not self.breaches

    def told_apart(self):
        """Without the text it must fail; else it proves nothing of the text."""
        return self.held() and not self.without_text

    def name(self):
        role = f" ({self.proof.role})" if self.proof.role else ""
        return f"{self.proof.stack}{role}: {self.words()}"

    def why_not(self):
        if self.missing:
            return f"no {self.missing}"
        return f"{self.words()}, which it does without the text too" if self.held() else f"{self.words()}: {self.said_with}"

    def line(self):
        if self.missing:
            return f"missing  {self.name()}: no {self.missing}"
        if not self.held():
            return f"FAILED   {self.name()}: {self.said_with} {'; '.join(self.breaches)}"
        if self.without_text:
            return f"held     {self.name()}, and without the text too"
        return f"proven   {self.name()}; without: {self.said_without}"


def fingerprint(text):
    """As analysis/recommend/proofs.cpp: FNV-1a, 64 bits."""
    value = 0xcbf29ce484222325
    for each in text:
        value = (value ^ each) * 0x100000001b3 % 2**64
    return value


def template(stack):
    with open(os.path.join(DATA, "stacks", stack + ".txt"), "rb") as file:
        own = file.read()
    before = re.search(rb"^after: (.+)$", own, re.MULTILINE)
    return (template(before.group(1).decode()) if before else b"") + own


def versions_of(findings, node_modules):
    names = dict.fromkeys(name for each in findings for name in each.proof.versions)
    return ", ".join(versions.of(name, node_modules) for name in names)


def in_words(findings):
    """"speaks and hears after three timeouts of silence (role server); socket options ..."""
    words = []
    for each in findings:
        role = f" (role {each.proof.role})" if each.proof.role else ""
        words.append(each.words() + role)
    words = list(dict.fromkeys(words))
    text = ", ".join(words).replace("speaks after three timeouts of silence, hears after three timeouts of silence",
                                    "speaks and hears after three timeouts of silence")
    if any(each.options and each.proof.options for each in findings):  # they were held against the text
        text += ", with the socket options that the text promises"
    return text


def open_points(stack, findings):
    words = [each.proof.open for each in findings if each.proof.open]
    words += [f"{each.words()}{f' (role {each.proof.role})' if each.proof.role else ''}, which it does without "
              "the text too" for each in findings if each.held() and each.without_text]
    words += [each.words() for each in findings if not each.held()]
    return "; ".join(dict.fromkeys(words))


ORDER = list(SPOKEN)


def by_stack(findings):
    stacks = {}
    for each in sorted(findings, key=lambda one: (one.proof.role, ORDER.index(one.mode))):
        stacks.setdefault(each.proof.stack, []).append(each)
    return dict(sorted(stacks.items()))


def write(findings, node_modules, known_proofs, not_at_hand):
    path = os.path.join(DATA, "proofs.txt")
    tried = by_stack(with_earlier(findings, known_proofs))
    lines = {}
    for stack, of_it in tried.items():
        shown = [each for each in of_it if each.told_apart()]
        if not shown or any(not each.held() and not each.missing for each in of_it):
            continue
        lines[stack] = " | ".join((stack, versions_of(shown, node_modules),
                                   min(each.on for each in shown), f"{fingerprint(template(stack)):016x}",
                                   in_words(shown), open_points(stack, of_it) or "-"))
    with open(path, "w") as file:
        file.write("# Written by scripts/proofs --write. One stack a line:\n"
                   "#   stack | software and versions | date | fingerprint of the text | what held | "
                   "what could not be proven, or -\n")
        file.writelines(line + "\n" for _, line in sorted(lines.items()))
    write_page(lines, tried, not_at_hand)


def key(finding):
    proof = finding.proof
    return "/".join((proof.stack, proof.role, finding.mode, proof.server, str(proof.silent), *proof.env.values()))


def with_earlier(findings, known_proofs):
    """What this run found, and what earlier ones did of the proofs that it did not try."""
    path = os.path.join(ROOT, "build", "proofs", "findings.json")
    earlier = {}
    if os.path.exists(path):
        with open(path) as file:
            earlier = json.load(file)
    for each in findings:
        earlier[key(each)] = {**dataclasses.asdict(each), "proof": None, "on": datetime.date.today().isoformat()}
    merged = []
    plain = {mode for proof in known_proofs for mode in proof.modes}  # the others are those of uploads
    for name, values in earlier.items():
        for proof in known_proofs:
            mode = values["mode"]
            if key(Finding(proof, mode)) == name and (mode in proof.modes or mode not in plain):
                merged.append(Finding(**{**values, "proof": proof}))
                break
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(earlier, file, indent=1)
    return merged


def row(*cells):
    return "| " + " | ".join(cells) + " |\n"


def write_page(lines, tried, not_at_hand):
    names = sorted(name[:-4] for name in os.listdir(os.path.join(DATA, "stacks")))
    with open(os.path.join(ROOT, "docs", "stacks.md"), "w") as page:
        page.write(HEAD)
        page.write(row("stack", "proven with", "date", "what held", "what could not be proven"))
        page.write(row("---", "---", "---", "---", "---"))
        for name in names:
            if name in lines:
                _, with_what, date, _, held, not_proven = lines[name].split(" | ")
                page.write(row(f"`{name}`", with_what, date, held, "" if not_proven == "-" else not_proven))
            else:
                why = "; ".join(dict.fromkeys(each.why_not() for each in tried.get(name, []) if not each.told_apart()))
                page.write(row(f"`{name}`", "not proven", "", "", why or not_at_hand.get(name, "no proof is written for it")))
        page.write(SOCKETS)
        page.write(row("stack", "role", "mode", "keepalive", "idle", "interval", "count", "user timeout", "without the text"))
        page.write(row(*["---"] * 9))
        for name, of_it in tried.items():
            for each in of_it:
                if each.told_apart() and each.options and each.proof.options:
                    one = each.options[0]
                    page.write(row(f"`{name}`", each.proof.role or "", each.mode, str(one["keepalive"]), f"{one['idle']} s",
                                   f"{one['interval']} s", str(one["count"]), f"{one['user_timeout_ms']} ms",
                                   each.said_without.replace("|", "/").split(";")[0].split("\n")[0][:120]))


HEAD = """# What is proven of the stacks' texts

Written by `scripts/proofs --write`, which pastes what `deadair-analysis recommend --for STACK` prints
into the real software and holds a connection with it through a real firewall: strict, and its idle
timeout 8 s (24 s where the software counts in seconds and needs more than one, 3 or 4 s where its own
default would help it out of 8). The connection is silent for three timeouts unless another number is
named; then the client speaks, or the server does. Beside it runs the same program without
the text (or with the text of the role named for contrast), which must fail: where it does not, the
text is not shown to matter, and that is said. What the sockets carry is read from the kernel, not from
the program. Software that can only turn TCP keepalive on runs beside the text for `linux-sysctl`, with
its own text and without. A text that was changed after its proof says so when it is printed.

"""
SOCKETS = """
## What the kernel had on the sockets

Where a text promises options: as read by another process from the sockets of the program that has the
text (of the server, where it is a server's), during the silence; and what became of it without the
text.

"""
