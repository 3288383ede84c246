"""Windows and macOS by reading: what is Linux' alone has another way, and is not in anybody's."""

import ast
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from addon.cli.opening import PROGRAMS, WINDOWS
from addon.jobs.places import find_places
from addon.printing.slicers import SLICERS
from addon.service import path_room
from addon.worker import found_blenders
from tests.package.imports import PACKAGE, ROOT, modules, tree

PLATFORMS = ("darwin", "linux", "win32")
OF_LINUX = re.compile(r"/(proc|sys|dev|run)/")
READS_LINUX = {"worker/memory_limit.py"}
"""Within a ``try`` that goes on where the file is not there."""
KNOWS_PYTHON = {"blender/runtime/worker_host.py", "blender/scripting/headless.py"}
"""Within an app bundle Python is not where the program is: they ask Blender for both."""
ASKED = re.compile(
    r"/(proc|sys|dev|run)/|platform|darwin|win32|sys\.exec|binary_path|\.suffix|\bos\."
)
OF_UNIX = {"fork", "forkpty", "getuid", "geteuid", "killpg", "mkfifo", "setsid", "uname"}
GUARDED = {
    ("jobs/file_locks.py", "getuid"),
    ("worker/background.py", "killpg"),
}
"""Where they stand behind a question for the platform."""


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@cache
def everything() -> dict[type[ast.AST], list[tuple[str, Any]]]:
    """Every part of the modules that may have to do with systems by its kind, with its module."""
    found: dict[type[ast.AST], list[tuple[str, Any]]] = {}
    for path in modules():
        if not ASKED.search(path.read_text("utf-8")):
            continue
        for node in ast.walk(tree(path)):
            found.setdefault(type(node), []).append((name(path), node))
    return found


def nodes(kind: type[ast.AST]) -> list[tuple[str, Any]]:
    """Those of one kind."""
    return everything()[kind]


def test_what_only_linux_has_is_read_where_it_may_be_missing() -> None:
    read = {
        where: PACKAGE / where
        for where, node in nodes(ast.Constant)
        if isinstance(node.value, str) and OF_LINUX.match(node.value)
    }
    assert set(read) == READS_LINUX
    for path in read.values():
        tried = {
            line
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Try)
            and any("OSError" in ast.unparse(one.type or node) for one in node.handlers)
            for line in range(node.lineno, node.handlers[0].lineno)
        }
        assert all(
            node.lineno in tried
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant) and OF_LINUX.match(str(node.value))
        )


def test_every_question_for_the_system_names_one_that_there_is() -> None:
    """``sys.platform`` says darwin, linux or win32; a question for another word is never true."""
    asked = set()
    for where, node in nodes(ast.Compare):
        text = ast.unparse(node.left)
        if text in {"sys.platform", "platform", "os.name"}:
            answers = {ast.literal_eval(one) for one in node.comparators}
            known = {"nt", "posix"} if text == "os.name" else set(PLATFORMS)
            assert answers <= known, f"{where}:{node.lineno}"
            asked |= answers
    assert "darwin" in asked


def test_tables_by_system_have_all_three() -> None:
    tables = {
        (where, node.lineno): {key.value for key in node.keys if isinstance(key, ast.Constant)}
        for where, node in nodes(ast.Dict)
        if any(isinstance(key, ast.Constant) and key.value in PLATFORMS for key in node.keys)
    }
    partly = {where for (where, _), keys in tables.items() if not set(PLATFORMS) <= keys}
    # What the others have stands beside them.
    assert partly == {"cli/opening.py", "service/path_room.py"}
    assert set(PROGRAMS) | {WINDOWS} == set(PLATFORMS) - {"linux"}
    assert all(set(slicer.places) == set(PLATFORMS) for slicer in SLICERS)


def test_python_and_blender_are_asked_for_in_one_place() -> None:
    asking = {
        where
        for where, node in nodes(ast.Attribute)
        if ast.unparse(node) in {"sys.executable", "bpy.app.binary_path"}
    }
    assert asking == KNOWS_PYTHON
    (command,) = (node for where, node in nodes(ast.FunctionDef) if node.name == "python_command")
    assert "bpy.app.python_args" in ast.unparse(command)


