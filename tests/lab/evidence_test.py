"""deadair-prober evidence, through a real firewall."""

import os
import subprocess
import sys
import tarfile
import time
import unittest

from lab import CLIENT, PORT, SERVER, Lab, program, rows, wait_until

# Runs what follows under a filter, as containers do, in which one thing is not permitted.
SANDBOX = """
import ctypes, os, struct, sys
def refuse(call, argument, value):
    BPF_LOAD, BPF_JEQ, BPF_RET = 0x20, 0x15, 0x06
    ALLOW, EPERM = 0x7fff0000, 0x00050001
    rules = [(BPF_LOAD, 0, 0, 0), (BPF_JEQ, 0, 3, call),
             (BPF_LOAD, 0, 0, 16 + 8 * argument), (BPF_JEQ, 0, 1, value), (BPF_RET, 0, 0, EPERM),
             (BPF_RET, 0, 0, ALLOW)]
    code = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    kept = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", len(rules), ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
    assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0) == 0
x86 = os.uname().machine == "x86_64"
"""
RUN = "\nos.execv(sys.argv[1], sys.argv[1:])"
WITHOUT_ETHTOOL = SANDBOX + "refuse(16 if x86 else 29, 1, 0x8946)" + RUN  # ioctl, SIOCETHTOOL
WITHOUT_NETLINK = SANDBOX + "refuse(41 if x86 else 198, 0, 16)" + RUN  # socket, AF_NETLINK

PARTS = ["system", "connections", "tcp-counters", "interfaces", "addresses", "routes",
         "neighbours", "conntrack", "timing-server", "timing-also-1", "path-mtu", "hops",
         "round-trips", "README"]


class Evidence(unittest.TestCase):
    def gather(self, lab, server, *options, to=f"{SERVER[4]}:{PORT}", through=()):
        """@param through  a command that runs the prober"""
        return subprocess.run(
            ["ip", "netns", "exec", f"deadair-{lab.name}-client", *through,
             program("deadair-prober"),
             "evidence", to, "--pin", server.pin, "--token-file", server.token_file,
             "--db", lab.file("results.db"), "--evidence-for", "2s", *options],
            text=True, capture_output=True, cwd=lab.folder.name)

    def archive(self, lab, name="evidence.tar.gz"):
        with tarfile.open(lab.file(name)) as archive:
            members = {each.name: archive.extractfile(each).read().decode()
                       for each in archive.getmembers()}
        folder, = {os.path.dirname(each) for each in members}  # one, of its own
        self.assertEqual(folder, name.removesuffix(".tar.gz"))
        return {os.path.basename(each): text for each, text in members.items()}

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

    def test_a_part_that_is_not_permitted_says_so_and_the_rest_goes_on(self):
        with Lab("strict", 20) as lab:
            done = self.gather(lab, lab.echo_server(), "--archive", "evidence.tar.gz",
                               through=(sys.executable, "-c", WITHOUT_ETHTOOL))
            self.assertEqual(done.returncode, 0, done.stderr)
            files = self.archive(lab)
            self.assertIn("eth0 up, mtu 1500", files["interfaces.txt"])
            self.assertIn("offloads not told: Operation not permitted", files["interfaces.txt"])
            self.assertIn("default via 192.0.2.1 on eth0", files["routes.txt"])
            self.assertIn("2 of 2 answered", files["round-trips.txt"])

    def test_netlink_that_is_not_permitted_costs_its_parts_alone(self):
        with Lab("strict", 20) as lab:
            done = self.gather(lab, lab.echo_server(),
                               through=(sys.executable, "-c", WITHOUT_NETLINK))
            self.assertEqual(done.returncode, 0, done.stderr)
            stored = {row["part"]: row for row in rows(lab.file("results.db"),
                                                       "SELECT * FROM evidence")}
            for part in ("connections", "addresses", "routes", "neighbours"):
                self.assertEqual(stored[part]["available"], 0, stored[part])
                self.assertIn("Operation not permitted", stored[part]["detail"])
                self.assertIn(f"{part}: not available", done.stdout)
            for part in ("system", "tcp-counters", "conntrack", "timing-server", "hops"):
                self.assertEqual(stored[part]["available"], 1, stored[part])

    def test_ipv6_alone_is_enough(self):
        with Lab("strict", 4) as lab:
            server = lab.echo_server()
            lab.run("client", "ip", "-4", "address", "flush", "dev", "eth0")
            done = self.gather(lab, server, "--archive", "evidence.tar.gz",
                               to=f"[{SERVER[6]}]:{PORT}")
            self.assertEqual(done.returncode, 0, done.stderr)
            files = self.archive(lab)
            self.assertNotIn(CLIENT[4], files["addresses.txt"])
            self.assertIn(f"eth0 {CLIENT[6]}/64", files["addresses.txt"])
            self.assertNotIn("no default route", files["README"])
            self.assertRegex(files["hops.txt"], r" 1 2001:db8:1::1 .*\n 2 2001:db8:2::2 ")
            self.assertIn("2 of 2 answered", files["round-trips.txt"])
            prober = lab.prober(server, "--transport", "tcp", "--min-idle", "1s", "--max-idle",
                                "20s", "--no-uploads", family=6)
            self.assertEqual(prober.wait(60), 0, prober.complaints())
            for row in prober.rows("SELECT * FROM evidence WHERE part = 'timing-server' "
                                   "AND moment <> 'asked'"):
                self.assertEqual((row["available"], row["stands_out"]), (1, ""), row)
                self.assertIn(f"https://[{SERVER[6]}]:{PORT}", row["detail"])

    def test_without_dns_the_host_is_looked_at_and_nothing_is_sent(self):
        with Lab("strict", 20) as lab:
            server = lab.echo_server()
            with open(lab.file("resolv.conf"), "w") as file:
                file.write("nameserver 192.0.2.1\noptions timeout:1 attempts:1\n")
            alone = ("unshare", "--mount", "sh", "-c",
                     'mount --bind resolv.conf /etc/resolv.conf && exec "$@"', "sh")
            done = self.gather(lab, server, to=f"echo.example:{PORT}", through=alone)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("timing-server: echo.example has no address", done.stdout)
            parts = [row["part"] for row in rows(lab.file("results.db"),
                                                 "SELECT part FROM evidence")]
            self.assertEqual(parts, [*PARTS[:9], "README"])

    def test_bad_words_end_with_2(self):
        with Lab("strict", 20) as lab:
            server = lab.echo_server()
            for words in (["--also", "ftp://a.example"], ["--evidence-for", "soon"],
                          ["--evidence-for", "2d"]):
                with self.subTest(words):
                    self.assertEqual(self.gather(lab, server, *words).returncode, 2)
            self.assertFalse(os.path.exists(lab.file("results.db")))


