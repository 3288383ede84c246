"""A button that cannot be pressed says why."""

import ast
from collections.abc import Iterator
from pathlib import Path

OPERATORS = Path(__file__).parents[2] / "addon" / "blender" / "operators"


def polls(source: str) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name in {"poll", SHARED}:
            yield node


SHARED = "may_change_scene"
"""Says it for several operators; it is looked at itself."""


def says_why(poll: ast.FunctionDef) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "poll_message_set")
        or (isinstance(node, ast.Name) and node.id == SHARED)
        for node in ast.walk(poll)
    )


def test_every_poll_of_an_operator_sets_a_message() -> None:
    found = {
        f"{file.name}:{poll.lineno}": says_why(poll)
        for file in OPERATORS.glob("*.py")
        for poll in polls(file.read_text(encoding="utf-8"))
    }
    assert len(found) > 10
    assert [place for place, says in found.items() if not says] == []


def test_a_poll_without_a_word_is_found() -> None:
    (silent,) = polls("class A:\n    def poll(cls, c):\n        return c.scene is not None\n")
    assert not says_why(silent)
