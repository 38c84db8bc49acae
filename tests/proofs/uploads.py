"""Uploads over a slow path, direct and through a CONNECT proxy, and into a binding that is gone."""

import os
import re
import time

import servers
import sockets
import writing
from lab import SERVER, Lab

SLOW_KBIT = 1000
BYTES = 2_000_000
HANGS_S = 45  # longer than any bound in the text, shorter than the kernel's quarter of an hour


def program_of(proof, lab, text, name):
    pasted = servers.write(lab, name + proof.suffix, text) if text else "-"
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clients", proof.program)
    return [servers.PYTHON, "-B", path, pasted]


def start(proof, ground, text, name, mode, port, silence, proxy=""):
    environment = {**os.environ, **proof.env, "PROOF_BYTES": str(BYTES), "PROOF_PROXY": proxy}
    log = ground.lab.at_end.enter_context(open(ground.lab.file(name + ".log"), "w"))
    return ground.lab.start("client", *program_of(proof, ground.lab, text, name), mode, SERVER[4], str(port),
                            str(silence), env=environment, stderr=log)


def outcome(process, at_most, on_idle=lambda: None):
    from proofs import hear
    return hear(process, at_most, on_idle)


def slow_upload(proof, make_ground, printed, through_proxy):
    """2 MB at 1 Mbit/s, a bytes body, with the timeout=(5, 60) that a caller passes."""
    with Lab("slow", timeout=60, rate=SLOW_KBIT) as lab:
        ground = make_ground(lab, 60)
        port = ground.server("https" if through_proxy else "http")
        proxy = f"http://{SERVER[4]}:{ground.server('connect_proxy')}" if through_proxy else ""
        results = [outcome(start(proof, ground, text, f"upload{bool(text)}", "upload", port, 60, proxy), 60)
                   for text in (printed(proof, 60), "")]
    kept, lost = results
    mode = "upload_proxied" if through_proxy else "upload"
    return writing.Finding(proof, mode, bool(kept.get("ok")), kept.get("error", "no end within 60 s"),
                           bool(lost.get("ok")),
                           f"{lost.get('error', 'no end within 60 s')} after {lost.get('took', 60)} s")


def dead_upload(proof, make_ground, printed):
    """The firewall forgets the connection in the middle of an upload."""
    ended = []
    for text in (printed(proof, 60), ""):
        with Lab("slow", timeout=60, rate=SLOW_KBIT) as lab:
            ground = make_ground(lab, 60)
            port = ground.server("http")
            process = start(proof, ground, text, f"dead{bool(text)}", "upload" if text else "upload_unbounded", port,
                            60)

            def forget():
                time.sleep(3)
                lab.command("flush")
            ended.append(outcome(process, 3 + HANGS_S, forget))
    text = printed(proof, 60)
    bound = int(re.search(r"^WRITE_TIMEOUT = (\d+)$", text, re.MULTILINE).group(1))
    kept, lost = ended
    in_time = bool(kept) and not kept["ok"] and kept["took"] <= 3 + bound + 5
    said = f"ended after {kept.get('took')} s, bound {bound} s: {kept.get('error')}"
    return writing.Finding(proof, "upload_dead", in_time, said, bool(lost),
                           f"still hangs {HANGS_S} s later" if not lost else f"ended after {lost['took']} s")


def proxied(proof, make_ground, printed, mode):
    """Through a CONNECT proxy that stands behind the firewall: the options must reach that connection."""
    with Lab("strict", timeout=proof.timeout) as lab:
        ground = make_ground(lab, proof.timeout)
        port = ground.server("https")
        proxy_port = ground.server("connect_proxy")
        silence = 3 * proof.timeout
        seen = []
        running = [start(proof, ground, text, f"proxied{bool(text)}", mode, port, silence,
                         f"http://{SERVER[4]}:{proxy_port}")
                   for text in (printed(proof, proof.timeout), "")]

        def look():
            time.sleep(0.3)
            seen.extend(sockets.options_of(running[0].pid, proxy_port))
        kept, lost = outcome(running[0], silence + 30, look), outcome(running[1], 12)
    from proofs import option_breaches
    return writing.Finding(proof, mode + "_proxied", bool(kept.get("ok")), kept.get("error", "no answer"),
                           bool(lost.get("ok")), lost.get("error", "no answer within 10 s"), seen[:1],
                           option_breaches(proof, ground.promised, seen))


def proofs(chosen, make_ground, printed):
    """(proof, mode, what does it) for each stack whose text is about uploads."""
    for one in chosen:
        if one.program != "python_requests.py":
            continue
        yield one, "upload", lambda p=one: slow_upload(p, make_ground, printed, False)
        yield one, "upload_proxied", lambda p=one: slow_upload(p, make_ground, printed, True)
        yield one, "upload_dead", lambda p=one: dead_upload(p, make_ground, printed)
        yield one, "reuse_proxied", lambda p=one: proxied(p, make_ground, printed, "reuse")
        yield one, "held_proxied", lambda p=one: proxied(p, make_ground, printed, "held")
