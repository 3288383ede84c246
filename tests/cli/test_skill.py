"""SKILL.md says what the command line does: its examples parse, and no option is missing."""

import re
import shlex
from typing import Final

import pytest

from addon.catalog import operations
from addon.cli.parser import make_parser
from addon.cli.reports import SERVICE_WORDS, STATUS_MEANINGS
from addon.jobs.states import State
from scripts.references import CLIENT, common, documents, free_commands, ordering

SKILL: Final = next(text for path, text in documents().items() if path.name == "SKILL.md")
BLOCKS: Final = re.findall(r"^ *```sh\n(.*?)^ *```$", SKILL, re.DOTALL | re.MULTILINE)
COMMANDS: Final = [
    line.strip()
    for block in BLOCKS
    for line in block.replace("\\\n", " ").splitlines()
    if line.strip()
]
EXAMPLES: Final = [line for line in COMMANDS if not re.search(r"[\[|…]", line.partition("#")[0])]
HIDDEN: Final = {"-h, --help"}


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_is_one(line: str) -> None:
    assert line.startswith(CLIENT)
    parsed = make_parser(CLIENT).parse_all(shlex.split(line, comments=True)[2:])
    assert parsed.command


def test_there_are_examples_of_everything() -> None:
    used = {shlex.split(line, comments=True)[2] for line in EXAMPLES}
    assert {"doctor", "balance", "estimate", "tencent-rapid", "status", "download"} <= used
    free = " ".join(free_commands())
    assert {"resume", "cancel", "settle", "jobs", "operations"} <= set(free.split())


@pytest.mark.parametrize("name", make_parser(CLIENT).commands())
def test_every_option_of_a_command_stands_there(name: str) -> None:
    everywhere = {option for option, _ in (*common().described(), *ordering().described())}
    for option, _ in make_parser(CLIENT).commands()[name].described():
        if name == "batch" or option in HIDDEN | everywhere:
            continue
        names = option.split(" ")[0].split(",")[0], option.split(",")[-1].split(" ")[0]
        assert any(f" {one.strip(',')}" in SKILL or f"[{one}" in SKILL for one in names), option


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_every_name_of_a_field_stands_there(operation: object) -> None:
    name, fields = getattr(operation, "name", ""), getattr(operation, "fields", ())
    block = re.search(rf"\*\*[^\n]*\n\n```sh\n{re.escape(CLIENT)} {name} .*?```", SKILL, re.DOTALL)
    assert block is not None
    for field in fields:
        for other in (field.name, *field.aliases):
            option = other.replace("_", "-")
            assert re.search(rf"--(no-)?{option}\b", block[0]), option


def test_every_status_is_explained() -> None:
    named = {SERVICE_WORDS.get(state, state.value) for state in State}
    assert named == set(STATUS_MEANINGS)
    assert all(f"| {name} | " in SKILL for name in named)
