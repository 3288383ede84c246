"""What must not be read from Blender's context, because reading it breaks Blender."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("addon", "scripts", "tests", "examples")


def context_tool_settings(source: str) -> list[int]:
    """Lines that read the tool settings of a context, and not of a scene.

    In Blender 4.2 and 4.3 that alone makes the context remember the scene as its owner. After
    another file was opened, setting anything on ``context.window`` writes into that scene's freed
    memory, and Blender crashes at some later time.
    """
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr == "tool_settings"
        and isinstance(node.value, ast.Name | ast.Attribute)
        and getattr(node.value, "attr", getattr(node.value, "id", "")) in {"context", "C"}
    ]


def test_tool_settings_are_read_from_the_scene() -> None:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in files
        if (lines := context_tool_settings(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("bpy.context.tool_settings.use_snap = True", [1]),
        ("x = 1\ny = context.tool_settings", [2]),
        ("context.scene.tool_settings", []),
        ("scene_of(context).tool_settings", []),
    ],
)
def test_they_are_found(source: str, lines: list[int]) -> None:
    assert context_tool_settings(source) == lines
