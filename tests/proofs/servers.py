"""The servers that stacks speak to, each in the lab's server namespace, with nothing of ours in its
settings unless a proof pastes it."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

import sockets

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"  # the distribution's, which has the distribution's modules
POSTGRES = "/usr/lib/postgresql"


class Missing(Exception):
    """This machine lacks the software."""


def need(tool):
    path = shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not path:
        raise Missing(tool)
    return path


def write(lab, name, text):
    path = lab.file(name)
    with open(path, "w") as file:
        file.write(text)
    return path


def start(lab, *command, user=None, **more):
    """A program on the lab's server; what it says is kept in its folder."""
    log = lab.at_end.enter_context(open(lab.file(os.path.basename(command[0]) + ".log"), "a"))
    become = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"] if user else []
    # Into a file, not a pipe: what such a server leaves behind must not keep the lab open.
    return lab.start("server", *become, *command, stdout=log, stderr=log, **more)


def end_with_children(process):
    """A broker's own children write into the lab's folder until they are gone."""
    family = sockets.family_of(process.pid)
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    while any(os.path.exists(f"/proc/{pid}") for pid in family):
        time.sleep(0.05)


def await_port(lab, port, at_most=30):
    end = time.monotonic() + at_most
    while True:
        with lab.inside("server"):
            probe = socket.socket()
        with probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > end:
            raise AssertionError(f"nothing listens on port {port} after {at_most} s")
        time.sleep(0.2)


def small(lab, name, port, *more):
    """One of small_servers.py."""
    start(lab, PYTHON, os.path.join(HERE, "small_servers.py"), name, str(port), *more)
    await_port(lab, port)


def http(lab, port):
    small(lab, "http", port)


