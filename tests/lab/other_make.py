"""Servers of another make for the lab: real programs, each on a port of its own."""

import os
import shutil
import socket
import subprocess

from lab import ROOT, SERVER, Prober, program, wait_until

# Debian's own Python: it has the packages of the distribution.
PYTHON = "/usr/bin/python3"


def tool(name):
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    assert found, f"{name} is missing; scripts/install-packages lab installs it"
    return found


class OtherMake:
    """The servers of one lab, and probers that measure them."""

    def __init__(self, lab):
        self.lab = lab
        self.certificate, self.key = lab.file("other.pem"), lab.file("other.key")
        subprocess.run(
            [tool("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=other make", "-addext",
             f"subjectAltName=IP:{SERVER[4]},IP:{SERVER[6]}", "-keyout", self.key, "-out", self.certificate],
            check=True, capture_output=True)
        os.chmod(lab.folder.name, 0o755)  # some drop root's rights
        os.chmod(self.key, 0o644)

    def write(self, name, text):
        with open(self.lab.file(name), "w") as file:
            file.write(text)
        return self.lab.file(name)

    def secret(self, name, text):
        """A file that only its owner may read."""
        os.chmod(self.write(name, text), 0o600)
        return self.lab.file(name)

    def start(self, port, *command):
        log = self.lab.at_end.enter_context(open(self.lab.file(f"{port}.log"), "w"))
        self.lab.start("server", *command, stdout=log, stderr=log)

        def listens():
            with self.lab.inside("server"), socket.socket() as asked:
                return asked.connect_ex((SERVER[4], port)) == 0
        wait_until(listens, 20, f"{command[0]} on port {port}")

    def nginx(self, port, keepalive_s=75, answer="return 200 'ok\\n';", tls=True):
        ssl = "ssl" if tls else ""
        keys = (f"ssl_certificate {self.certificate};\nssl_certificate_key {self.key};\n"
                if tls else "")
        self.start(port, tool("nginx"), "-p", self.lab.folder.name, "-c", self.write(
            f"nginx-{port}.conf",
            f"daemon off;\npid {self.lab.file(f'nginx-{port}.pid')};\nerror_log stderr;\nuser root;\n"
            "events {}\nhttp {\nlog_format with_cookie '$remote_addr - $remote_user [$time_local] "
            "\"$request\" $status $body_bytes_sent \"$http_user_agent\" \"$http_cookie\"';\n"
            f"access_log {self.lab.file(f'nginx-{port}.access')} with_cookie;\n"
            f"keepalive_timeout {keepalive_s}s;\n"
            f"server {{\nlisten {port} {ssl};\nlisten [::]:{port} {ssl};\n{keys}"
            f"location / {{ {answer} }}\n}}\n}}\n"))

    def haproxy(self, port, keepalive_s):
        self._haproxy(port, f"    mode http\n    timeout http-keep-alive {keepalive_s}s\n",
                      "    http-request return status 200 content-type text/plain string ok\n")

    def tls(self, port, behind):
        """Ends TLS for a server that listens on another port and speaks what nobody knows."""
        self._haproxy(port, "    mode tcp\n", f"    default_backend servers\nbackend servers\n"
                                             f"    server one 127.0.0.1:{behind}\n")

    def _haproxy(self, port, defaults, rest):
        with open(self.certificate) as certificate, open(self.key) as key:
            both = self.write(f"haproxy-{port}.pem", certificate.read() + key.read())
        self.start(port, tool("haproxy"), "-db", "-f", self.write(
            f"haproxy-{port}.cfg",
            f"defaults\n{defaults}    timeout connect 5s\n    timeout client 600s\n"
            f"    timeout server 600s\nfrontend clients\n    bind :{port} ssl crt {both}\n{rest}"))

    def websocket(self, port, ping_s=None):
        """With `ping_s` it lets no connection be silent for longer."""
        self.start(port, PYTHON, self.write(f"websocket-{port}.py", f"""
import asyncio, ssl, websockets

async def serve():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain({self.certificate!r}, {self.key!r})
    async def until_closed(here, path=None):
        await here.wait_closed()
    async with websockets.serve(until_closed, "0.0.0.0", {port}, ssl=tls, ping_interval={ping_s}):
        await asyncio.Future()

asyncio.run(serve())
"""))

    def node(self, port, keepalive_s=5):
        """Closes what is idle for 5 s, as Node.js does by itself; answers /delay/MS later."""
        self.start(port, tool("node"), self.write(f"node-{port}.js", f"""
const fs = require('fs');
require('https').createServer(
  {{ cert: fs.readFileSync('{self.certificate}'), key: fs.readFileSync('{self.key}') }},
  async (request, answer) => {{
    let body = '';
    try {{
      for await (const part of request) body += part;
    }} catch {{
      return;  // who ends in the midst of a question
    }}
    console.log(request.method, body);
    const [, delay] = request.url.match(/^.delay.([0-9]+)$/) || [];
    if (delay) await new Promise(over => setTimeout(over, delay));
    answer.end('ok\\n');
  }}).listen({port}).keepAliveTimeout = {keepalive_s} * 1000;
"""))

    def node_websocket(self, port):
        """ws of npm, as the proofs install it."""
        modules = os.path.join(ROOT, "build", "proofs", "node_modules")
        assert os.path.isdir(modules), f"{modules} is missing; scripts/install-packages proofs makes it"
        self.start(port, tool("node"), self.write(f"ws-{port}.js", f"""
const fs = require('fs');
const server = require('https').createServer(
  {{ cert: fs.readFileSync('{self.certificate}'), key: fs.readFileSync('{self.key}') }});
new (require('{modules}/ws').WebSocketServer)({{ server }});
server.listen({port});
"""))

    def stunnel(self, port, behind, idle_s):
        """Ends TLS for a server that listens on another port, and resets what is idle for so long."""
        self.start(port, tool("stunnel"), self.write(
            f"stunnel-{port}.conf",
            f"foreground = yes\npid =\n[one]\naccept = :::{port}\nconnect = 127.0.0.1:{behind}\n"
            f"cert = {self.certificate}\nkey = {self.key}\nTIMEOUTidle = {idle_s}\n"))

    def redis(self, port, *options):
        self.start(port, tool("redis-server"), "--port", str(port), "--bind", "* -::*",
                   "--protected-mode", "no", "--save", "", "--dir", self.lab.folder.name, *options)

    def mosquitto(self, port):
        self.start(port, tool("mosquitto"), "-c", self.write(
            f"mosquitto-{port}.conf", f"listener {port}\nallow_anonymous true\nuser root\n"))

    def sshd(self, port):
        subprocess.run([tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f",
                        self.lab.file("host-key")], check=True)
        os.makedirs("/run/sshd", exist_ok=True)
        self.start(port, tool("sshd"), "-D", "-e", "-f", self.write(
            f"sshd-{port}.conf", f"Port {port}\nHostKey {self.lab.file('host-key')}\n"
            "StrictModes no\nUsePAM no\nPidFile none\nMaxStartups 100\n"))

    def prober(self, url, *options, database, login=None):
        """Measures that URL; {host} in it stands for the server, and {host6}."""
        environment = dict(os.environ)
        if login:
            environment["DEADAIR_LOGIN"] = login
        trust = () if any(each in options for each in ("--pin", "--ca-file")) else (
            "--ca-file", self.certificate)
        return Prober(self.lab.start(
            "client", program("deadair-prober"), "measure", url.format(host=SERVER[4], host6=f"[{SERVER[6]}]"), *trust,
            "--db", self.lab.file(database), "--progress", "json", *options,
            stderr=subprocess.PIPE, env=environment), self.lab.file(database))
