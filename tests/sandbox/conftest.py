"""Fixtures of the sandbox's own tests."""

from collections.abc import Iterator

import pytest

from tests.sandbox.front import Front, running


@pytest.fixture(scope="session")
def shared_front() -> Iterator[Front]:
    with running(upload_limit=300_000) as front:
        yield front


@pytest.fixture
def front(shared_front: Front) -> Front:
    """The front with the packing engine: quick, nothing armed, an empty log."""
    shared_front.reset()
    return shared_front
