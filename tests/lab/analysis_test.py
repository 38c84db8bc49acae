"""The commands of deadair-analysis on what a real run wrote down."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import unittest

from lab import Lab, program, rows

TIMEOUT = 6  # s
SERIES = re.compile(r'(deadair_\w+)\{((?:\w+="(?:[^"\\\n]|\\.)*",?)+)\} (-?[0-9.e+-]+)')


class Commands(unittest.TestCase):
    def analysis(self, *words, code=0, database=None):
        """Runs a command, expects its exit code, and returns what it printed and complained."""
        done = subprocess.run([program("deadair-analysis"), *words, "--db",
                               database or self.database], text=True, capture_output=True)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout or done.stderr

    def test_a_run_is_checked_exported_and_merged(self):
        with Lab("strict", TIMEOUT) as self.lab:
            prober = self.lab.prober(self.lab.echo_server(), "--min-idle", "2s", "--max-idle", "30s")
            self.assertEqual(prober.wait(at_most=60), 0, prober.complaints())
            self.database = prober.database
            for part in self.check, self.expect, self.export, self.into_a_pipe, self.merge:
                with self.subTest(part.__name__):
                    part()

    def check(self):
        self.assertIn("met: idle-timeout-at-least 4s",
                      self.analysis("check", "--idle-timeout-at-least", "4s"))
        said = self.analysis("check", "--idle-timeout-at-least", "30m",
                             "--keepalive-at-least", "60s", code=4)
        self.assertRegex(said, "(?m)^not met: idle-timeout-at-least 30m: .* less than 30 min$")
        self.assertRegex(said, "(?m)^not met: keepalive-at-least 60s: tcp_keepalive_idle ")
        said = self.analysis("check", "--idle-timeout-at-least", f"{TIMEOUT}s", code=3)
        self.assertIn("to conclude: deadair-prober 198.51.100.2:7443 --max-idle", said)

    def expect(self):
        said = self.analysis("findings", "--expect", "aws-nat-gateway", code=4)
        self.assertIn("AWS NAT Gateway: documented 350 s, silent; measured ", said)
        said = self.analysis("findings", "--expect", "linux-conntrack")
        self.assertIn("possible where it is configured", said)

    def export(self):
        found = rows(self.database, "SELECT * FROM findings")
        table = list(csv.DictReader(io.StringIO(self.analysis("export"))))
        self.assertEqual([row["kind"] for row in table], [row["kind"] for row in found])
        probes = rows(self.database, "SELECT * FROM probes")
        lines = self.analysis("export", "--format", "jsonl", "--table", "probes").splitlines()
        self.assertEqual([json.loads(line)["outcome"] for line in lines],
                         [row["outcome"] for row in probes])
        file = self.lab.file("deadair.prom")
        self.analysis("export", "--format", "openmetrics", "--output", file)
        self.openmetrics(file, found)
        self.assertEqual([name for name in os.listdir(self.lab.folder.name) if ".prom" in name],
                         ["deadair.prom"])

    def into_a_pipe(self):
        pipe = self.lab.file("pipe")
        os.mkfifo(pipe)
        with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
            self.analysis("export", "--output", pipe)
            self.assertEqual(reader.stdout.read(), self.analysis("export"))

    def openmetrics(self, file, found):
        with open(file) as text:
            *lines, end = text.read().splitlines()
        self.assertEqual(end, "# EOF")
        series = {}
        for line in lines:
            if line.startswith("# "):
                continue
            name, labels, value = SERIES.fullmatch(line).groups()
            self.assertNotIn((name, labels), series)
            series[name, labels] = float(value)
        timeouts = [value for (name, _), value in series.items()
                    if name == "deadair_idle_timeout_seconds"]
        self.assertEqual(len(timeouts), len(found))
        for value in timeouts:
            self.assertAlmostEqual(value, self.lab.truth(), delta=0.5)

    def merge(self):
        copy, both = self.lab.file("copy.db"), self.lab.file("all.db")
        self.analysis("merge", self.database, database=both)
        shutil.copy(self.database, copy)
        said = self.analysis("merge", copy, code=2, database=both)
        self.assertIn("is merged already as run 1", said)
        for table in "runs", "connections", "probes", "path_samples", "findings":
            count = f"SELECT count(*) AS rows FROM {table}"
            self.assertEqual(rows(both, count), rows(self.database, count), table)
        self.assertEqual(self.analysis("findings", database=both), self.analysis("findings"))


if __name__ == "__main__":
    unittest.main()
