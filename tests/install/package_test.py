"""The Debian package and the installed tree, put into an empty root and taken away again."""

import glob
import os
import subprocess
import sys
import tempfile
import unittest

BUILD = os.environ["DEADAIR_BUILD"]
PROGRAMS = ("deadair-prober", "deadair-echo-server", "deadair-analysis")


def run(*command):
    done = subprocess.run(command, text=True, capture_output=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


class Package(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="deadair-package-")
        self.addCleanup(self.folder.cleanup)

    def path(self, *parts):
        return os.path.join(self.folder.name, *parts)

    def assert_tree(self, root):
        for name in PROGRAMS:
            self.assertRegex(run(os.path.join(root, "bin", name), "--version"), rf"^{name} \d")
            with open(os.path.join(root, "share/man/man1", name + ".1")) as page:
                text = page.read()
            self.assertIn("\\-\\-help", text)
            self.assertIn(".SH EXIT STATUS", text)
            self.assertTrue(os.path.exists(
                os.path.join(root, "share/bash-completion/completions", name)))
        for unit in ("deadair-echo-server", "deadair-watch"):
            self.assertTrue(os.path.exists(
                os.path.join(root, f"lib/systemd/system/{unit}.service")))

    def test_cmake_installs_programs_pages_and_units(self):
        run("cmake", "--install", BUILD, "--prefix", self.path("usr"))
        self.assert_tree(self.path("usr"))

    def test_the_debian_package_is_installed_and_removed_without_a_trace(self):
        run("cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-B", self.path("made"))
        package, = glob.glob(self.path("made", "*.deb"))
        with open("/etc/os-release") as about:
            suite = dict(line.strip().split("=", 1) for line in about if "=" in line).get(
                "VERSION_CODENAME", "").strip('"')
        self.assertIn(f"~{suite}_", os.path.basename(package))  # the release that it fits
        root = self.path("root")
        os.makedirs(os.path.join(root, "var/lib/dpkg/info"))
        os.makedirs(os.path.join(root, "var/lib/dpkg/updates"))
        open(os.path.join(root, "var/lib/dpkg/status"), "w").close()
        dpkg = ["dpkg", "--root", root, "--force-depends", "--force-not-root",
                "--force-script-chrootless", "--log", self.path("log")]
        run(*dpkg, "--install", package)
        self.assert_tree(os.path.join(root, "usr"))
        run(*dpkg, "--purge", "deadair")
        left = [os.path.join(folder, name) for folder, _, names in os.walk(root)
                for name in names if "/var/lib/dpkg" not in folder]
        self.assertEqual(left, [])

    def test_completion_knows_commands_and_options(self):
        script = os.path.join(os.path.dirname(__file__), "../../scripts/packaging/deadair.bash")

        def complete(*words):
            return run("bash", "-c", f'. "{script}"; PATH="{BUILD}/bin:$PATH"; shift 0; '
                       'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                       '_deadair "$1" "${@: -1}"; printf "%s\\n" "${COMPREPLY[@]}"',
                       "bash", *words).split()

        self.assertIn("measure", complete("deadair-prober", "me"))
        self.assertIn("--max-idle", complete("deadair-prober", "measure", "--max"))
        self.assertIn("findings", complete("deadair-analysis", "f"))
        self.assertIn("--listen", complete("deadair-echo-server", "--l"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
