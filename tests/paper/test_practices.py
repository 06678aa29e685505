"""Every practice that the papers promise has a test of the name they give."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| [^|]+ \| `(tests/[\w/]+\.py)::(test_\w+)` \|$")
PROMISED = {6, 7, *range(10, 31), 33, 48, 50, 63}


def rows() -> list[tuple[int, str, str]]:
    lines = (HOUSE / "docs" / "practices.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if re.match(r"\| \d", line)]
    found = [ROW.match(line) for line in table]
    assert None not in found, [line for line, match in zip(table, found, strict=True) if match is None]
    return [(int(match[1]), match[2], match[3]) for match in found if match]


@cache
def named_in(path: str) -> set[str]:
    tree = ast.parse((HOUSE / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_practice_has_a_row():
    numbers = [number for number, _, _ in rows()]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == PROMISED


@pytest.mark.parametrize(("number", "path", "name"), rows())
def test_a_test_that_is_named_is_there(number, path, name):
    assert name in named_in(path), f"practice {number} names a test that is not there"