class BesideARun(unittest.TestCase):
    """The short form, at the start and the end of a measurement."""

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

    def test_a_verification_gathers_it_as_well(self):
        with Lab("strict", 3) as lab:
            prober = lab.prober(lab.echo_server(), "--assume-timeout", "3s", "--tcp-keepalive",
                                "1s", "--connections", "4", "--transport", "tcp",
                                command="verify")
            # With TCP_KEEPINTVL's default the second keepalive comes after 75 s: it fails.
            self.assertEqual(prober.wait(120), 4, prober.complaints())
            counts = prober.rows("SELECT moment, count(*) AS n FROM evidence GROUP BY moment")
            self.assertEqual({row["moment"]: row["n"] for row in counts}, {"start": 11, "end": 10})

    def test_an_end_without_answers_takes_two_seconds(self):
        with Lab("strict", 30) as lab:
            prober = lab.prober(lab.echo_server(), "--transport", "tcp", "--min-idle", "5s",
                                "--max-idle", "60s")
            gathered = "SELECT part FROM evidence WHERE moment = '{}' ORDER BY evidence_id"
            wait_until(lambda: len(prober.kept(gathered.format("start"))) == 11, 20,
                       "the evidence of the start")
            lab.command("exec", "firewall", "nft", "insert", "rule", "inet", "lab", "forward",
                        "tcp", "flags", "&", "(syn|ack)", "==", "syn", "drop")
            began = time.monotonic()
            prober.interrupt()
            self.assertEqual(prober.wait(30), 130, prober.complaints())
            self.assertLess(time.monotonic() - began, 6)
            parts = [row["part"] for row in prober.rows(gathered.format("end"))]
            self.assertEqual(parts[:8], PARTS[:8])
            self.assertNotIn("path-mtu", parts)

    def test_a_run_without_evidence_has_none(self):
        with Lab("strict", 3) as lab:
            prober = lab.prober(lab.echo_server(), "--transport", "tcp", "--min-idle", "1s",
                                "--max-idle", "20s", "--no-evidence", "--no-uploads")
            self.assertEqual(prober.wait(60), 0, prober.complaints())
            self.assertEqual(prober.rows("SELECT * FROM evidence"), [])


if __name__ == "__main__":
    unittest.main()
