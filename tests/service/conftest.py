"""Fixtures of the service's tests."""

from collections.abc import Iterator

import pytest

from tests.service.scripted_server import ScriptedServer, scripted_server


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as running:
        yield running


@pytest.fixture
def storage() -> Iterator[ScriptedServer]:
    """A second server: another host as far as keys are concerned."""
    with scripted_server() as running:
        yield running
