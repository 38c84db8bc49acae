#!/usr/bin/env python3
"""TLS stacks of other makes at the other end of a hibernated connection: as clients of a server that
hibernates, and as servers of a client that does. OpenSSL's own programs and Python in every run;
with DEADAIR_FULL=1 also GnuTLS, Node and Go, where they are."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
HIBERNATOR = Path(os.environ["DEADAIR_BIN"]) / "deadair-hibernator"
FULL = bool(os.environ.get("DEADAIR_FULL"))
# As short as a probe, more than a record, and something between.
SIZES = (1, 100, 16384, 50000, 3)

NODE_SERVER = """
const [, certificate, key] = process.argv, fs = require("fs");
const server = require("tls").createServer({cert: fs.readFileSync(certificate),
    key: fs.readFileSync(key), minVersion: "TLSv1.3"}, peer => peer.pipe(peer));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
"""
NODE_CLIENT = """
const peer = require("tls").connect({port: +process.argv[1], host: "127.0.0.1",
    rejectUnauthorized: false, minVersion: "TLSv1.3"});
process.stdin.pipe(peer); peer.pipe(process.stdout);
"""
GO = """
package main

import ("crypto/tls"; "fmt"; "io"; "os")

func main() {
	if os.Args[1] == "server" {
		pair, _ := tls.LoadX509KeyPair(os.Args[2], os.Args[3])
		at, _ := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair},
			MinVersion: tls.VersionTLS13})
		fmt.Println(at.Addr().String()[len("127.0.0.1:"):])
		for {
			peer, _ := at.Accept()
			go func() { io.Copy(peer, peer); peer.Close() }()
		}
	}
	peer, problem := tls.Dial("tcp", "127.0.0.1:"+os.Args[2], &tls.Config{InsecureSkipVerify: true,
		MinVersion: tls.VersionTLS13})
	if problem != nil { panic(problem) }
	go io.Copy(peer, os.Stdin)
	io.Copy(os.Stdout, peer)
}
"""


@contextmanager
def running(*command):
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Interop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.certificate, cls.key = (Path(cls.folder.name) / name for name in ("certificate", "key"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout",
                        cls.key, "-out", cls.certificate], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def go(self):
        source = Path(self.folder.name) / "peer.go"
        program = source.with_suffix("")
        if not program.exists():
            source.write_text(GO)
            subprocess.run(["go", "build", "-o", program, source], check=True)
        return program

    # What a client of another make says to a server that hibernates comes back.
    def echoes_through(self, *client):
        with running(HIBERNATOR) as server:
            port = int(server.stdout.readline())
            with running(*(str(word).replace("PORT", str(port)) for word in client)) as peer:
                for size in SIZES:
                    said = os.urandom(size)
                    threading.Thread(target=lambda: (peer.stdin.write(said), peer.stdin.flush())).start()
                    self.assertEqual(peer.stdout.read(size), said)

    # A client that hibernates hears from a server of another make what it said.
    def heard_at(self, port):
        done = subprocess.run([HIBERNATOR, str(port)], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def heard_at_program(self, *server):
        with running(*server, self.certificate, self.key) as peer:
            self.heard_at(int(peer.stdout.readline()))

    def test_openssl_clients(self):
        for suite in ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                      "TLS_CHACHA20_POLY1305_SHA256"):
            with self.subTest(suite=suite):
                self.echoes_through("openssl", "s_client", "-quiet", "-tls1_3", "-ciphersuites", suite,
                                    "-connect", "127.0.0.1:PORT")

    def test_openssl_server(self):
        port = free_port()
        with running("openssl", "s_server", "-quiet", "-tls1_3", "-accept", f"127.0.0.1:{port}",
                     "-cert", self.certificate, "-key", self.key) as server:
            def echo():
                while said := os.read(server.stdout.fileno(), 65536):
                    server.stdin.write(said)
                    server.stdin.flush()

            threading.Thread(target=echo, daemon=True).start()
            self.wait_for(port)
            self.heard_at(port)

    # These do not say when they listen. The kernel does; asked again after as long as a start takes.
    def wait_for(self, port):
        for _ in range(200):
            if re.search(rf":{port:04X} 0+:0000 0A", Path("/proc/net/tcp").read_text()):
                return
            time.sleep(0.05)
        self.fail("the server of another make does not listen")

    def test_python_client(self):
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        with running(HIBERNATOR) as server:
            at = ("127.0.0.1", int(server.stdout.readline()))
            with trusting.wrap_socket(socket.create_connection(at, timeout=10)) as peer:
                for size in SIZES:
                    said, heard = os.urandom(size), b""
                    peer.sendall(said)
                    while len(heard) < size:
                        heard += peer.recv(65536)
                    self.assertEqual(heard, said)

    def test_python_server(self):
        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        own.load_cert_chain(self.certificate, self.key)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            def echo():
                with own.wrap_socket(listening.accept()[0], server_side=True) as peer:
                    while said := peer.recv(65536):
                        peer.sendall(said)

            serving = threading.Thread(target=echo)
            serving.start()
            self.heard_at(listening.getsockname()[1])
            serving.join()

    # As a client alone: the echo of its server is one of lines of text.
    @unittest.skipUnless(FULL and shutil.which("gnutls-cli"), "DEADAIR_FULL=1 and GnuTLS")
    def test_gnutls_client(self):
        self.echoes_through("gnutls-cli", "--insecure", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3",
                            "--logfile", os.devnull, "--port", "PORT", "127.0.0.1")

    @unittest.skipUnless(FULL and shutil.which("node"), "DEADAIR_FULL=1 and Node")
    def test_node(self):
        self.echoes_through("node", "-e", NODE_CLIENT, "PORT")
        self.heard_at_program("node", "-e", NODE_SERVER)

    @unittest.skipUnless(FULL and shutil.which("go"), "DEADAIR_FULL=1 and Go")
    def test_go(self):
        self.echoes_through(self.go(), "client", "PORT")
        self.heard_at_program(self.go(), "server")


if __name__ == "__main__":
    unittest.main()