def test_no_ending_is_compared_with_its_capitals() -> None:
    """``MODEL.GLB`` is the same kind as ``model.glb``, and on most disks the same file."""
    wrong = [
        f"{where}:{node.lineno}"
        for where, node in nodes(ast.Compare)
        if isinstance(node.left, ast.Attribute)
        and node.left.attr == "suffix"
        and any("." in ast.unparse(one) for one in node.comparators)
    ]
    assert wrong == []


def test_what_only_unix_has_is_called_behind_a_question() -> None:
    calling = {
        (where, node.attr)
        for where, node in nodes(ast.Attribute)
        if node.attr in OF_UNIX and ast.unparse(node.value) == "os"
    }
    assert calling == GUARDED
    for where, called in GUARDED:
        before = (PACKAGE / where).read_text("utf-8").partition(f"os.{called}")[0]
        assert "sys.platform" in "".join(before.splitlines()[-6:])


def places_of(platform: str) -> object:
    return find_places({"LOCALAPPDATA": "/local", "XDG_DATA_HOME": "/data"}, platform).root


TRIED: dict[str, Callable[[str], object]] = {
    "jobs/places.py:find_places": places_of,
    "service/path_room.py:room": lambda platform: path_room.room(Path("/a"), platform),
    "service/path_room.py:too_deep": lambda platform: path_room.too_deep(Path("/a"), platform),
    "worker/found_blenders.py:find": lambda platform: found_blenders.find(
        {}, platform, Path("/nowhere")
    ),
    "worker/found_blenders.py:installed": lambda platform: list(
        found_blenders.installed({"HOME": "/nowhere"}, platform, Path("/nowhere"))
    ),
}
"""What takes a platform, with what runs it for one."""


def test_what_takes_a_platform_is_known() -> None:
    taking = {
        f"{where}:{node.name}"
        for where, node in nodes(ast.FunctionDef)
        if not node.name.startswith("_")
        if "platform" in {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
    }
    assert taking == set(TRIED)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_takes_a_platform_runs_for_each(platform: str) -> None:
    for run in TRIED.values():
        run(platform)


def test_everybody_has_a_data_folder_by_the_habits_of_the_system() -> None:
    library = Path.home() / "Library" / "Application Support" / "studio3d"
    assert places_of("darwin") == library
    assert places_of("win32") == Path("/local/studio3d")
    assert places_of("linux") == Path("/data/studio3d")


def test_the_documents_tell_of_the_quarantine_of_macos() -> None:
    assert "com.apple.quarantine" in (ROOT / "docs" / "systems.md").read_text("utf-8")


FENCES = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
ALIKE = (
    (r'& "[^"]*[/]blender\.exe"|\S*/MacOS/Blender', "blender"),
    (r"\A(py|python3)(?= )", "python"),
    (r"\A\$env:(\w+) = ", r"export \1="),
    (r"(?<= )\./", ""),
)
"""What shells say differently, after ``/`` for each backslash."""


def said(line: str) -> str:
    """A line of commands as every shell means it."""
    text = line.replace("\\", "/").partition("  #")[0].strip()
    for pattern, word in ALIKE:
        text = re.sub(pattern, word, text)
    return text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_powershell_gets_the_same_commands(path: Path) -> None:
    blocks = [(kind, text.splitlines()) for kind, text in FENCES.findall(path.read_text("utf-8"))]
    for before, (kind, lines) in enumerate(blocks[1:]):
        if kind == "powershell":
            shell, of_shell = blocks[before]
            assert shell == "sh"
            assert list(map(said, lines)) == list(dict.fromkeys(map(said, of_shell)))


def test_there_are_commands_for_powershell() -> None:
    texts = {path.name: path.read_text("utf-8") for path in DOCUMENTS}
    assert {name for name, text in texts.items() if "```powershell" in text} >= {
        *("README.md", "batch.md", "systems.md")
    }
