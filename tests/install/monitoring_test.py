"""What is written for other programs' eyes: Prometheus's rules, the dashboard, the manifests and the
playbooks are what those programs take, and name metrics that there are."""

import glob
import json
import os
import re
import subprocess
import unittest

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGING = os.path.join(ROOT, "scripts", "packaging")
METRIC = re.compile(r"\bdeadair_[a-z_]+")


def run(*command, folder=PACKAGING):
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def read(*parts):
    with open(os.path.join(PACKAGING, *parts)) as file:
        return file.read()


def known_metrics():
    """The names that our programs write, counters with the ending that OpenMetrics gives them."""
    names = set()
    for pattern in ("analysis/report/openmetrics.cpp", "echo-server/metrics_page.cpp",
                    "echo-server/counts.cpp"):
        for name in glob.glob(os.path.join(ROOT, pattern)):
            with open(name) as file:
                names.update(re.findall(r'"((?:deadair_)?[a-z_]+)"', file.read()))
    full = {name if name.startswith("deadair_") else "deadair_" + name for name in names}
    return full | {name + "_total" for name in full}


class Monitoring(unittest.TestCase):
    def test_prometheus_takes_the_rules_and_they_ring_when_they_should(self):
        folder = os.path.join(PACKAGING, "monitoring")
        run("promtool", "check", "rules", "alerts.yml", folder=folder)
        run("promtool", "check", "config", "prometheus.yml", folder=folder)
        self.assertIn("SUCCESS", run("promtool", "test", "rules", "alerts_test.yml", folder=folder))

    def test_rules_and_dashboard_name_metrics_that_there_are(self):
        known = known_metrics()
        rules = yaml.safe_load(read("monitoring", "alerts.yml"))
        asked = " ".join(rule["expr"] for group in rules["groups"] for rule in group["rules"])
        board = json.loads(read("monitoring", "dashboard.json"))
        asked += " ".join(target["expr"] for panel in board["panels"]
                          for target in panel["targets"])
        self.assertEqual(set(METRIC.findall(asked)) - known, set())

    def test_dashboard_panels_do_not_cover_each_other(self):
        taken = set()
        for panel in json.loads(read("monitoring", "dashboard.json"))["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                     for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells

    def test_manifests_fit_together(self):
        objects = [each for name in ("echo-server.yaml", "watch.yaml")
                   for each in yaml.safe_load_all(read("kubernetes", name))]
        by_kind = {each["kind"]: each for each in objects}
        self.assertLessEqual({"Deployment", "Service", "DaemonSet", "PersistentVolumeClaim"},
                             set(by_kind))
        pods = by_kind["Deployment"]["spec"]["template"]
        self.assertLessEqual(by_kind["Service"]["spec"]["selector"].items(),
                             pods["metadata"]["labels"].items())
        for each in ("Deployment", "DaemonSet"):
            spec = by_kind[each]["spec"]["template"]["spec"]
            volumes = {volume["name"] for volume in spec["volumes"]}
            for container in spec["containers"]:
                mounted = {mount["name"] for mount in container["volumeMounts"]}
                self.assertEqual(mounted, volumes)

    def test_the_playbooks_and_the_composition_are_well_formed(self):
        run("ansible-playbook", "--syntax-check", "-i", "inventory.example", "watch.yml",
            "collect.yml", folder=os.path.join(PACKAGING, "fleet"))
        services = yaml.safe_load(read("container", "compose.yaml"))["services"]
        self.assertIn("echo-server", services)


if __name__ == "__main__":
    unittest.main()
