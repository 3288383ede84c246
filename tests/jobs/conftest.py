"""Fixtures of the jobs' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.world import World
from tests.service.scripted_server import ScriptedServer, scripted_server


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as running:
        yield running


@pytest.fixture
def world(server: ScriptedServer, tmp_path: Path) -> Iterator[World]:
    made = World(server, tmp_path)
    yield made
    made.store.close()
