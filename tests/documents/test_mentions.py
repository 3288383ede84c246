"""What the documents name is there: commands, options, operators, files, targets of make.

Commands in blocks are parsed, those of macOS and PowerShell too, and those that another test runs;
the rest is looked for wherever it is mentioned.
"""

import json
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from addon.cli.parser import make_parser
from scripts.build import ROOT
from tests.documents.blocks import BLOCKS, PAGES, Block, prose_of

OPERATOR: Final = re.compile(r"\bstudio3d\.([a-z]\w*)")
CODE: Final = re.compile(r"`([^`\n]+)`")
OPTION: Final = re.compile(r"(?<![\w-])--[a-z][\w-]*")
LITERAL: Final = re.compile(r'"(--[a-z][\w-]*)"')
FILE: Final = re.compile(r"(?<![\w/.])(?:addon|docs|examples|references|scripts|tests)/[\w./*-]+")
MODULE: Final = re.compile(r"(?<!\w)-m ((?:scripts|tests)\.[\w.]+)")
TARGET: Final = re.compile(r"\bmake ([a-z][\w.-]*)")
CLIENT: Final = re.compile(
    r"(?:3d_api_client\.py|--command studio3d|(?P<batch>scripts[/\\]batch\.py)(?: --)?) +"
    r"(?P<rest>.+)"
)
OF_OTHERS: Final = {
    *("--background", "--factory-startup", "--offline-mode", "--online-mode", "--python"),
    *("--python-exit-code", "--command", "--strict"),
}
"""Blender's own, and one of mypy."""


def command_lines(block: Block) -> Iterator[str]:
    """What each of its lines asks of the command line, without the program."""
    for line in block.commands.splitlines():
        found = CLIENT.search(line)
        if found:
            yield ("batch " if found["batch"] else "") + found["rest"].replace("\\", "/")


OF_THE_SIDEBAR: Final = (
    *("errors.md", "first_model.md", "panels.md", "pictures.md", "prices.md", "privacy.md"),
)
"""What stands in italics there is said in the window, in these words."""
ITALIC: Final = re.compile(r"(?<![*\w])\*([^*]+)\*(?![*\w])")
OF_BLENDER: Final = {
    *("3d ai studio", "allow online access", "not known", "online manual"),
    "preferences > system",
    "edit > preferences > get extensions > install from disk",
}
"""And the tab's own name, and what the price line says in a sentence."""

COMMANDS: Final = [
    (block, line)
    for block in BLOCKS
    if block.kind in {"sh", "powershell"}
    for line in command_lines(block)
]


@pytest.mark.parametrize(("block", "line"), COMMANDS, ids=[b.place for b, _ in COMMANDS])
def test_every_command_is_one(block: Block, line: str) -> None:
    words = shlex.split(line.replace("$row", "1"), comments=True)
    assert make_parser("client", words[0]).parse_all(words).command == words[0]


def test_there_are_commands_of_every_kind() -> None:
    used = {line.split()[0] for _, line in COMMANDS}
    assert used >= {"balance", "batch", "doctor", "print", "tencent-rapid"}
    assert {block.kind for block, _ in COMMANDS} == {"sh", "powershell"}


def operators() -> set[str]:
    """The operators there are, without ``studio3d.``."""
    ids = (ROOT / "addon" / "blender" / "core" / "ids.py").read_text(encoding="utf-8")
    return set(OPERATOR.findall(ids))


@cache
def options() -> set[str]:
    """Every option of the command line and of the scripts."""
    found = set(OF_OTHERS)
    for command in make_parser("client").commands().values():
        found |= set(command.options())
    for path in (*(ROOT / "addon" / "cli").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")):
        found |= set(LITERAL.findall(path.read_text(encoding="utf-8")))
    return found


def is_there(name: str) -> bool:
    """Whether it is a file of the project, or fits some."""
    path = name.rstrip("./").removesuffix("/*")
    return bool(list(ROOT.glob(path))) or (ROOT / path).exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    code = "\n".join(CODE.findall(prose_of(page)))
    assert set(OPERATOR.findall(code.replace("studio3d.zip", ""))) - operators() == set()
    assert {one for one in OPTION.findall(code) if one not in options()} == set()
    assert {one for one in FILE.findall(code) if not is_there(one)} == set()
    modules = {one.replace(".", "/") for one in MODULE.findall(text)}
    assert {one for one in modules if not (is_there(f"{one}.py") or is_there(one))} == set()
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {one for one in TARGET.findall(code) if not is_target(one, targets)} == set()


@pytest.mark.parametrize("name", OF_THE_SIDEBAR)
def test_what_a_page_calls_a_button_is_one(name: str) -> None:
    table = ROOT / "addon" / "blender" / "languages" / "de.json"
    texts = json.loads(table.read_text(encoding="utf-8"))
    known = {text.rstrip("…").lower() for text in texts}
    prose = " ".join(prose_of(ROOT / "docs" / name).split())
    said = {one.rstrip("…").lower() for one in ITALIC.findall(prose)}
    assert said - known - OF_BLENDER == set()


def is_target(name: str, makefile: str) -> bool:
    """Whether make knows it; those of suites are made from a pattern."""
    patterns = re.findall(r"(?<=[ :])(test-[a-z-]*)%(?=:)", makefile)
    return f".PHONY: {name}\n" in makefile or any(fnmatch(name, f"{one}*") for one in patterns)


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("press `bpy.ops.studio3d.nothing()`", "nothing"),
        ("give `--nothing`", "--nothing"),
        ("see `scripts/nothing.py`", "scripts/nothing.py"),
        ("run `make nothing`", "nothing"),
        ("run `python -m scripts.nothing`", "nothing"),
    ],
)
def test_what_is_not_there_is_found(tmp_path: Path, said: str, missing: str) -> None:
    (tmp_path / "page.md").write_text(said)
    with pytest.raises(AssertionError, match=missing):
        test_what_a_page_names_is_there(tmp_path / "page.md")
