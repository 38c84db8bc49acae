"""Programs of the command line: psql, ssh, curl. By PROOF_DRIVER."""
import os
import subprocess

import proof
from proof import HOST, PASTED, PORT, SILENCE, equal, run, silence, waiting

driver = os.environ["PROOF_DRIVER"]


def start(*command, **more):
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            bufsize=1, **more)


def psql():
    service = "service=keepbinding " if PASTED != "-" else "keepalives=0 "
    return start("psql", "-Xqtn", f"{service}host={HOST} port={PORT} user=postgres dbname=postgres",
                 env={**os.environ, "PGSERVICEFILE": PASTED}), "SELECT {};", "SELECT {1} FROM pg_sleep({0});"


def ssh():
    options = ["-F", PASTED if PASTED != "-" else "/dev/null", "-p", str(PORT), "-i",
               os.environ["PROOF_KEY"], "-o", "StrictHostKeyChecking=no",
               "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
    if driver == "autossh" and PASTED != "-":
        with open(PASTED) as file:
            words = file.read().split('AUTOSSH_OPTIONS="-M 0 ')[1].split('"')[0].split()
        options[1] = "/dev/null"
        options += words
    return start("ssh", *options, HOST, "sh"), "echo {}", "sleep {0}; echo {1}"


def curl():
    command = ["curl", "-sS", *(["-K", PASTED] if PASTED != "-" else []),
               f"http://{HOST}:{PORT}/slow?{SILENCE}"]
    if PASTED != "-":  # the answer of this proof is silent for longer than the bound on stalls
        command += ["--speed-time", str(int(SILENCE) + 60)]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE)


def ask(process, line, wanted):
    process.stdin.write(line + "\n")
    process.stdin.flush()
    heard = ""
    while not heard.strip():
        heard = process.stdout.readline()
        if not heard:
            raise EOFError("the program ended")
    equal(heard.strip(), wanted)


def make():
    return psql() if driver == "psql" else ssh()


def reuse():
    process, quick, _ = make()
    ask(process, quick.format(1), "1")
    silence()
    ask(process, quick.format(2), "2")


def held():
    if driver == "curl":
        process = curl()
        waiting()
        equal(process.stdout.read(), "ok\n")
        return
    process, quick, slow = make()
    ask(process, quick.format(1), "1")
    waiting()
    ask(process, slow.format(SILENCE, 3), "3")


proof.run(reuse=reuse, held=held)
