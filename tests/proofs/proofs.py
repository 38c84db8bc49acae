#!/usr/bin/env python3
"""Proves what `deadair-analysis recommend --for STACK` prints: the text is pasted into the real
software, which then holds a connection through a real firewall, silent for three idle timeouts;
beside it the same without the text. Needs root. scripts/proofs --help"""

import argparse
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lab"))

import catalogue  # noqa: E402
import servers  # noqa: E402
import sockets  # noqa: E402
import uploads  # noqa: E402
import writing  # noqa: E402
from lab import ROOT, SERVER, Lab, program  # noqa: E402

NODE_MODULES = os.path.join(ROOT, "build", "proofs", "node_modules")
START_S = 90
LOOK_AFTER_S = (0.3, 3)
PATIENCE_S = 10  # for an answer after the silence
AT_A_TIME = 24  # they mostly sleep
LABS_AT_A_TIME = 6

Outcome = collections.namedtuple("Outcome", "ok said options")


def printed(stack, timeout, role=""):
    """The text for a firewall with that timeout, of which a second less is taken to be safe."""
    command = [program("deadair-analysis"), "recommend", "--for", stack, "--assume-timeout", f"{timeout - 1}s"]
    done = subprocess.run(command + (["--role", role] if role else []), text=True, capture_output=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr.strip())
    # A role behind a proxy is told by the proxy's own timeout.
    return done.stdout


def recommended(timeout):
    done = subprocess.run([program("deadair-analysis"), "recommend", "--format", "json", "--assume-timeout",
                           f"{timeout - 1}s"], text=True, capture_output=True, check=True)
    values = {each["setting"]: each["value"] for each in json.loads(done.stdout)}
    return {"idle": values["tcp_keepalive_idle"], "interval": values["tcp_keepalive_interval"],
            "count": values["tcp_keepalive_count"], "user_timeout_ms": (values["tcp_user_timeout"] or 0) * 1000}


class Ground:
    """A lab with the servers that its proofs need."""

    def __init__(self, lab, timeout):
        self.lab = lab
        self.timeout = timeout
        self.promised = recommended(timeout)
        self._ports = {}
        self._next = 8001
        self._lock = threading.Lock()
        servers.http(lab, 8000)  # what proxies stand before

    def server(self, name, text=""):
        """The port of that server with the text in its settings; started when first asked for."""
        with self._lock:
            key = (name, text)
            if key not in self._ports:
                port, self._next = self._next, self._next + 1
                start = catalogue.SERVERS[name]
                start(self.lab, port, *((text,) if text else ()))
                self._ports[key] = port
            return self._ports[key]


    def server_pids(self):
        listed = subprocess.run(["ip", "netns", "pids", f"deadair-{self.lab.name}-server"], capture_output=True, text=True)
        return [int(pid) for pid in listed.stdout.split()]


def go_text(text):
    """What a user of a Go before 1.23 pastes: the form that the text names for it."""
    older = re.search(r"Before it: KeepAlive: (\d+) \* time.Second", text).group(1)
    text = re.sub(r"\tKeepAliveConfig: net\.KeepAliveConfig\{.*?\n\t\},\n",
                  f"\tKeepAlive: {older} * time.Second,\n", text, flags=re.DOTALL)
    return text.replace("package keepbinding", "package main")


GO_WITHOUT = """package main

import (
	"net"
	"net/http"
)

var Transport = &http.Transport{DialContext: (&net.Dialer{}).DialContext}
"""


