"""scripts/check finds what it is there to find, and nothing else."""

import importlib.machinery
import importlib.util
import pathlib
import subprocess
import tempfile
import unittest

PATH = str(pathlib.Path(__file__).resolve().parents[3] / "scripts" / "check")
LOADER = importlib.machinery.SourceFileLoader("check", PATH)
check = importlib.util.module_from_spec(importlib.util.spec_from_loader("check", LOADER))
LOADER.exec_module(check)


class Includes(unittest.TestCase):
    def breaches(self, name, path, brackets='""'):
        line = f"#include {brackets[0]}{path}{brackets[1]}\n"
        return [what for _, what in check.include_breaches(name, line)]

    def test_finds_arrows_that_point_the_wrong_way(self):
        for name, path in (("analysis/analyse.cpp", "prober/measure/measurement.hpp"),
                           ("analysis/store/store.cpp", "echo-server/wire/frame.hpp"),
                           ("analysis/estimate/estimate.cpp", "analysis/store/store.hpp"),
                           ("echo-server/server.cpp", "analysis/store/store.hpp"),
                           ("echo-server/wire/frame.cpp", "echo-server/transport/tls.hpp"),
                           ("prober/planner/planner.cpp", "prober/measure/measurement.hpp"),
                           ("prober/measure/measurement.cpp", "echo-server/server.hpp"),
                           ("prober/measure/measurement.cpp", "analysis/command/command.hpp")):
            with self.subTest(name=name, path=path):
                self.assertEqual(len(self.breaches(name, path)), 1)

    def test_leaves_the_arrows_of_the_design_alone(self):
        for name, path in (("prober/measure/measurement.cpp", "analysis/store/store.hpp"),
                           ("prober/server/resolve.cpp", "echo-server/transport/tls.hpp"),
                           ("echo-server/log.cpp", "analysis/words/words.hpp"),
                           ("analysis/command/runs.cpp", "analysis/report/table.hpp")):
            with self.subTest(name=name, path=path):
                self.assertFalse(self.breaches(name, path))

    def test_finds_libraries_outside_their_only_home(self):
        self.assertTrue(self.breaches("prober/measure/measurement.cpp", "sqlite3.h", "<>"))
        self.assertTrue(self.breaches("echo-server/server.cpp", "boost/beast.hpp", "<>"))
        self.assertFalse(self.breaches("analysis/store/sqlite.cpp", "sqlite3.h", "<>"))


class Rules(unittest.TestCase):
    def test_finds_clocks_in_pure_folders_only(self):
        code = "auto t = std::chrono::steady_clock::now();\n"
        self.assertTrue(list(check.purity_breaches("prober/planner/planner.cpp", code)))
        self.assertFalse(list(check.purity_breaches("prober/measure/measurement.cpp", code)))
        self.assertFalse(list(check.purity_breaches("prober/planner/p.cpp", f"// {code}")))

    def test_counts_the_lines_of_a_function(self):
        def function(lines):
            return "void f()\n{\n" + "    g();\n" * lines + "}\n"
        self.assertFalse(list(check.size_breaches("f.cpp", function(50))))
        self.assertEqual([line for line, _ in check.size_breaches("f.cpp", function(51))], [2])

    def test_counts_the_lines_of_a_file(self):
        for name, most in (("f.cpp", 300), ("f.hpp", 120)):
            self.assertFalse(list(check.size_breaches(name, "\n" * most)))
            self.assertTrue(list(check.size_breaches(name, "\n" * (most + 1))))
        self.assertFalse(list(check.size_breaches("analysis/store/schema.cpp", "\n" * 400)))

    def test_finds_circles(self):
        drawn = {"a": {"b"}, "b": {"c"}, "c": {"b"}}
        self.assertEqual(len(list(check.circle_breaches(drawn))), 2)
        self.assertFalse(list(check.circle_breaches({"a": {"b", "c"}, "b": {"c"}})))

    def test_wants_every_folder_in_the_map(self):
        self.assertTrue(list(check.include_breaches("prober/attic/a.cpp", "")))
        rooms = check.rooms_of("| folder | what it is | may include |\n|---|---|---|\n"
                               "| `a`, `b/c` | what; pure | `d` |\n")
        self.assertEqual(rooms["b/c"].may_include, {"analysis/words", "d"})
        self.assertTrue(rooms["a"].pure)

    def test_wants_a_newline_at_the_end_and_a_reason_for_exceptions(self):
        self.assertTrue(list(check.text_breaches("", "text")))
        self.assertTrue(list(check.text_breaches("", "x;  // NO" "LINT(bugprone)\n")))
        self.assertFalse(list(check.text_breaches("", "x;  // NO" "LINT(bugprone): C callback\n")))


class Newest(unittest.TestCase):
    """What clang-tidy looks at in CI."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.addCleanup(setattr, check, "ROOT", check.ROOT)
        check.ROOT = self.root
        self.git("init", "--quiet")
        (self.root / "analysis").mkdir()
        self.commit([f"analysis/{number}.cpp" for number in range(40)], "first")

    def git(self, *words):
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *words], cwd=self.root, check=True, stdout=subprocess.DEVNULL)

    def commit(self, names, message):
        for name in names:
            (self.root / name).write_text(message)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def test_begins_with_what_changed_last(self):
        self.commit(["analysis/7.cpp"], "second")
        self.commit(["analysis/31.hpp"], "third")
        (self.root / "analysis" / "4.cpp").write_text("not yet committed")
        self.assertEqual(check.newest(3), ["analysis/4.cpp", "analysis/31.cpp", "analysis/7.cpp"])

    def test_takes_turns_in_a_clone_of_one_commit(self):
        chosen = check.newest(8)
        self.assertEqual(len(set(chosen)), 8)
        self.assertEqual(chosen, check.newest(8))
        self.git("commit", "--quiet", "--amend", "--message", "another")
        self.assertNotEqual(chosen, check.newest(8))


if __name__ == "__main__":
    unittest.main()
