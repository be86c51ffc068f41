#!/usr/bin/env python3
"""Tests of `check`: small pages, lists and outputs, each broken in one way."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parent / "check"

OUTPUT = """\
   Compiling some-core v0.1.0
    Finished `test` profile [unoptimized + debuginfo] target(s) in 1.51s
     Running unittests src/lib.rs (target/debug/deps/some_core-28bd63e36b5c19bb)

running 4 tests
test time::tests::flies ... ok
test time::tests::panics_where_written - should panic ... ok
test time::tests::is_left_out ... ignored, for a reason
test time::tests::breaks ... FAILED

test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out
     Running tests/whole.rs (target/debug/deps/whole-71e276f58b0bc56a)
test it_works ... ok
     Running tests/many/main.rs (target/debug/deps/many-71e276f58b0bc56b)
test actions::it_works ... ok
     Running unittests src/main.rs (target/debug/deps/other-28bd63e36b5c19bc)
test it_starts ... ok
     Running tests/whole.rs (target/debug/deps/whole-71e276f58b0bc56c)
test it_ends ... ok
   Doc-tests some_core
test some-core/src/time.rs - time::Time (line 17) ... ok
test some-core/src/time.rs - time::Time::new (line 27) - compile ... ok
test some-core/src/space.rs - space (line 1) ... ignored
"""

NAMES = """\
# comments are no names
[test_time.py]
flies
ends
"""

PAGE = """\
# Conformance

| about | words |
|---|---|
| tables without tests | are not held to any |

### test_time.py