def command_for(proof, ground, text, name):
    """The program on the client, built where it must be, and the file with the pasted text."""
    lab = ground.lab
    path = os.path.join(catalogue.CLIENTS, proof.program)
    pasted = servers.write(lab, name + proof.suffix, text) if text and not proof.pasted_into else "-"
    if proof.prepare == "c":
        folder = lab.file(name)
        os.mkdir(folder)
        with open(os.path.join(folder, "pasted.h"), "w") as file:
            file.write(f"#define PASTED\n{text}" if text else "")
        built = os.path.join(folder, "program")
        subprocess.run(["cc", "-I", folder, "-o", built, path, *(["-lcurl"] if "curl" in proof.program else [])],
                       check=True, capture_output=True, text=True)
        return [built, pasted]
    if proof.prepare == "go":
        folder = lab.file(name)
        os.mkdir(folder)
        for file_name, words in (("pasted.go", go_text(text) if text else GO_WITHOUT),
                                 ("go.mod", "module proof\n\ngo 1.19\n")):
            with open(os.path.join(folder, file_name), "w") as file:
                file.write(words)
        with open(path) as file, open(os.path.join(folder, "main.go"), "w") as copy:
            copy.write(file.read())
        subprocess.run([servers.need("go"), "build", "-o", "program", "."], check=True, cwd=folder,
                       env={**os.environ, "GOCACHE": lab.file("go-cache"), "GOFLAGS": "-mod=mod", "GOPROXY": "off"},
                       capture_output=True, text=True)
        return [os.path.join(folder, "program"), pasted]
    interpreter = servers.need("node") if proof.program.endswith(".js") else servers.PYTHON
    return [interpreter, *(["-B"] if interpreter == servers.PYTHON else []), path, pasted]


def hear(process, at_most, on_idle):
    """What the program says, until it is done or too late; that counts from when it falls silent, as
    many programs that start at once take their time."""
    done = {}
    idle = threading.Event()

    def read():
        for line in process.stdout:
            if line.startswith("{"):
                words = json.loads(line)
                if words["event"] == "idle":
                    idle.set()
                    on_idle()
                else:
                    done.update(words)
        idle.set()
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    idle.wait(START_S)
    reader.join(at_most)
    if not done:
        process.kill()
        reader.join(5)
    return done


def attempt(proof, mode, ground, text, name):
    """One run of the program, with that text or none."""
    silence = ground.timeout * (0.9 if mode == "outlasts" else proof.silent)
    port = ground.server(proof.pasted_into or proof.server, text if proof.pasted_into else "")
    command = command_for(proof, ground, text, name)
    environment = {**os.environ, **proof.env, "NODE_PATH": NODE_MODULES, "PROOF_TIMEOUT": str(ground.timeout),
                   "PROOF_KEY": ground.lab.file("user-key")}
    with open(ground.lab.file(name + ".log"), "w") as log:
        process = ground.lab.start("client", *command, mode, SERVER[4], str(port), str(silence), env=environment,
                                   stderr=log)
    seen, fell_silent = [], []

    def look():
        """Once it is there and again when it has settled; some are closed by then."""
        fell_silent.append(True)
        for pause in LOOK_AFTER_S:
            time.sleep(pause)
            owners = ground.server_pids() if proof.pasted_into else [process.pid]
            seen[:] = [one for pid in owners for one in sockets.options_of(pid, port)] or seen
    done = hear(process, silence + PATIENCE_S + 1, look)
    with open(ground.lab.file(name + ".log")) as log:
        complaint = log.read().strip().splitlines()[-1:]
    said = done.get("error") or ("" if done.get("ok") else f"no answer within {PATIENCE_S} s; {complaint}")
    if not fell_silent:  # that proves nothing of the silence, with the text or without
        raise AssertionError(f"{name} failed before it was silent: {said}")
    return Outcome(bool(done.get("ok")) and done["took"] < silence + PATIENCE_S, said, seen)


def option_breaches(proof, promised, seen):
    if not proof.options:
        return []
    if not seen:
        return ["no connection of it was found"]
    wanted = {name: promised[name] if value is None else value for name, value in proof.options.items()}
    return [f"{name} is {each[name]}, not {value:g}" for each in seen[:1] for name, value in wanted.items()
            if each[name] != value]


def prove(proof, mode, ground):
    """What came of one mode of one proof: with the text, and without."""
    name = f"{proof.stack}-{proof.role or 'x'}-{proof.silent}-{mode}-{proof.server}-{'-'.join(proof.env.values())}"
    text = printed(proof.stack, ground.timeout, proof.role)
    other = printed(proof.stack, ground.timeout, proof.against) if proof.against else ""
    with concurrent.futures.ThreadPoolExecutor(2) as both:
        kept = both.submit(attempt, proof, mode, ground, text, name + "-with")
        lost = both.submit(attempt, proof, mode, ground, other, name + "-without")
        kept, lost = kept.result(), lost.result()
    breaches = option_breaches(proof, ground.promised, kept.options) if mode != "reuse" or proof.options else []
    return writing.Finding(proof, mode, kept.ok, kept.said, lost.ok, lost.said, kept.options[:1], breaches)


