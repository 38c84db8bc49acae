"""scripts/check finds what it is there to find, and nothing else."""

import importlib.machinery
import importlib.util
import pathlib
import unittest

PATH = str(pathlib.Path(__file__).resolve().parents[3] / "scripts" / "check")
LOADER = importlib.machinery.SourceFileLoader("check", PATH)
check = importlib.util.module_from_spec(importlib.util.spec_from_loader("check", LOADER))
LOADER.exec_module(check)


class Coroutines(unittest.TestCase):
    def breaches(self, code):
        return list(check.coroutine_breaches("", code))

    def test_finds_the_forms_that_the_compiler_gets_wrong(self):
        for code in ("if (co_await f()) x();",
                     "while (n && co_await f()) {}",
                     "switch (co_await f()) {}",
                     "co_await f({.idle = 5s, .host = h});",
                     "co_await f([name] { g(); });",
                     "co_await f(a, [name](int x) { g(); });",
                     "push_back({.n = co_await f()});",
                     "x = {.a = 1, .n = co_await f()};",
                     "co_return wrap(co_await f(), {.a = 1});",
                     "co_spawn(co_await this_coro::executor, f(), [x] { g(); });"):
            with self.subTest(code):
                self.assertTrue(self.breaches(code))

    def test_leaves_the_safe_forms_alone(self):
        for code in ("const auto ok = co_await f(); if (ok) {}",
                     "const options o{.idle = 5s}; co_await f(o);",
                     "co_await f([&name] { g(); });",
                     "co_spawn(io, [this]() -> awaitable<void> { co_await g(); }, detached);",
                     "{ co_await g(); } const x y{.a = 1};",
                     "for (;;) { co_await g(); }\n f({.a = 1});",
                     "auto x = [n]() -> awaitable<void> { co_await g(n); };",
                     "const auto n = co_await a[i](x);",
                     "// if (co_await f())\nco_await f(\"while (co_await\");"):
            with self.subTest(code):
                self.assertFalse(self.breaches(code))


class Includes(unittest.TestCase):
    def breaches(self, name, path, brackets='""'):
        line = f"#include {brackets[0]}{path}{brackets[1]}\n"
        return [what for _, what in check.include_breaches(name, line)]

    def test_finds_arrows_that_point_the_wrong_way(self):
        for name, path in (("analysis/analyse.cpp", "prober/run.hpp"),
                           ("analysis/store/store.cpp", "echo-server/wire/frame.hpp"),
                           ("analysis/estimate/estimate.cpp", "analysis/store/store.hpp"),
                           ("echo-server/server.cpp", "analysis/store/store.hpp"),
                           ("echo-server/wire/frame.cpp", "echo-server/transport/tls.hpp"),
                           ("prober/planner/planner.cpp", "prober/run.hpp"),
                           ("prober/run.cpp", "echo-server/server.hpp"),
                           ("prober/run.cpp", "analysis/command/command.hpp")):
            with self.subTest(name=name, path=path):
                self.assertEqual(len(self.breaches(name, path)), 1)

    def test_leaves_the_arrows_of_the_design_alone(self):
        for name, path in (("prober/run.cpp", "analysis/store/store.hpp"),
                           ("prober/run.cpp", "echo-server/transport/tls.hpp"),
                           ("echo-server/log.cpp", "analysis/words/words.hpp"),
                           ("analysis/command/runs.cpp", "analysis/report/table.hpp")):
            with self.subTest(name=name, path=path):
                self.assertFalse(self.breaches(name, path))

    def test_finds_libraries_outside_their_only_home(self):
        self.assertTrue(self.breaches("prober/run.cpp", "sqlite3.h", "<>"))
        self.assertTrue(self.breaches("echo-server/server.cpp", "boost/beast.hpp", "<>"))
        self.assertFalse(self.breaches("analysis/store/sqlite.cpp", "sqlite3.h", "<>"))


class Rules(unittest.TestCase):
    def test_finds_clocks_in_pure_folders_only(self):
        code = "auto t = std::chrono::steady_clock::now();\n"
        self.assertTrue(list(check.purity_breaches("prober/planner/planner.cpp", code)))
        self.assertFalse(list(check.purity_breaches("prober/run.cpp", code)))
        self.assertFalse(list(check.purity_breaches("prober/planner/p.cpp", f"// {code}")))

    def test_counts_the_lines_of_a_function(self):
        def function(lines):
            return "void f()\n{\n" + "    g();\n" * lines + "}\n"
        self.assertFalse(list(check.size_breaches("", function(70))))
        self.assertEqual([line for line, _ in check.size_breaches("", function(71))], [2])

    def test_wants_a_newline_at_the_end_and_a_reason_for_exceptions(self):
        self.assertTrue(list(check.text_breaches("", "text")))
        self.assertTrue(list(check.text_breaches("", "x;  // NO" "LINT(bugprone)\n")))
        self.assertFalse(list(check.text_breaches("", "x;  // NO" "LINT(bugprone): C callback\n")))


if __name__ == "__main__":
    unittest.main()
