"""A reverse proxy on this side of the firewall, which has the pasted text; a program beside it asks it
for what the server has. By PROOF_DRIVER."""
import os
import shutil
import socket
import subprocess
import tempfile
import time

from proof import HOST, PASTED, PORT, SILENCE, equal, run, silence, waiting

driver = os.environ["PROOF_DRIVER"]
folder = tempfile.TemporaryDirectory()
os.chmod(folder.name, 0o755)
MODULES = "/usr/lib/apache2/modules"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nginx(text, here):
    text = text or """upstream backend { server 127.0.0.1:8080; keepalive 16; }
server {
    location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }
}
"""
    text = text.replace("\nserver {", f"\nserver {{\nlisten 127.0.0.1:{here};", 1)
    return ["nginx", "-p", folder.name, "-c"], (
        f"daemon off;\nuser root;\npid {folder.name}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{text}}}\n")


def haproxy(text, here):
    text = text or ("defaults\n mode http\n timeout connect 5s\n timeout client 60s\n timeout server 60s\n"
                    "frontend clients\n bind :8443\n default_backend servers\n"
                    "backend servers\n server one 127.0.0.1:8080\n")
    return ["haproxy", "-db", "-f"], text.replace("bind :8443", f"bind 127.0.0.1:{here}")


def apache(text, here):
    loaded = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
                     for name in ("mpm_event", "authz_core", "proxy", "proxy_http"))
    return ["apache2", "-D", "FOREGROUND", "-f"], (
        f"ServerRoot {folder.name}\nServerName proof\nListen 127.0.0.1:{here}\n{loaded}"
        f"ErrorLog {folder.name}/log\nPidFile {folder.name}/pid\nMutex file:{folder.name} default\n"
        f"User nobody\nGroup nogroup\n"
        f"{text or 'ProxyPass / http://127.0.0.1:8080/'}\n")


def start():
    text = ""
    if PASTED != "-":
        with open(PASTED) as file:
            text = file.read()
    here = free_port()
    command, conf = {"nginx": nginx, "haproxy": haproxy, "apache": apache}[driver](text, here)
    path = os.path.join(folder.name, "conf")
    with open(path, "w") as file:
        file.write(conf.replace("127.0.0.1:8080", f"{HOST}:{PORT}"))
    tool = shutil.which(command[0], path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    proxy = subprocess.Popen([tool, *command[1:], path], stdout=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", here)) == 0:
                break
        time.sleep(0.2)
    return proxy, here


proxy, here = start()


def get(path):
    with socket.create_connection(("127.0.0.1", here)) as sock:
        sock.settimeout(SILENCE + 9)
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        heard = b""
        for block in iter(lambda: sock.recv(65536), b""):
            heard += block
    equal((heard[:12], heard[-3:]), (b"HTTP/1.1 200", b"ok\n"))


def reuse():
    get("/fast")
    silence()
    get("/fast")


def held():
    waiting()
    get(f"/slow?{SILENCE}")


try:
    run(reuse=reuse, held=held)
finally:
    proxy.terminate()
    proxy.wait(10)
