"""Secrets of every character, planted wherever a person writes one: none of them is kept or shown."""

import base64
import concurrent.futures
import http.server
import os
import socket
import subprocess
import tempfile
import threading
import unittest
import urllib.parse

from server_process import ServerProcess, program

# What a URL reserves (RFC 3986, section 2.2), what a shell reads, and what is in nobody's alphabet.
CHARACTERS = ":/?#[]@!$&'()*+,;=% \"\\^`{|}<>~ß"
HALVES = ("Kq7vTz", "Wm3xRp")  # of each secret, with a character between them


def secret_with(character):
    return HALVES[0] + character + HALVES[1]


class Proxy(http.server.BaseHTTPRequestHandler):
    """HTTP CONNECT, for whoever knows one of the secrets."""

    def do_CONNECT(self):
        wanted = {"Basic " + base64.b64encode(f"me:{secret_with(each)}".encode()).decode()
                  for each in CHARACTERS}
        if self.headers.get("Proxy-Authorization") not in wanted:
            self.send_error(407)
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=self._pass, args=(there, self.connection))
            back.start()
            self._pass(self.connection, there)
            back.join()
        self.close_connection = True

    @staticmethod
    def _pass(source, sink):
        try:
            while chunk := source.recv(65536):
                sink.sendall(chunk)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            sink.close()

    def log_message(self, *_):
        pass


class Threads(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class Secrets(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(ServerProcess()) if hasattr(self, "enterContext") else None
        if self.server is None:  # before Python 3.11
            self.server = ServerProcess().__enter__()
            self.addCleanup(self.server.__exit__, None, None, None)
        folder = tempfile.TemporaryDirectory(prefix="deadair-secrets-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        proxy = Threads(("127.0.0.1", 0), Proxy)
        self.addCleanup(proxy.server_close)
        self.addCleanup(proxy.shutdown)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        self.proxy = f"127.0.0.1:{proxy.server_address[1]}"

    def run_in(self, folder, name, *words, **environment):
        done = subprocess.run([program(name), *words], cwd=folder, capture_output=True, timeout=120,
                              env={**os.environ, **environment})
        with open(os.path.join(folder, "said"), "ab") as said:
            said.write(done.stdout + done.stderr)
        return done.returncode

    def prober(self, folder, command, *words, target=None, **environment):
        return self.run_in(folder, "deadair-prober", command,
                           target or f"127.0.0.1:{self.server.port}",
                           "--pin", self.server.pin, "--token-file", self.server.token_file,
                           "--db", "results.db", *words, **environment)

    def measure(self, folder, *words, **environment):
        return self.prober(folder, "measure", "--transport", "tls", "--min-idle", "500ms",
                           "--max-idle", "1200ms", "--connections", "8", "--refresh", "none",
                           "--no-uploads", "--progress", "plain", *words, **environment)

    def read_everything(self, folder):
        for words in (["runs"], ["findings"], ["recommend"], ["escalate"],
                      *(["report", "--format", each] for each in ("html", "markdown", "text")),
                      *(["export", "--format", "jsonl", "--table", each]
                        for each in ("runs", "events", "evidence"))):
            self.run_in(folder, "deadair-analysis", *words, "--db", "results.db")

    def assert_kept_nowhere(self, folder, secret):
        forms = {*HALVES, secret, urllib.parse.quote(secret, safe=""),
                 base64.b64encode(f"me:{secret}".encode()).decode()}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                held = file.read()
            for form in forms:
                at = held.find(form.encode())
                self.assertEqual(at, -1,
                                 f"{name} holds {form}: {held[max(at - 200, 0):at + 100]}")

    def said(self, character):
        with open(os.path.join(self.folder, f"{ord(character):x}", "said"), "rb") as file:
            return file.read().decode(errors="replace")

    def plant(self, character):
        """@return what the prober answered to the secret, encoded and not."""
        secret = secret_with(character)
        coded = urllib.parse.quote(secret, safe="")
        folder = os.path.join(self.folder, f"{ord(character):x}")
        os.mkdir(folder)
        codes = [self.measure(folder, "--proxy", f"http://me:{coded}@{self.proxy}"),
                 self.measure(folder, DEADAIR_PROXY=f"http://me:{secret}@{self.proxy}"),
                 self.measure(folder, f"--proxy=http://me:{secret}@{self.proxy}"),
                 self.measure(folder, f"--proxi=http://me:{secret}@{self.proxy}"),
                 self.measure(folder, target=f"https://me:{secret}@127.0.0.1/"),
                 self.measure(folder, target=f"me:{secret}@127.0.0.1")]
        codes.append(self.prober(folder, "evidence", "--evidence-for", "0s", "--archive", "all.tar",
                                 "--also", f"http://{self.proxy}/{coded}?key={coded}"))
        self.prober(folder, "evidence", "--also", f"http://me:{secret}@{self.proxy}/{secret}")
        self.read_everything(folder)
        subprocess.run(["tar", "xzf", "all.tar"], cwd=folder, check=True)
        for here, _, names in os.walk(folder):  # what the archive holds, beside the rest
            for name in names if here != folder else ():
                os.rename(os.path.join(here, name), os.path.join(folder, "all-" + name))
        for here, _, _ in os.walk(folder, topdown=False):
            if here != folder:
                os.rmdir(here)
        self.assert_kept_nowhere(folder, secret)
        return codes

    def test_no_secret_of_any_character_is_kept_or_shown(self):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = dict(zip(CHARACTERS, pool.map(self.plant, CHARACTERS)))
        for character, (coded, *raw, archived) in answers.items():
            self.assertIn(coded, (0, 3), f"{character!r}, encoded, opened no way through the proxy: "
                          + self.said(character))
            self.assertEqual(raw[2:], [2, 2, 2], character)
            # As it stands it may be a URL, too; then it opens the way, and else it is refused.
            self.assertLessEqual(set(raw), {0, 2, 3}, f"{character!r}: {raw}")
            self.assertEqual(archived, 0)
        self.assertFalse(any(half in self.server.log() for half in HALVES))


if __name__ == "__main__":
    unittest.main()
