"""Every promise names a test that is there, and the contracts between the rooms hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
NAMED = re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", (ROOT / "docs/promises.md").read_text(encoding="utf-8"))


def test_every_row_names_a_test():
    rows = [line for line in (ROOT / "docs/promises.md").read_text().splitlines() if line.startswith("| ")]
    promises = [row for row in rows if row != "| promise | test |"]
    assert promises and all("::test_" in row for row in promises)


def test_every_test_that_a_promise_names_is_there():
    missing = [
        f"{file}::{name}"
        for file, name in NAMED
        if name not in {node.name for node in ast.walk(ast.parse((TESTS / file).read_text())) if hasattr(node, "name")}
    ]
    assert missing == []


def test_the_import_contracts_hold():
    script = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert " 0 broken." in checked.stdout
