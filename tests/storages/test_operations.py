"""The table of faults in the operations guide: each row names a test, and the test is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operations.rst").read_text()
NAMED = re.findall(r"``(tests/[\w/]+\.py)::(test_\w+)``", PAGE)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_is_there(path: str, name: str):
    tree = ast.parse((ROOT / path).read_text())
    assert name in {item.name for item in tree.body if isinstance(item, ast.FunctionDef)}


def test_every_fault_names_its_test():
    table = PAGE.partition("When things fail")[2].partition("Every day")[0]
    assert table.count("   * - ") - 1 == len(NAMED) == len(set(NAMED))
    assert len(NAMED) > 20
