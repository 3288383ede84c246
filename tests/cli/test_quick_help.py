"""Help is there at once: nothing is loaded or made that it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

from addon.cli.parser import make_parser
from tests.patience import seconds

CLIENT = Path(__file__).parents[2] / "scripts" / "3d_api_client.py"
NOT_FOR_HELP = ("requests", "urllib3", "sqlite3", "addon.jobs.store", "addon.printing.orders")


@pytest.mark.parametrize("arguments", [["--help"], ["tripo", "--help"], ["estimate", "--help"]])
def test_help_loads_no_more_than_it_says(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(CLIENT), *arguments],
        capture_output=True, text=True, check=True, timeout=seconds(60),
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "addon.catalog" in loaded
    assert loaded.isdisjoint(NOT_FOR_HELP)


def test_of_the_commands_only_the_one_that_is_used_is_made() -> None:
    parser = make_parser("client")
    parser.parse_all(["tripo", "--prompt", "a chair"])
    unfilled = {name for name, command in parser.commands().items() if command._to_fill}
    assert "tripo" not in unfilled
    assert {"tencent-pro", "estimate", "batch", "print"} <= unfilled


@pytest.mark.parametrize("name", list(make_parser("client").commands()))
def test_every_command_takes_the_same_when_it_is_looked_at_again(name: str) -> None:
    command = make_parser("client").commands()[name]
    before = command.options()
    assert command.options() == before
    assert "--json" in before
    assert len(before) == len(set(before))
