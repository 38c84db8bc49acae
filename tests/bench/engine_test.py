"""What a decision and a finding cost, in terms of a loop that is the same work everywhere."""

import json
import os
import subprocess
import unittest

PROGRAM = os.path.join(os.environ["DEADAIR_BIN"], "bench-engine")

# The goals are 20 us and 50 ms where the loop takes 2 ms. Both have to hold with much to spare: what
# fails here is a step that grew with the square of something, not a busy machine.
CALIBRATION_MS = 2.0
DECISION_MAX = 0.020 / CALIBRATION_MS
FINDING_MAX = 50 / CALIBRATION_MS


def measured():
    chosen = "^(calibration|planner_deciding/256|finding/10000)$"
    done = subprocess.run([PROGRAM, f"--benchmark_filter={chosen}", "--benchmark_format=json",
                           "--benchmark_min_time=0.2"], text=True, capture_output=True, check=True)
    found = {each["name"]: each for each in json.loads(done.stdout)["benchmarks"]}
    # Times are in the unit of each: the loop's is us, the finding's ms.
    return {"calibration_ms": found["calibration"]["cpu_time"] / 1000,
            "decision_ms": found["planner_deciding/256"]["median_us"] / 1000,
            "finding_ms": found["finding/10000"]["cpu_time"]}


class Cost(unittest.TestCase):
    def test_a_decision_and_a_finding_stay_cheap_beside_the_calibration_loop(self):
        seen = measured()
        self.assertLess(seen["decision_ms"], DECISION_MAX * seen["calibration_ms"], seen)
        self.assertLess(seen["finding_ms"], FINDING_MAX * seen["calibration_ms"], seen)


if __name__ == "__main__":
    unittest.main()