def with_sysctl(proof, mode, text):
    """One run on a client whose kernel has the text's defaults, or its own: a lab of its own."""
    with Lab("strict", timeout=proof.timeout) as lab:
        if text:
            lab.run("client", "sysctl", "-p", servers.write(lab, "90-keepalive.conf", text))
        return attempt(proof, mode, Ground(lab, proof.timeout), "", "sysctl")


def prove_sysctl(proof, mode):
    with concurrent.futures.ThreadPoolExecutor(2) as both:
        kept, lost = both.map(lambda text: with_sysctl(proof, mode, text), (printed(proof.stack, proof.timeout), ""))
    return writing.Finding(proof, mode, kept.ok, kept.said, lost.ok, lost.said, kept.options[:1],
                           option_breaches(proof, recommended(proof.timeout), kept.options))


def guarded(work, proof, mode):
    try:
        return work()
    except servers.Missing as missing:
        return writing.Finding(proof, mode, missing=str(missing))
    except Exception as problem:  # one stack that fails must not hide the others
        detail = getattr(problem, "stderr", "") or problem
        return writing.Finding(proof, mode, False, f"{type(problem).__name__}: {detail}"[:400])


def told(finding):
    print(finding.line(), flush=True)
    return finding


def on_ground(timeout, chosen):
    """All proofs of one timeout, side by side in one lab."""
    with Lab("strict", timeout=timeout) as lab:
        ground = Ground(lab, timeout)
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as several:
            under_way = [several.submit(guarded, lambda p=proof, m=mode: prove(p, m, ground), proof, mode)
                         for proof in chosen for mode in proof.modes]
            return [told(each.result()) for each in concurrent.futures.as_completed(under_way)]


def jobs(chosen, with_uploads):
    """Each in labs of its own, so that they can stand side by side."""
    plain = [proof for proof in chosen if not proof.sysctl]
    for timeout in sorted({proof.timeout for proof in plain}):
        yield lambda t=timeout: on_ground(t, [proof for proof in plain if proof.timeout == t])
    for proof in chosen:
        for mode in proof.modes if proof.sysctl else ():
            yield lambda p=proof, m=mode: [told(guarded(lambda: prove_sysctl(p, m), p, m))]
    for proof, mode, work in uploads.proofs(chosen, Ground, printed) if with_uploads else ():
        yield lambda p=proof, m=mode, w=work: [told(guarded(w, p, m))]


def run_all(chosen, with_uploads):
    with concurrent.futures.ThreadPoolExecutor(LABS_AT_A_TIME) as several:
        under_way = [several.submit(each) for each in jobs(chosen, with_uploads)]
        return [finding for each in under_way for finding in each.result()]


def main():
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("stacks", nargs="*", metavar="STACK", help="only these")
    parse.add_argument("--quick", action="store_true", help="only what takes a minute and few packages")
    parse.add_argument("--no-uploads", action="store_true", help="leave the uploads over a slow path out")
    parse.add_argument("--write", action="store_true",
                       help="write what was found into docs/stacks.md and the program's data")
    asked = parse.parse_args()
    chosen = [proof for proof in catalogue.PROOFS
              if (not asked.stacks or proof.stack in asked.stacks) and (proof.quick or not asked.quick)]
    findings = run_all(chosen, not asked.no_uploads and not asked.quick)
    if asked.write:
        writing.write(findings, NODE_MODULES, catalogue.PROOFS)
    bad = [each for each in findings if not each.missing and not each.held()]
    if asked.quick:
        bad += [each for each in findings if each.missing]
    print(f"{len(findings) - len(bad)} of {len(findings)} held")
    sys.exit(1 if bad or not findings else 0)


if __name__ == "__main__":
    main()
