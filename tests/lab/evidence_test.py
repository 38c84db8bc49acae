"""deadair-prober evidence, through a real firewall."""

import os
import subprocess
import tarfile
import unittest

from lab import CLIENT, PORT, SERVER, Lab, program, rows

PARTS = ["system", "connections", "tcp-counters", "interfaces", "addresses", "routes",
         "neighbours", "conntrack", "timing-server", "timing-also-1", "path-mtu", "hops",
         "round-trips", "README"]


class Evidence(unittest.TestCase):
    def gather(self, lab, server, *options, to=f"{SERVER[4]}:{PORT}"):
        return subprocess.run(
            ["ip", "netns", "exec", f"deadair-{lab.name}-client", program("deadair-prober"),
             "evidence", to, "--pin", server.pin, "--token-file", server.token_file,
             "--db", lab.file("results.db"), "--evidence-for", "2s", *options],
            text=True, capture_output=True, cwd=lab.folder.name)

    def archive(self, lab, name="evidence.tar.gz"):
        with tarfile.open(lab.file(name)) as archive:
            return {each.name: archive.extractfile(each).read().decode()
                    for each in archive.getmembers()}

    def test_everything_is_gathered_stored_and_packed(self):
        with Lab("strict", 20) as lab:
            server = lab.echo_server()
            done = self.gather(lab, server, "--archive", "evidence.tar.gz",
                               "--also", f"https://{SERVER[4]}:{PORT}/health")
            self.assertEqual(done.returncode, 0, done.stderr)
            stored = rows(lab.file("results.db"), "SELECT * FROM evidence ORDER BY evidence_id")
            self.assertEqual([row["part"] for row in stored], PARTS)
            self.assertEqual({row["moment"] for row in stored}, {"asked"})
            self.assertEqual(rows(lab.file("results.db"), "SELECT * FROM events"), [])
            files = self.archive(lab)
            self.assertEqual(len(files), len(PARTS))
            self.assertIn("default via 192.0.2.1 on eth0", files["routes.txt"])
            self.assertIn(f"eth0 {CLIENT[4]}/24", files["addresses.txt"])
            self.assertIn("eth0 up, mtu 1500", files["interfaces.txt"])
            self.assertRegex(files["interfaces.txt"], "tso (on|off), gso (on|off)")
            self.assertRegex(files["hops.txt"], rf" 1 192\.0\.2\.1 .*\n 2 198\.51\.100\.2 ")
            self.assertIn("path MTU 1500 bytes", files["path-mtu.txt"])
            self.assertIn("2 of 2 answered", files["round-trips.txt"])
            timed = files["timing-server.txt"].splitlines()[2:]
            self.assertEqual(len(timed), 10)
            for line in timed:
                self.assertEqual(len([float(each) for each in line.split()]), 5, line)
            self.assertNotIn("timing-server: ", files["README"])
            self.assertIn("What stands out", files["README"])
            for text in [done.stdout, *files.values()]:
                self.assertNotIn(server.token(), text)

    def test_redaction_masks_addresses_and_keeps_them_apart(self):
        with Lab("strict", 20) as lab:
            server = lab.echo_server()
            done = self.gather(lab, server, "--archive", "evidence.tar.gz", "--redact")
            self.assertEqual(done.returncode, 0, done.stderr)
            everything = "".join(self.archive(lab).values()) + done.stdout
            for table in ("runs", "evidence"):
                everything += str(rows(lab.file("results.db"), f"SELECT * FROM {table}"))
            for address in (CLIENT[4], SERVER[4], CLIENT[6], "192.0.2.1"):
                self.assertNotIn(address, everything)
            self.assertRegex(everything, r"default via address-\d+ on eth0")

    def test_an_unreachable_server_and_a_missing_route_are_said(self):
        with Lab("strict", 20) as lab:
            server = lab.echo_server()
            lab.start("client", "ip", "route", "del", "default").wait()
            lab.start("client", "ip", "-6", "route", "del", "default").wait()
            done = self.gather(lab, server)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("routes: there is no default route", done.stdout)
            self.assertIn("timing-server: 10 of 10 tries", done.stdout)
            self.assertIn("Network is unreachable", done.stdout)

    def test_a_run_gathers_the_short_form_at_its_start_and_end(self):
        short = [each for each in PARTS
                 if each not in ("timing-also-1", "hops", "round-trips", "README")]
        with Lab("strict", 4) as lab:
            server = lab.echo_server()
            prober = lab.prober(server, "--transport", "tls", "--min-idle", "1s", "--max-idle", "30s")
            self.assertEqual(prober.wait(60), 0, prober.complaints())
            gathered = prober.rows("SELECT * FROM evidence ORDER BY evidence_id")
            parts = {moment: [row["part"] for row in gathered if row["moment"] == moment]
                     for moment in ("start", "end")}
            self.assertEqual(parts, {"start": [*short, "hops"], "end": short})
            timed = [row for row in gathered if row["part"] == "timing-server"]
            for row in timed:
                self.assertEqual((row["available"], row["stands_out"]), (1, ""))
                self.assertEqual(len(row["detail"].splitlines()), 2 + 3)
            # It is there before the first silence is over, and adds little to the end.
            self.assertLess(max(row["at_s"] for row in gathered if row["moment"] == "start"), 2)
            [last] = prober.rows("SELECT max(verdict_s) AS at_s FROM probes")
            self.assertLess(max(row["at_s"] for row in gathered), last["at_s"] + 3)
            [seen] = prober.rows("SELECT count(*) AS n FROM probes WHERE outcome = 'void'")
            self.assertEqual(seen["n"], 0)

    def test_a_run_without_evidence_has_none(self):
        with Lab("strict", 3) as lab:
            prober = lab.prober(lab.echo_server(), "--transport", "tcp", "--min-idle", "1s",
                                "--max-idle", "20s", "--no-evidence", "--no-uploads")
            self.assertEqual(prober.wait(60), 0, prober.complaints())
            self.assertEqual(prober.rows("SELECT * FROM evidence"), [])

    def test_bad_words_end_with_2(self):
        with Lab("strict", 20) as lab:
            server = lab.echo_server()
            for words in (["--also", "ftp://a.example"], ["--evidence-for", "soon"],
                          ["--evidence-for", "2d"]):
                with self.subTest(words):
                    self.assertEqual(self.gather(lab, server, *words).returncode, 2)
            self.assertFalse(os.path.exists(lab.file("results.db")))


if __name__ == "__main__":
    unittest.main()