def https(lab, port):
    files = [lab.file(name) for name in ("key.pem", "certificate.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "2", "-subj", "/CN=proof", "-keyout", files[0], "-out", files[1]],
                   check=True, capture_output=True)
    small(lab, "https", port, *files)


def connect_proxy(lab, port):
    conf = write(lab, "tinyproxy.conf", f"Port {port}\nTimeout 600\nMaxClients 100\n")
    start(lab, need("tinyproxy"), "-d", "-c", conf)
    await_port(lab, port)


def websocket(lab, port):
    small(lab, "websocket", port)


def kafka(lab, port):
    small(lab, "kafka", port)


def grpc(lab, port):
    small(lab, "grpc", port)


def postgres(lab, port, text=""):
    versions = sorted(os.listdir(POSTGRES)) if os.path.isdir(POSTGRES) else []
    if not versions:
        raise Missing("postgresql")
    programs = os.path.join(POSTGRES, versions[-1], "bin")
    data = lab.file(f"postgres-{port}")
    os.chmod(lab.folder.name, 0o755)
    os.mkdir(data, 0o700)
    owner = pwd.getpwnam("postgres")
    os.chown(data, owner.pw_uid, owner.pw_gid)
    subprocess.run(["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups",
                    os.path.join(programs, "initdb"), "-D", data, "-A", "trust", "--no-sync"],
                   check=True, capture_output=True, cwd="/")
    with open(os.path.join(data, "pg_hba.conf"), "a") as file:
        file.write("host all all 0.0.0.0/0 trust\n")
    with open(os.path.join(data, "postgresql.conf"), "a") as file:
        file.write(f"listen_addresses = '*'\nport = {port}\nunix_socket_directories = ''\nfsync = off\n"
                   f"ssl = off\n{text}")
    start(lab, os.path.join(programs, "postgres"), "-D", data, user="postgres")
    await_port(lab, port)


def mariadb(lab, port, text=""):
    data = lab.file(f"mariadb-{port}")
    os.chmod(lab.folder.name, 0o755)
    subprocess.run([need("mariadb-install-db"), "--no-defaults", f"--datadir={data}", "--user=mysql",
                    "--auth-root-authentication-method=normal", "--skip-test-db"],
                   check=True, capture_output=True)
    begin = write(lab, f"begin-{port}.sql", "CREATE USER proof@'%' IDENTIFIED BY 'proof';\n")
    conf = write(lab, f"my-{port}.cnf", text or "[mysqld]\n")
    os.chmod(conf, 0o644)
    start(lab, need("mariadbd"), f"--defaults-file={conf}", f"--datadir={data}", "--user=mysql",
          f"--port={port}", f"--socket={data}/sock", f"--init-file={begin}", "--bind-address=0.0.0.0")
    await_port(lab, port)


def redis(lab, port, text="tcp-keepalive 0\n"):
    conf = write(lab, f"redis-{port}.conf",
                 f"{text}bind 0.0.0.0\nprotected-mode no\nport {port}\nsave \"\"\ndir {lab.folder.name}\n")
    start(lab, need("redis-server"), conf)
    await_port(lab, port)


def mosquitto(lab, port, text=""):
    conf = write(lab, f"mosquitto-{port}.conf", f"listener {port}\nallow_anonymous true\n{text}")
    start(lab, need("mosquitto"), "-c", conf)
    await_port(lab, port)


def rabbitmq(lab, port, text="heartbeat = 60\n"):
    """A broker with a home of its own; its nodes find each other within the lab only."""
    need("rabbitmq-server")
    owner = pwd.getpwnam("rabbitmq")
    home = lab.file(f"rabbit-{port}")
    os.chmod(lab.folder.name, 0o755)
    os.mkdir(home, 0o700)
    os.chown(home, owner.pw_uid, owner.pw_gid)
    conf = write(lab, f"rabbit-{port}.conf", f"listeners.tcp.default = {port}\ndefault_user = proof\n"
                                             f"default_pass = proof\nloopback_users = none\n{text}")
    definite = {"HOME": home, "RABBITMQ_NODENAME": f"proof{port}@localhost",
                "RABBITMQ_MNESIA_BASE": home, "RABBITMQ_LOG_BASE": home, "RABBITMQ_CONFIG_FILE": conf,
                "RABBITMQ_ENABLED_PLUGINS_FILE": os.path.join(home, "plugins"),
                "RABBITMQ_DIST_PORT": str(port + 20000), "RABBITMQ_PID_FILE": os.path.join(home, "pid"),
                "ERL_EPMD_PORT": str(port + 10000), "PATH": os.environ["PATH"] + ":/usr/sbin"}
    broker = start(lab, "/usr/lib/rabbitmq/bin/rabbitmq-server", user="rabbitmq", env=definite)
    lab.at_end.callback(end_with_children, broker)
    await_port(lab, port, at_most=300)


def sshd(lab, port, text=""):
    tool = need("sshd")
    os.makedirs("/run/sshd", exist_ok=True)
    for key in "host-key", "user-key":
        if not os.path.exists(lab.file(key)):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", lab.file(key)], check=True)
    conf = write(lab, f"sshd-{port}.conf",
                 f"Port {port}\nHostKey {lab.file('host-key')}\nAuthorizedKeysFile {lab.file('user-key.pub')}\n"
                 f"StrictModes no\nPermitRootLogin yes\nUsePAM no\nPidFile none\n{text}")
    start(lab, tool, "-D", "-e", "-f", conf)
    await_port(lab, port)


def nginx(lab, port, text=""):
    inside = text or f"server {{ listen {port}; }}\n"
    inside = inside.replace("listen 8443", f"listen {port}")
    if "location" not in inside:
        # What a site would add: something to answer with, at once or after a silence.
        inside = inside.rstrip()[:-1] + (
            "    location / { return 200 'ok\\n'; }\n"
            "    location /slow { proxy_pass http://127.0.0.1:8000; proxy_read_timeout 600s; }\n}\n")
    conf = write(lab, f"nginx-{port}.conf",
                 f"daemon off;\npid {lab.file(f'nginx-{port}.pid')};\nerror_log stderr;\nuser root;\n"
                 f"events {{}}\nhttp {{\naccess_log off;\n{inside}}}\n")
    start(lab, need("nginx"), "-p", lab.folder.name, "-c", conf)
    await_port(lab, port)


HAPROXY = ("defaults\n    mode http\n    timeout connect 5s\n    timeout client 600s\n    timeout server 600s\n"
           "frontend clients\n    bind :8443\n    default_backend servers\n"
           "backend servers\n    server one 127.0.0.1:8080\n")


def haproxy(lab, port, text=""):
    conf = write(lab, f"haproxy-{port}.cfg",
                 (text or HAPROXY).replace("bind :8443", f"bind :{port}").replace("127.0.0.1:8080", "127.0.0.1:8000")
                 .replace("timeout server 60s", "timeout server 600s"))
    start(lab, need("haproxy"), "-db", "-f", conf)
    await_port(lab, port)


def apache(lab, port, text=""):
    modules = "/usr/lib/apache2/modules"
    if not os.path.isdir(modules):
        raise Missing("apache2")
    loaded = "".join(f"LoadModule {name}_module {modules}/mod_{name}.so\n"
                     for name in ("mpm_event", "authz_core", "proxy", "proxy_http"))
    conf = write(lab, f"httpd-{port}.conf",
                 f"ServerRoot {lab.folder.name}\nServerName proof\nListen {port}\n{loaded}"
                 f"ErrorLog {lab.file(f'httpd-{port}.log')}\nPidFile {lab.file(f'httpd-{port}.pid')}\n"
                 f"Mutex file:{lab.folder.name} default\n"
                 f"User nobody\nGroup nogroup\nProxyPass / http://127.0.0.1:8000/\n{text}")
    os.chmod(lab.folder.name, 0o755)
    start(lab, need("apache2"), "-D", "FOREGROUND", "-f", conf)
    await_port(lab, port)


APP = """
import time


async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3")]})
    await send({"type": "http.response.body", "body": b"ok\\n"})


def wsgi(environ, begin):
    begin("200 OK", [("Content-Length", "3")])
    return [b"ok\\n"]
"""


def gunicorn(lab, port, text=""):
    write(lab, "app.py", APP)
    conf = write(lab, f"gunicorn-{port}.conf.py", text or 'worker_class = "gthread"\nthreads = 4\n')
    start(lab, PYTHON, need("gunicorn"), "-c", conf, "-b", f"0.0.0.0:{port}", "app:wsgi")
    await_port(lab, port)


def uvicorn(lab, port, text=""):
    write(lab, "app.py", APP)
    program = write(lab, f"uvicorn-{port}.py", "import uvicorn\nKEEP_BINDING = {}\n" + text +
                    f'\nuvicorn.run("app:asgi", host="0.0.0.0", port={port}, lifespan="off", **KEEP_BINDING)\n')
    start(lab, PYTHON, program)
    await_port(lab, port)


def node_server(lab, port, text=""):
    pasted = write(lab, f"node-server-{port}.js", text) if text else lab.file("absent.js")
    start(lab, need("node"), os.path.join(HERE, "clients", "node_server.js"), pasted, str(port))
    await_port(lab, port)


def python_websockets(lab, port, text=""):
    program = write(lab, f"serve-{port}.py", (text or "import websockets\nserve = websockets.serve\n") +
                    f"\nimport sys\nsys.path.insert(0, {HERE!r})\nimport small_servers\n"
                    f"small_servers.serve_websockets(serve, {port})\n")
    start(lab, PYTHON, program)
    await_port(lab, port)


