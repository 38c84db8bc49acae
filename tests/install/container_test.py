"""The container image without a container engine: its root laid out as the Containerfile says, and
what it runs run there, as the user and with the words that it names."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILT = os.environ.get("DEADAIR_PORTABLE", os.path.join(ROOT, "build", "portable"))
CONTAINERFILE = os.path.join(ROOT, "scripts", "packaging", "container", "Containerfile")


def instructions():
    with open(CONTAINERFILE) as file:
        lines = [line.split(None, 1) for line in file if line.strip() and not line.startswith("#")]
    return {word: rest.strip() for word, rest in lines}


class Container(unittest.TestCase):
    def test_what_the_image_holds_serves_as_its_user(self):
        image = instructions()
        self.assertEqual(image["FROM"], "scratch")
        *programs, to = image["COPY"].split()
        user, group = image["USER"].split(":")
        with tempfile.TemporaryDirectory(prefix="deadair-container-") as root:
            os.chmod(root, 0o755)
            for name in programs:
                shutil.copy(os.path.join(BUILT, name), os.path.join(root, to.lstrip("/")))
            state = os.path.join(root, image["VOLUME"].lstrip("/"))
            os.mkdir(state, 0o700)
            os.chown(state, int(user), int(group))
            words = json.loads(image["ENTRYPOINT"]) + json.loads(image["CMD"])
            words[words.index("--listen") + 1] = "127.0.0.1:0"  # the host's ports are not ours
            server = subprocess.Popen(["chroot", f"--userspec={user}:{group}", root, *words],
                                      text=True, stdout=subprocess.PIPE)
            try:
                said = "".join(line for line, _ in zip(server.stdout, range(4)))
            finally:
                server.terminate()
                ended = server.wait()
                server.stdout.close()
            self.assertRegex(said, r"pin +sha256:[0-9a-f]{64}")
            self.assertIn(ended, (0, -signal.SIGTERM))  # it may not have come to listen for it yet
            self.assertEqual(os.stat(os.path.join(state, "token")).st_uid, int(user))


if __name__ == "__main__":
    unittest.main()
