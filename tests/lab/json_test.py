"""What machines read: the result as one document and the lines of progress, held against their
schemas, and the same document from the file afterwards."""

import json
import os
import subprocess
import unittest

import jsonschema
from lab import ROOT, Lab, program


def schema(name):
    with open(os.path.join(ROOT, "docs", name)) as file:
        found = json.load(file)
    jsonschema.Draft7Validator.check_schema(found)
    return found


class Documents(unittest.TestCase):
    def export(self, database):
        done = subprocess.run([program("deadair-analysis"), "export", "--db", database, "--format",
                               "json"], text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_a_run_is_one_document_that_its_schema_describes(self):
        with Lab("strict", 4) as lab:
            prober = lab.prober(lab.echo_server(), "--min-idle", "1s", "--max-idle", "20s",
                                "--refresh", "tcp_keepalive,ws_ping", "--json", "-")
            self.assertEqual(prober.wait(at_most=90), 0, prober.complaints())
            document = json.loads(prober.printed)  # nothing else is on standard output
            jsonschema.validate(document, schema("result.schema.json"))
            self.assertTrue(document["findings"] and document["refreshes"] and document["uploads"])
            self.assertEqual(document["open"], "")
            self.assertEqual(document["run"]["state"], "finished")
            self.assertEqual(self.export(prober.database), document)
            self.assertTrue(prober.progress)
            for line in prober.progress:
                jsonschema.validate(line, schema("progress.schema.json"))

    def test_a_schema_refuses_what_is_not_a_result(self):
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate({"schema_version": 1}, schema("result.schema.json"))


if __name__ == "__main__":
    unittest.main()
