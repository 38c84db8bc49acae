"""What a run says of the path, held against what the lab does to packets."""

import socket
import threading
import unittest

from lab import SERVER, Lab, wait_until


class PathQuality(unittest.TestCase):
    def stream(self, lab, size):
        """Uploads so much from the client, beside the run."""
        with lab.inside("server"):
            door = lab.at_end.enter_context(socket.create_server((SERVER[4], 0)))
        with lab.inside("client"):
            sender = lab.at_end.enter_context(socket.create_connection(door.getsockname(), 60))
        receiver = lab.at_end.enter_context(door.accept()[0])
        receiver.settimeout(60)
        sending = threading.Thread(target=sender.sendall, args=(bytes(size),))
        sending.start()
        while size > 0:
            size -= len(receiver.recv(1 << 20))
        sending.join()

    def packets(self, lab, device, counter):
        path = f"/sys/class/net/{device}/statistics/{counter}_packets"
        return int(lab.start("firewall", "cat", path).stdout.read())

    def test_retransmissions_are_those_that_the_lab_causes(self):
        with Lab("lossy", 6, loss=5) as lab:
            server = lab.echo_server()
            prober = lab.prober(server, "--transport", "tcp", "--direction", "to_client",
                                "--min-idle", "2s", "--max-idle", "30s", "--connections", "8")
            wait_until(lambda: prober.kept("SELECT 1 FROM path_samples LIMIT 1"), 30,
                       "the first sample")
            self.stream(lab, 6_000_000)
            prober.wait(120)
            host = {row["name"]: row["grown"] for row in prober.rows(
                "SELECT name, max(value) - min(value) AS grown FROM path_samples "
                "WHERE source = 'host' GROUP BY name")}
            again = host["retransmitted_segments"]
            sent = host["sent_segments"] + again
            # The stream is at least 4100 segments; of those 205 are lost, standard deviation 14.
            self.assertGreater(sent, 4100)
            came, went = self.packets(lab, "inside", "rx"), self.packets(lab, "outside", "tx")
            injected = (came - went) / came
            # Whatever was lost and carried data comes again; acknowledgements do not. What the
            # receiver had already was sent again for other reasons.
            measured = (again - host["needless_segments"]) / sent
            self.assertTrue(0.6 * injected < measured < 1.4 * injected, (measured, injected, host))
            self.assertIn("degraded", prober.printed)

    def test_the_run_s_own_connections_are_sampled(self):
        with Lab("strict", 5) as lab:
            server = lab.echo_server()
            prober = lab.prober(server, "--transport", "tls", "--max-idle", "20s")
            self.assertEqual(prober.wait(90), 0)
            [beats] = prober.rows(
                "SELECT max(CASE name WHEN 'sent_heartbeats' THEN value END) AS sent, "
                "max(CASE name WHEN 'answered_heartbeats' THEN value END) AS answered "
                "FROM path_samples WHERE source = 'control'")
            self.assertGreater(beats["answered"], 8)
            self.assertLessEqual(beats["sent"] - beats["answered"], 3)
            [own] = prober.rows(
                "SELECT count(DISTINCT source) AS sampled, "
                "(SELECT count(*) FROM connections WHERE end_s IS NOT NULL) AS ended "
                "FROM path_samples WHERE source LIKE 'connection %'")
            self.assertEqual(own["sampled"], own["ended"])


if __name__ == "__main__":
    unittest.main()
