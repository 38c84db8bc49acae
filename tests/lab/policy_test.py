"""A firewall that has a policy of its own for a port, or for an address family."""

import unittest

from lab import Lab

# Connections of the family FAMILY to the port PORT live in a set whose elements go after 7 s
# without a packet.
SHORT_POLICY = """
table FAMILY short_policy {
    set bindings { type ADDRESS . inet_service; flags dynamic, timeout; timeout 7s; }
    chain forward {
        type filter hook forward priority -10; policy accept;
        tcp dport PORT tcp flags & (syn | ack) == syn update @bindings { FAMILY saddr . tcp sport } accept
        tcp dport PORT FAMILY saddr . tcp sport @bindings update @bindings { FAMILY saddr . tcp sport } accept
        tcp sport PORT FAMILY daddr . tcp dport @bindings update @bindings { FAMILY daddr . tcp dport } accept
        tcp dport PORT drop
        tcp sport PORT drop
    }
}
"""


class OnePolicyIsShorter(unittest.TestCase):
    def add_policy(self, lab, family, address, port):
        rules = SHORT_POLICY.replace("FAMILY", family).replace("ADDRESS", address)
        with open(lab.file("short_policy.nft"), "w") as file:
            file.write(rules.replace("PORT", str(port)))
        lab.run("firewall", "nft", "-f", lab.file("short_policy.nft"))

    def assert_findings(self, prober, column, shorter):
        """Two directions for each value of the column; the firewall forgets those with the value
        `shorter` after 7 s, the others after 11 s."""
        self.assertEqual(prober.wait(at_most=60), 0, prober.complaints())
        found = prober.rows("SELECT * FROM findings")
        self.assertEqual(len({(row[column], row["direction"]) for row in found}), 4, found)
        for row in found:
            truth = 7 if row[column] == shorter else 11
            with self.subTest(of=row[column], direction=row["direction"]):
                self.assertEqual(row["kind"], "timeout", row)
                self.assertAlmostEqual(row["idle_timeout_s"], truth, delta=0.5)
                self.assertLessEqual(row["low_s"], truth + 0.05)
                self.assertGreaterEqual(row["high_s"], truth - 0.05)


class TwoPorts(OnePolicyIsShorter):
    def test_each_port_has_its_own_finding_in_one_run(self):
        with Lab("strict", 11) as lab:
            self.add_policy(lab, "ip", "ipv4_addr", 7444)
            server = lab.echo_server("--listen", "[::]:7444")
            self.assert_findings(lab.prober(server, "--port", "7443,7444", "--min-idle", "2s",
                                            "--max-idle", "1m", "--transport", "tls"),
                                 "server_port", 7444)


class TwoFamilies(OnePolicyIsShorter):
    def test_each_family_has_its_own_finding_in_one_run(self):
        with Lab("strict", 11) as lab:
            self.add_policy(lab, "ip6", "ipv6_addr", 7443)
            self.assert_findings(lab.prober(lab.echo_server(), "-4", "-6", "--min-idle", "2s",
                                            "--max-idle", "1m", "--transport", "tls", family=None),
                                 "family", "ipv6")


if __name__ == "__main__":
    unittest.main()
