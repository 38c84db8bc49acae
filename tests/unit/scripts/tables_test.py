"""docs/tables.md names every table and column of the schema, and none that is not there."""

import re
import sqlite3
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def schema():
    """Each table with its columns, as SQLite makes them."""
    text = (ROOT / "analysis" / "store" / "schema.cpp").read_text()
    database = sqlite3.connect(":memory:")
    for migration in re.findall(r'R"sql\((.*?)\)sql"', text, re.DOTALL):
        database.executescript(migration)
    tables = [name for name, in database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    return {table: {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            for table in tables}


def documented():
    """Each table with the words in code quotes that its paragraphs use."""
    text = (ROOT / "docs" / "tables.md").read_text()
    found = {}
    for part in re.split(r"(?m)^(?=\*\*[a-z_]+\*\*: )", text)[1:]:
        name = re.match(r"\*\*([a-z_]+)\*\*", part).group(1)
        found[name] = set(re.findall(r"`([^`\n]+)`", part))
    return found


# Keys that every table of a run shares are explained once, above all tables.
SHARED = {"run_id"}


class Tables(unittest.TestCase):
    def test_every_table_is_documented_and_none_that_is_not_there(self):
        self.assertEqual(sorted(schema()), sorted(documented()))

    def test_every_column_is_documented_with_its_table(self):
        words = documented()
        for table, columns in schema().items():
            with self.subTest(table=table):
                self.assertEqual(columns - SHARED - words.get(table, set()), set())

    def test_whatever_looks_like_a_column_is_one(self):
        columns = set().union(*schema().values())
        unit = re.compile(r"[a-z_]+_(s|ms|bytes|id|share|segments|at|port|address|cause)")
        for table, words in documented().items():
            named = {word for word in words if unit.fullmatch(word)}
            with self.subTest(table=table):
                self.assertEqual(named - columns - NO_COLUMNS, set())

    def test_every_kind_of_event_is_documented(self):
        names = (ROOT / "prober" / "observation" / "notes.cpp").read_text()
        kinds = set(re.findall(r'return "([a-z_]+)";', names))
        self.assertIn("outage_began", kinds)
        self.assertEqual(kinds - documented()["events"], set())


# Figures that path_samples holds as rows, not as columns.
NO_COLUMNS = {"sent_segments", "received_segments", "retransmitted_segments", "needless_segments",
              "out_of_order_segments", "lost_again_segments"}


if __name__ == "__main__":
    unittest.main()