| upstream test | what it holds | our test | verdict |
|---|---|---|---|
| flies | it flies | FLIES | same |
| `ends` | it ends \\| stops | `some-core/whole::it_works`, `other/whole::it_ends` | stricter: both |
"""


class Check(unittest.TestCase):
    def run_check(self, page=PAGE, names=NAMES, output=OUTPUT, options=()):
        with tempfile.TemporaryDirectory() as folder:
            paths = {}
            for name, text in (("page", page), ("names", names), ("output", output)):
                paths[name] = Path(folder) / name
                paths[name].write_text(text, encoding="utf-8")
            done = subprocess.run(
                [sys.executable, CHECK, paths["output"], "--page", paths["page"],
                 "--names", paths["names"], *options],
                capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.strip(), done.stderr

    def with_cell(self, cell, verdict="same", **more):
        page = PAGE.replace("FLIES", cell).replace("| same |", f"| {verdict} |")
        return self.run_check(page=page, **more)

    def assert_complains(self, ran, *words):
        code, last, complaints = ran
        self.assertEqual(code, 1, complaints)
        self.assertIn("complaints: ", last)
        for word in words:
            self.assertIn(word, complaints)

    def test_a_sound_page_is_counted(self):
        for cell in (
            "`some-core::time::tests::flies`",
            "`some-core::time::tests::panics_where_written`",
            "`some-core/many::actions::it_works`",
            "`other::it_starts`",
            "`some-core/src/time.rs`",
        ):
            self.assertEqual(self.with_cell(cell),
                             (0, "conformance: 2 rows, 3 tests, all ran", ""), cell)

    def test_colours_do_no_harm(self):
        output = OUTPUT.replace("ok", "\x1b[32mok\x1b[m").replace("Running", "\x1b[1mRunning\x1b[0m")
        ran = self.with_cell("`some-core::time::tests::flies`", output=output)
        self.assertEqual(ran[0], 0, ran)

    def test_a_test_that_is_not_there_is_told(self):
        for cell in (
            "`some-core::time::tests::flew`",
            "`other::time::tests::flies`",
            "`other/whole::it_works`",
            "`some-core/src/lib.rs`",
            "`time::tests::flies`",
            "`some-core::time::tests::fl`",
        ):
            self.assert_complains(self.with_cell(cell), "no such test", cell.strip("`"))

    def test_one_of_several_that_is_not_there_is_told(self):
        ran = self.with_cell("`some-core::time::tests::flies`, `some-core::gone`")
        self.assert_complains(ran, "no such test", "some-core::gone")

    def test_a_test_that_was_not_run_is_told(self):
        for cell in ("`some-core::time::tests::is_left_out`", "`some-core/src/space.rs`"):
            self.assert_complains(self.with_cell(cell), "not run", cell.strip("`"))

    def test_a_test_that_failed_is_told(self):
        cell = "`some-core::time::tests::breaks`"
        self.assert_complains(self.with_cell(cell), "failed", "tests::breaks")

    def test_a_failed_doctest_of_a_file_fails_the_file(self):
        output = OUTPUT.replace("(line 27) - compile ... ok", "(line 27) - compile ... FAILED")
        ran = self.with_cell("`some-core/src/time.rs`", output=output)
        self.assert_complains(ran, "failed")

    def test_an_empty_cell_is_told(self):
        self.assert_complains(self.with_cell(""), "an empty cell", "flies: our test")
        self.assert_complains(self.with_cell("`other::it_starts`", ""), "flies: verdict")
        page = PAGE.replace("are not held to any", "")
        self.assert_complains(self.run_check(page=page), "tables without tests: words")
        page = PAGE.replace(" | stricter: both |", " |")
        self.assert_complains(self.run_check(page=page), "ends: verdict")

    def test_a_row_that_was_dropped_is_told(self):
        page = "\n".join(line for line in PAGE.splitlines() if "FLIES" not in line)
        self.assert_complains(self.run_check(page=page), "no row for it", "flies, under test_time.py")

    def test_a_whole_section_that_was_dropped_is_told(self):
        page = PAGE.replace("### test_time.py", "### another")
        self.assert_complains(self.run_check(page=page), "flies", "ends, under test_time.py")

    def test_a_row_that_is_not_on_the_list_is_told(self):
        page = PAGE.replace("| flies |", "| flew |")
        self.assert_complains(self.run_check(page=page), "a row for nothing", "flew", "no row for it")

    def test_a_second_row_is_told(self):
        page = PAGE.replace("| flies | it flies |", "| ends | it flies |")
        self.assert_complains(self.run_check(page=page), "a second row", "ends, under")

    def test_none_needs_a_reason(self):
        for verdict in ("differs: nobody flies", "elsewhere: in the other house"):
            self.assertEqual(self.with_cell("none", verdict)[0], 0, verdict)
        for verdict in ("same", "differs", "differs:", "stricter: nobody flies"):
            self.assert_complains(self.with_cell("none", verdict), "does not say why", "flies")

    def test_words_are_no_test(self):
        for cell in ("some-core::time::tests::flies", "see above", "- `other::it_starts`"):
            self.assert_complains(self.with_cell(cell), "neither tests", cell)

    def test_pending_is_accepted_only_when_allowed(self):
        self.assert_complains(self.with_cell("pending: wings"), "not built yet", "flies: wings")
        code, last, _ = self.with_cell("pending: wings", options=["--allow-pending"])
        self.assertEqual((code, last), (0, "conformance: 2 rows, 2 tests, all ran; rows pending: 1"))

    def test_what_can_not_be_judged_has_a_code_of_its_own(self):
        for broken in ({"output": "error: could not compile"}, {"page": "# nothing"},
                       {"page": PAGE.replace("\\|", "|")}, {"names": "no heading"}):
            code, last, complaint = self.run_check(**broken)
            self.assertEqual((code, last), (2, ""), broken)
            self.assertIn("conformance:", complaint)
        done = subprocess.run([sys.executable, CHECK, "no/such/file"], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no/such/file", done.stderr)

    def test_help_says_how_tests_are_named(self):
        done = subprocess.run([sys.executable, CHECK, "--help"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0)
        for words in ("crate::path::test", "exit codes", "--allow-pending"):
            self.assertIn(words, done.stdout)


if __name__ == "__main__":
    unittest.main()
