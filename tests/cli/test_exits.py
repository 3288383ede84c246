"""One table says which trouble ends with which code."""

import re
from collections.abc import Iterator

import pytest

from addon.cli.exits import BY_CODE, BY_SEVERITY, MEANINGS, ExitStatus, exit_of_error
from addon.service.errors import Charged, ServerError, ServiceError
from tests.sandboxes import ROOT

WRITTEN = re.compile(r'(?:Refused|Failure|_step_failed)\(\s*"(\w+)"')


def kinds_of(kind: type[ServiceError]) -> Iterator[type[ServiceError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from kinds_of(below)


def test_every_code_that_is_written_somewhere_is_in_the_table() -> None:
    folders = [ROOT / "addon" / name for name in ("cli", "jobs", "batch", "worker")]
    texts = [path.read_text(encoding="utf-8") for f in folders for path in f.rglob("*.py")]
    written = {code for text in texts for code in WRITTEN.findall(text)}
    assert {"usage", "not_confirmed", "task_failed", "result_missing"} <= written
    assert written - BY_CODE.keys() == set()


@pytest.mark.parametrize("kind", list(kinds_of(ServiceError)), ids=lambda kind: kind.__name__)
def test_every_error_of_the_service_is_in_the_table(kind: type[ServiceError]) -> None:
    assert kind.code in BY_CODE


def test_what_the_service_calls_its_trouble_does_not_hide_what_it_is() -> None:
    assert exit_of_error(ServerError("Trouble.", code="internal_error")) is ExitStatus.NETWORK


def test_what_was_paid_and_spoilt_is_not_called_refunded() -> None:
    assert Charged.REFUNDED.words not in MEANINGS[BY_CODE["bad_archive"]]
    assert BY_CODE["bad_archive"] is not BY_CODE["task_failed"]


def test_every_exit_has_a_meaning_and_a_rank() -> None:
    assert set(MEANINGS) == set(BY_SEVERITY) == set(ExitStatus)
