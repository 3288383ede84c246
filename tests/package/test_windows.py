"""Each test that Windows' Python leaves out says why."""

import ast
from collections.abc import Iterator

import pytest

from tests.package.imports import ROOT
from tests.windows.limits import MARK, Limits, is_left_out, is_one_of_others, read

WORDS = 2
"""A reason has at least as many."""


def marks() -> Iterator[tuple[str, ast.Attribute, list[ast.expr]]]:
    """Every use of the mark in the tests: its file, the mark, and what it is given."""
    for path in sorted(ROOT.glob("tests/**/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        given = {id(node.func): node.args for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == f"pytest.mark.{MARK}":
                yield path.relative_to(ROOT).as_posix(), node, given.get(id(node), [])


def is_reason(text: object) -> bool:
    return isinstance(text, str) and len(text.split()) >= WORDS


def test_whoever_is_marked_says_why() -> None:
    found = list(marks())
    assert found
    without = [
        f"{file}:{mark.lineno}"
        for file, mark, given in found
        if [isinstance(one, ast.Constant) and is_reason(one.value) for one in given] != [True]
    ]
    assert without == []


def test_what_is_left_out_is_there_and_says_why() -> None:
    left_out = read().left_out
    assert [name for name in left_out if not (ROOT / name).exists()] == []
    assert [name for name, why in left_out.items() if not is_reason(why)] == []


def test_what_alone_runs_of_a_file_is_there_and_says_why() -> None:
    limits = read()
    for name, why in limits.only.items():
        file, _, test = name.partition("::")
        assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8"), name
        assert not is_left_out(file, limits), name
        assert is_reason(why), name


def test_of_a_file_named_with_some_tests_these_alone_run() -> None:
    limits = Limits({}, {"a.py::test_one": "a reason"}, {})
    tests = ("a.py::test_one", "a.py::test_one[1]", "a.py::test_other", "b.py::test_one")
    assert [is_one_of_others(test, limits) for test in tests] == [False, False, True, False]


def test_a_known_limit_of_wine_names_a_test_that_runs_and_says_why() -> None:
    limits = read()
    for name, why in limits.wine.items():
        file, _, test = name.partition("::")
        assert test, name
        assert (ROOT / file).is_file(), name
        assert not is_left_out(file, limits), name
        assert is_reason(why), name


@pytest.mark.parametrize(
    ("path", "out"),
    [
        ("tests/fuzz", True),
        ("tests/fuzz/test_lists.py", True),
        ("tests/fuzzy", False),
        ("tests/service/test_any_answer.py", True),
        ("tests/service/test_keys.py", False),
    ],
)
def test_a_folder_is_left_out_with_all_in_it(path: str, out: bool) -> None:
    assert is_left_out(path, read()) == out
