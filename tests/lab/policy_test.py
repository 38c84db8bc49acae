"""A firewall that has a policy of its own for a port."""

import unittest

from lab import Lab

# Connections to port 7444 live in a set whose elements go after 7 s without a packet.
SHORT_PORT = """
table ip short_port {
    set bindings { type ipv4_addr . inet_service; flags dynamic, timeout; timeout 7s; }
    chain forward {
        type filter hook forward priority -10; policy accept;
        tcp dport 7444 tcp flags & (syn | ack) == syn update @bindings { ip saddr . tcp sport } accept
        tcp dport 7444 ip saddr . tcp sport @bindings update @bindings { ip saddr . tcp sport } accept
        tcp sport 7444 ip daddr . tcp dport @bindings update @bindings { ip daddr . tcp dport } accept
        tcp dport 7444 drop
        tcp sport 7444 drop
    }
}
"""


class TwoPorts(unittest.TestCase):
    def test_each_port_has_its_own_finding_in_one_run(self):
        with Lab("strict", 11) as lab:
            with open(lab.file("short_port.nft"), "w") as file:
                file.write(SHORT_PORT)
            rules = lab.start("firewall", "nft", "-f", lab.file("short_port.nft"))
            self.assertEqual(rules.wait(), 0)
            server = lab.echo_server("--listen", "[::]:7444")
            prober = lab.prober(server, "--port", "7443,7444", "--min-idle", "2s",
                                "--max-idle", "1m", "--transport", "tls")
            self.assertEqual(prober.wait(at_most=60), 0, prober.complaints())
            found = prober.rows("SELECT * FROM findings")
            self.assertEqual(len(found), 4)
            for row in found:
                truth = 11 if row["server_port"] == 7443 else 7
                with self.subTest(port=row["server_port"], direction=row["direction"]):
                    self.assertEqual(row["kind"], "timeout", row)
                    self.assertAlmostEqual(row["idle_timeout_s"], truth, delta=0.5)
                    self.assertLessEqual(row["low_s"], truth + 0.05)
                    self.assertGreaterEqual(row["high_s"], truth - 0.05)


if __name__ == "__main__":
    unittest.main()
