"""Local models where the service only takes addresses: the detour is said, priced and asked for."""

from pathlib import Path

import pytest
import trimesh

from tests.cli.conftest import CommandLine


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "model.glb"
    trimesh.creation.box().export(path)
    return str(path)


def test_without_a_yes_nothing_is_sent(cli: CommandLine, model: str) -> None:
    done = cli.run("topology", "--model-file", model)
    assert (done.code, done.document["error"]["code"]) == (2, "not_confirmed")
    assert "Convert, for about 10 credits more" in done.words
    assert cli.submissions() == 0


def test_the_detour_counts_for_max_credits(cli: CommandLine, model: str) -> None:
    both = ("--high-poly-file", model, "--low-poly-file", model)
    done = cli.run("bake-texture", *both, "--yes", "--max-credits", "19")
    assert (done.code, done.document["error"]["code"]) == (4, "over_max_credits")
    assert cli.submissions() == 0


def test_an_address_needs_no_detour(cli: CommandLine) -> None:
    done = cli.run("topology", "--model-url", "http://127.0.0.1:9/model.glb", "--wait")
    assert cli.submissions() == 1
    assert done.code == 5  # the sandbox cannot fetch it, and says so
