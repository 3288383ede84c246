"""Help and single answers are there at once: nothing is loaded or made that they do not need."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.catalog import operations
from addon.cli.parser import COMMANDS, make_parser
from scripts.bench import service
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


@pytest.fixture(scope="module")
def service_address() -> Iterator[str]:
    """A service that has ended every task."""
    with service.running() as address:
        yield address


TELLING = """
import atexit, runpy, sys
atexit.register(lambda: print("modules", *sys.modules, file=sys.stderr))
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
NOT_FOR_ONE_LOOK = {
    *("addon.catalog.declared", "addon.catalog.fields", "addon.cli.operation_options"),
    *("addon.cli.waiting", "addon.jobs.runner", "addon.jobs.planner", "addon.jobs.inputs"),
    *("addon.worker.log_file", "addon.worker.pictures", "concurrent.futures", "difflib", "rich"),
}
HTTP = {"requests", "urllib3", "addon.service.client"}


@pytest.mark.parametrize(
    ("arguments", "more"),
    [(["jobs"], HTTP), (["balance"], set()), (["status", "--task-id", "t"], set())],
)
def test_one_look_loads_no_more_than_it_needs(
    service_address: str, tmp_path: Path, arguments: list[str], more: set[str]
) -> None:
    home = {
        "STUDIO3D_HOME": str(tmp_path),
        "STUDIO3D_API_URL": service_address,
        "STUDIO3D_API_KEY": "k",
    }
    done = subprocess.run(
        [sys.executable, "-c", TELLING, str(CLIENT), *arguments],
        capture_output=True, text=True, check=True, timeout=seconds(60), env=os.environ | home,
    )  # fmt: skip
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("modules "))
    loaded = set(line.split())
    assert "addon.jobs.store" in loaded
    assert loaded & (NOT_FOR_ONE_LOOK | more) == set()


def test_every_command_is_an_operation_or_known_as_none() -> None:
    commands = set(make_parser("client").commands())
    assert commands - COMMANDS == {operation.name for operation in operations()}
    assert set(make_parser("client", "status").commands()) == COMMANDS


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
