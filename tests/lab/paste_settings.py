#!/usr/bin/env python3
"""Pastes what `deadair-analysis recommend --for STACK` prints into the real thing.

Every stack's text is printed for a short, a common and a long idle timeout; where this machine
has the software, its own parser or compiler judges the text. Nothing outside a temporary
folder is changed: sysctl and nginx run in a network namespace of their own.

    tests/lab/paste_settings.py build/release/bin/deadair-analysis [--needed STACK ...]

A stack whose software is missing is skipped, unless it is needed.
"""

import ast
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

TIMEOUTS = ["60s", "900s", "2d"]


class Missing(Exception):
    """The machine lacks the software that would judge the text."""


def run(*command, **options):
    """Runs a command and returns what it printed; a failure shows all of it."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=120, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def need(tool):
    path = shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/sbin")
    if not path:
        raise Missing(tool)
    return path


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def number(text, pattern):
    """The number that the text gives for a name."""
    found = re.search(pattern, text)
    assert found, f"no {pattern} in the text"
    return int(found.group(1))


def isolated(*command):
    """The command in a network namespace of its own, as root or as a user who may make one."""
    own = [need("unshare"), "-n"] if os.geteuid() == 0 else [need("unshare"), "-rn"]
    if subprocess.run([*own, "true"], capture_output=True).returncode != 0:
        raise Missing("the right to make a network namespace")
    return run(*own, *command)


def python_with(module):
    """A Python that has the module: ours or the distribution's."""
    for python in dict.fromkeys([sys.executable, "/usr/bin/python3"]):
        if shutil.which(python) and subprocess.run(
                [python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    raise Missing(f"Python's {module}")


def python_check(module, trial=""):
    """The text runs as it is, and then the trial does."""
    def check(text, folder):
        ast.parse(text)
        run(python_with(module), write(folder, "pasted.py", text + "\n" + trial))
    return check


def sysctl(text, folder):
    file = write(folder, "90-keepalive.conf", text)
    wanted = number(text, r"tcp_keepalive_time = (\d+)")
    said = isolated("sh", "-c", f"{need('sysctl')} -p {file} >/dev/null && "
                                f"{need('sysctl')} -n net.ipv4.tcp_keepalive_time")
    assert int(said) == wanted, f"the kernel took {said}"


C_TRIAL = """
#include <stdio.h>
int main(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int idle = 0;
    socklen_t size = sizeof idle;
    if (fd < 0 || keep_binding(fd) || getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, &size))
        return 1;
    printf("%d", idle);
    return 0;
}
"""


def c_socket(text, folder):
    compiler = need("cc")
    program = os.path.join(folder, "pasted")
    run(compiler, "-Wall", "-Wextra", "-Werror", "-o", program, write(folder, "p.c", text + C_TRIAL))
    assert int(run(program)) == number(text, r"idle_s = (\d+)")


PYTHON_SOCKET = """
with socket.create_server(("127.0.0.1", 0)) as listener:
    with socket.create_connection(listener.getsockname()) as client:
        keep_binding(client)
        assert client.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert client.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) > 0
"""

# A server that counts its connections; the second request must reuse the first one's, the third,
# after the silence that the text sets, must not.
PYTHON_REQUESTS = """
import http.server
import threading

connections = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        connections.append(self.client_address)
        super().setup()

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
session.trust_env = False
url = f"http://127.0.0.1:{server.server_port}/"
session.get(url, timeout=5)
session.get(url, timeout=5)
assert len(connections) == 1, connections
IDLE_RECONNECT = -1
session.get(url, timeout=5)
assert len(connections) == 2, connections
"""

PYTHON_WEBSOCKETS = """
import asyncio


async def trial():
    async def echo(websocket, path=None):
        await websocket.send(await websocket.recv())

    async with websockets.serve(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}/") as websocket:
            await websocket.send("ping")
            assert await websocket.recv() == "ping"

asyncio.run(trial())
"""

# Releases before 1.4 know no reconnect=.
PYTHON_WEBSOCKET_CLIENT = """
import inspect
import websocket

known = inspect.signature(websocket.WebSocketApp.run_forever).parameters
unknown = set(OPTIONS) - set(known)
assert unknown <= {"reconnect"}, unknown
assert OPTIONS["ping_interval"] > 0
"""

PYTHON_AIOHTTP = """
import asyncio
from aiohttp import web


async def trial():
    async def handle(request):
        answer = web.WebSocketResponse()
        await answer.prepare(request)
        await answer.send_str((await answer.receive()).data)
        return answer

    app = web.Application()
    app.router.add_get("/", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    async with make_session() as session:
        async with session.ws_connect(f"http://127.0.0.1:{port}/") as websocket:
            sock = websocket.get_extra_info("socket")
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            await websocket.send_str("ping")
            assert (await websocket.receive()).data == "ping"
    await runner.cleanup()

asyncio.run(trial())
"""

WEBEX = """
made_by_an_sdk = requests.Session()
assert isinstance(made_by_an_sdk.get_adapter("https://example.org"), KeepBindingAdapter)
"""

SQLALCHEMY = """
import sqlalchemy
sqlalchemy.create_engine("postgresql+psycopg2://127.0.0.1/none", **ENGINE)
"""

GRPC = """
import grpc
grpc.insecure_channel("127.0.0.1:1", options=OPTIONS).close()
"""


def node(trial=""):
    def check(text, folder):
        tool = need("node")
        file = write(folder, "pasted.js", text)
        run(tool, "--check", file)
        run(tool, "-e", f"const pasted = require({file!r}); {trial}")
    return check


def gofmt(text, folder):
    tools = glob.glob("/usr/lib/go*/bin/gofmt")
    tool = shutil.which("gofmt") or (tools[0] if tools else need("gofmt"))
    run(tool, "-e", write(folder, "pasted.go", text))


def javac(*jars):
    def check(text, folder):
        tool = need("javac")
        paths = [f"/usr/share/java/{jar}.jar" for jar in jars]
        for path in paths:
            if not os.path.exists(path):
                raise Missing(path)
        run(tool, "-cp", ":".join(paths), "-d", folder, write(folder, "KeepBinding.java", text))
    return check


def libpq(text, folder):
    service = write(folder, "pg_service.conf", text)
    done = subprocess.run([need("psql"), "service=keepbinding host=127.0.0.1 port=1"], text=True,
                          capture_output=True, timeout=30, env={**os.environ, "PGSERVICEFILE": service})
    # All names were understood when nothing is wrong but that no server is there.
    assert "Connection refused" in done.stderr, done.stderr


def ssh_client(text, folder):
    wanted = number(text, r"ServerAliveInterval (\d+)")
    tool = need("ssh")
    from_file = run(tool, "-G", "-F", write(folder, "config", text), "192.0.2.1")
    from_options = run(tool, "-G", "-F", "/dev/null", "-o", f"ServerAliveInterval={wanted}", "192.0.2.1")
    for said in from_file, from_options:
        assert f"serveraliveinterval {wanted}\n" in said, said


def ssh_server(text, folder):
    tool = need("sshd")
    key = os.path.join(folder, "key")
    run(need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", key)
    os.makedirs("/run/sshd", exist_ok=True)
    said = run(tool, "-T", "-f", write(folder, "sshd_config", text), "-h", key)
    assert f"clientaliveinterval {number(text, r'ClientAliveInterval ([0-9]+)')}\n" in said, said


def nginx(text, folder):
    tool = need("nginx")
    conf = write(folder, "nginx.conf", f"pid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
                                       f"http {{\naccess_log off;\n{text}}}\n")
    isolated(tool, "-t", "-p", folder, "-c", conf)


def haproxy(text, folder):
    run(need("haproxy"), "-c", "-f", write(folder, "haproxy.cfg", text))


def systemd(text, folder):
    tool = need("systemd-analyze")
    write(folder, "pasted.service", "[Service]\nExecStart=/bin/true\nStandardInput=socket\n")
    unit = write(folder, "pasted.socket", f"{text}ListenStream=127.0.0.1:7\n")
    said = run(tool, "verify", unit)
    assert "pasted.socket" not in said, said


def mysql(text, folder):
    server = need("mariadbd")
    said = run(server, f"--defaults-file={write(folder, 'my.cnf', text)}", "--help", "--verbose",
               f"--datadir={folder}", "--user=root")
    wanted = number(text, r"wait_timeout = (\d+)")
    assert re.search(rf"^wait-timeout +{wanted}$", said, re.MULTILINE), "wait_timeout was not taken"


def redis(text, folder):
    """The server reads its file, answers on a socket file only, and is ended."""
    conf = write(folder, "redis.conf", f"{text}port 0\nunixsocket {folder}/sock\nsave \"\"\ndir {folder}\n")
    with subprocess.Popen([need("redis-server"), conf], stdout=subprocess.PIPE, text=True) as server:
        try:
            said = []
            for line in server.stdout:
                said.append(line)
                if "ready to accept connections" in line.lower():
                    break
            else:
                raise AssertionError("".join(said))
            taken = run("redis-cli", "-s", f"{folder}/sock", "config", "get", "tcp-keepalive")
            assert taken.split()[-1] == str(number(text, r"tcp-keepalive (\d+)")), taken
        finally:
            server.terminate()


def autossh(text, folder):
    file = write(folder, "pasted.sh", text)
    said = run("sh", "-c", f". {file} && {need('ssh')} -G -F /dev/null "
                           "${AUTOSSH_OPTIONS#-M 0} 192.0.2.1")
    assert f"serveraliveinterval {number(text, r'ServerAliveInterval=([0-9]+)')}\n" in said, said


def yaml(path):
    """The text is YAML that has something at that path."""
    def check(text, folder):
        file = write(folder, "pasted.yaml", text)
        run(python_with("yaml"), "-c",
            f"import sys, yaml; yaml.safe_load(open(sys.argv[1])){path}", file)
    return check


def apache(text, folder):
    modules = "/usr/lib/apache2/modules"
    if not os.path.isdir(modules):
        raise Missing("apache2")
    loaded = "".join(f"LoadModule {name}_module {modules}/mod_{name}.so\n"
                     for name in ("mpm_event", "authz_core", "proxy", "proxy_http"))
    run(need("apache2"), "-t", "-f", write(folder, "httpd.conf", f"ServerRoot {folder}\nServerName x\n"
                                           f"Listen 127.0.0.1:8081\nErrorLog {folder}/log\n{loaded}{text}"))


def curl(text, folder):
    run(need("curl"), "-K", write(folder, "curlrc", text), "-s", f"file://{folder}/curlrc")


def libcurl(text, folder):
    run(need("cc"), "-Wall", "-Werror", "-o", os.path.join(folder, "pasted"),
        write(folder, "p.c", text + "int main(void) { keep_binding(curl_easy_init()); return 0; }\n"),
        "-lcurl")


CHECKS = {
    "linux-sysctl": sysctl,
    "linux-socket": c_socket,
    "python-socket": python_check("socket", PYTHON_SOCKET),
    "python-requests": python_check("requests", PYTHON_REQUESTS),
    "python-websockets": python_check("websockets", PYTHON_WEBSOCKETS),
    "python-websocket-client": python_check("websocket", PYTHON_WEBSOCKET_CLIENT),
    "python-aiohttp": python_check("aiohttp", PYTHON_AIOHTTP),
    "python-httpx": python_check("httpx", "make_client(verify=False).close()"),
    "python-psycopg": python_check("psycopg2", "assert KEEP_BINDING and POOL"),
    "python-asyncpg": python_check("asyncpg", "assert KEEP_BINDING and POOL"),
    "python-sqlalchemy": python_check("sqlalchemy", SQLALCHEMY),
    "python-redis": python_check("redis", "import redis; redis.Redis(**KEEP_BINDING)"),
    "python-boto3": python_check("botocore"),
    "kubernetes-python": python_check("urllib3"),
    "uvicorn": python_check("uvicorn", "import uvicorn; uvicorn.Config('app:app', **KEEP_BINDING)"),
    "gunicorn": python_check("ast", "assert keepalive > 0"),
    "webex-sdk": python_check("requests", WEBEX),
    "grpc": python_check("grpc", GRPC),
    "mqtt": python_check("ast", "assert 0 < KEEPALIVE < 65536"),
    "node-http": node("if (!pasted.agent || !pasted.boundUpload) process.exit(1);"),
    "node-ws": node("if (!(pasted.reconnectDelay(3) > 0)) process.exit(1);"),
    "go": gofmt,
    "java-netty": javac("netty-common", "netty-buffer", "netty-resolver", "netty-transport", "netty-handler",
                        "netty-transport-native-epoll", "netty-transport-native-unix-common"),
    "java-okhttp": javac("okhttp"),
    "libpq": libpq,
    "mysql": mysql,
    "redis": redis,
    "openssh-client": ssh_client,
    "openssh-server": ssh_server,
    "nginx": nginx,
    "haproxy": haproxy,
    "systemd": systemd,
    "autossh": autossh,
    "envoy": yaml("['clusters'][0]"),
    "istio": yaml("['spec']['trafficPolicy']"),
    "apache": apache,
    "curl": curl,
    "libcurl": libcurl,
    "node-server": node("if (!pasted.keepBinding || !pasted.keepEventStream) process.exit(1);"),
    "node-postgres": node("if (!pasted.POOL) process.exit(1);"),
    "node-redis": node("if (!pasted.CLIENT.socket) process.exit(1);"),
    "ioredis": node("if (!pasted.OPTIONS) process.exit(1);"),
}


def recommended(analysis, stack, timeout):
    return run(analysis, "recommend", "--for", stack, "--assume-timeout", timeout)


def paste(analysis, stack):
    """"passed", "failed" or "skipped", with a word on the last two."""
    try:
        texts = [recommended(analysis, stack, timeout) for timeout in TIMEOUTS]
        if stack not in CHECKS:
            raise Missing("check for it")
        for text in texts:
            with tempfile.TemporaryDirectory() as folder:
                CHECKS[stack](text, folder)
    except Missing as missing:
        return "skipped", f"no {missing}"
    except (AssertionError, SyntaxError, subprocess.TimeoutExpired) as wrong:
        return "failed", str(wrong)
    return "passed", ""


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    analysis, *needed = sys.argv[1:]
    if needed and needed[0] != "--needed":
        sys.exit(__doc__)
    stacks = [line.split()[0] for line in run(analysis, "recommend", "--for", "list").splitlines()]
    count = {"passed": 0, "failed": 0, "skipped": 0}
    for stack in stacks:
        result, why = paste(analysis, stack)
        if result == "skipped" and stack in needed:
            result = "failed"
        count[result] += 1
        print(f"{result:8}{stack}{': ' + why if why else ''}", flush=True)
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    sys.exit(1 if count["failed"] or not count["passed"] else 0)


if __name__ == "__main__":
    main()
