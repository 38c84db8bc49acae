#!/usr/bin/env python3
"""Holds the same idle connections on deadair and on other servers, on one machine, in one run:
nginx (stream with TLS), HAProxy (TLS), Node's ws over https. The two proxies pass to an echo server
on TCP, so they hold two sockets for each connection. Needs nginx with its stream module, haproxy,
node and npm, from wherever this machine gets them. Not a part of the tests."""

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "server"))
from server_process import ServerProcess, figures, program  # noqa: E402

ECHO = """
import asyncio, resource
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
class Echo(asyncio.Protocol):
    def connection_made(self, transport): self.transport = transport
    def data_received(self, data): self.transport.write(data)
async def main():
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", PORT, backlog=4096)
    await server.serve_forever()
asyncio.run(main())
"""
NGINX = """
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; master_process off; pid FOLDER/nginx.pid; error_log FOLDER/nginx.log;
worker_rlimit_nofile 20000;
events { worker_connections 19000; }
stream {
    server {
        listen 127.0.0.1:PORT ssl backlog=4096;
        ssl_certificate FOLDER/both.pem; ssl_certificate_key FOLDER/both.pem;
        ssl_protocols TLSv1.3; ssl_session_tickets off; ssl_session_cache none;
        proxy_pass 127.0.0.1:BACKEND; proxy_timeout 1d; access_log off;
    }
}
"""
HAPROXY = """
global
    maxconn 9500
    nbthread 1
    tune.ssl.cachesize 0
defaults
    mode tcp
    timeout connect 10s
    timeout client 1d
    timeout server 1d
frontend tls
    bind 127.0.0.1:PORT ssl crt FOLDER/both.pem ssl-min-ver TLSv1.3 no-tls-tickets
    default_backend echo
backend echo
    server one 127.0.0.1:BACKEND
"""
NODE = """
const { readFileSync } = require("fs");
const pem = readFileSync("FOLDER/both.pem");
const server = require("https").createServer({ key: pem, cert: pem, minVersion: "TLSv1.3" });
const { WebSocketServer } = require("FOLDER/node_modules/ws");
new WebSocketServer({ server, perMessageDeflate: false })
    .on("connection", (peer) => peer.on("message", (data) => peer.send(data)));
server.listen(PORT, "127.0.0.1", 4096);
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Peer:
    """A server of another make, for the length of a `with`."""

    def __init__(self, folder, command, port):
        self._folder, self._command, self.port = folder, command, port

    def __enter__(self):
        with open(os.path.join(self._folder, "peer.log"), "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(self._command, stdout=log, stderr=log)
        end = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return self
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit(f"peers: {self._command[0]} did not start: "
                         + Path(self._folder, "peer.log").read_text(encoding="utf-8"))
            time.sleep(0.1)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)

    def load(self, *options):
        done = subprocess.run(
            [program("deadair-load"), "--server", f"127.0.0.1:{self.port}", "--server-pid",
             str(self.process.pid), *map(str, options)], text=True, capture_output=True)
        if done.returncode != 0:
            sys.exit(f"peers: {self._command[0]}: {done.stdout}{done.stderr}")
        return figures(done.stdout)


def written(folder, name, text, **places):
    for place, value in {"FOLDER": folder, **places}.items():
        text = text.replace(place, str(value))
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def make_certificate(folder):
    both = os.path.join(folder, "both.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=peer",
                    "-keyout", both, "-out", os.path.join(folder, "certificate.pem")],
                   check=True, capture_output=True)
    with open(both, "a", encoding="ascii") as file, \
            open(os.path.join(folder, "certificate.pem"), encoding="ascii") as certificate:
        file.write(certificate.read())


def row(name, kind, seen):
    print(f"| {name} | {kind} | {seen['server_kib_per_connection_after_probes']:.1f} KiB "
          f"| {seen['server_cpu_us_per_connection']:.0f} µs |", flush=True)


def measure(folder, connections):
    load = ("--connections", connections, "--hold", 2, "--probes-per-second", 2000)
    for kind in ("tls", "wss"):
        with ServerProcess() as server:
            row("deadair-echo-server", kind, server.load("--transport", kind, *load))
    echo, port = free_port(), free_port()
    program_text = written(folder, "echo.py", ECHO, PORT=echo)
    with Peer(folder, [sys.executable, program_text], echo):
        config = written(folder, "nginx.conf", NGINX, PORT=port, BACKEND=echo)
        if shutil.which("nginx"):
            with Peer(folder, ["nginx", "-p", folder, "-c", config], port) as peer:
                row("nginx, stream with TLS", "tls", peer.load("--transport", "tls", *load))
        port = free_port()
        config = written(folder, "haproxy.cfg", HAPROXY, PORT=port, BACKEND=echo)
        if shutil.which("haproxy"):
            with Peer(folder, ["haproxy", "-db", "-f", config], port) as peer:
                row("HAProxy, TLS", "tls", peer.load("--transport", "tls", *load))
    port = free_port()
    if shutil.which("node"):
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, "ws"], check=True)
        script = written(folder, "ws.js", NODE, PORT=port)
        with Peer(folder, ["node", script], port) as peer:
            row("Node, ws over https", "wss", peer.load("--transport", "wss", *load))


def main():
    options = argparse.ArgumentParser(prog="tests/bench/peers.py", description=__doc__)
    options.add_argument("--connections", type=int, default=5000,
                         help="a proxy needs two files for each")
    wanted = options.parse_args()
    print("| server | transport | memory per idle connection | processor time to open one |\n"
          "|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        make_certificate(folder)
        measure(folder, wanted.connections)


if __name__ == "__main__":
    main()
