"""Fixtures of every test, inside and outside Blender."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault_table import take_down
from tests.patience import seconds
from tests.run_table import note
from tests.sandboxes import Sandbox, Sandboxes, for_this_process
from tests.windows import limits


@pytest.hookimpl(tryfirst=True)  # pytest-timeout reads its limit when it is configured
def pytest_configure(config: pytest.Config) -> None:
    # A shell starts its background jobs with Ctrl-C switched off, and so would be what tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.option.timeout is None:  # the command line decides where it says something
        config.option.timeout = seconds(float(config.getini("timeout")))


def pytest_sessionfinish(session: pytest.Session) -> None:
    note(session.config)


def pytest_itemcollected(item: pytest.Item) -> None:
    take_down(item)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Whether not to look into it; None leaves it to others."""
    if not limits.on_windows():
        return None
    name = collection_path.relative_to(limits.ROOT).as_posix()
    return limits.is_left_out(name, limits.read()) or None


@pytest.hookimpl(tryfirst=True)  # before -k and -m take anything away
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if limits.on_windows():
        config.hook.pytest_deselected(items=limits.sort_out(items))


@pytest.fixture(scope="session")
def sandboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandboxes]:
    """Starts sandboxes with options of the test's own: ``sandboxes.start(rate_limit=3)``."""
    with for_this_process(tmp_path_factory.mktemp("sandboxes")) as running:
        yield running


@pytest.fixture(scope="session")
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """One fast sandbox for all tests; who changes its behaviour starts one of their own."""
    return sandboxes.start()
