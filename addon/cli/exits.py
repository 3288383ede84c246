"""Exit codes of the command line, and the one table of which trouble leads to which."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from ..service.errors import ServiceError

if TYPE_CHECKING:  # help needs no job list
    from collections.abc import Iterable

    from ..jobs.job import Failure


class ExitStatus(IntEnum):
    """What the process says when it ends."""

    OK = 0
    ERROR = 1
    USAGE = 2
    AUTHENTICATION = 3
    CREDITS = 4
    JOB_FAILED = 5
    NETWORK = 6
    NO_RESULT = 7
    INTERRUPTED = 130


MEANINGS: Final[dict[ExitStatus, str]] = {
    ExitStatus.OK: "ok",
    ExitStatus.ERROR: "anything else",
    ExitStatus.USAGE: "usage, validation (also HTTP 400), or no yes: nothing was charged",
    ExitStatus.AUTHENTICATION: "no key, or the service refuses it",
    ExitStatus.CREDITS: "not enough credits, or above `--max-credits`: nothing was charged",
    ExitStatus.JOB_FAILED: "the job FAILED at the service; `error.credits` says what that means",
    ExitStatus.NETWORK: "network, timeout or rate limit given up; `error` says how to go on",
    ExitStatus.NO_RESULT: "paid, but the result is damaged, missing or expired",
    ExitStatus.INTERRUPTED: "interrupted; `resume` goes on without paying again",
}

BY_CODE: Final[dict[str, ExitStatus]] = {
    code: status
    for status, codes in {
        ExitStatus.ERROR: (
            "already_sent",
            "error",
            "export_failed",
            "file_in_use",
            "files_busy",
            "files_changed",
            "folder_busy",
            "folder_unusable",
            "given_up",
            "library_missing",
            "no_model",
            "not_finished",
            "not_printable",
            "prepare_failed",
            "process_failed",
            "service_error",
            "store_unusable",
            "system_trouble",
            "unforeseen",
            "unknown_operation",
        ),
        ExitStatus.USAGE: (
            "bad_address",
            "file_not_found",
            "input_unreadable",
            "list_unreadable",
            "no_blender",
            "no_home",
            "no_such_asset",
            "no_such_job",
            "not_confirmed",
            "not_open",
            "nothing_fetched",
            "output_unusable",
            "upload_too_large",
            "usage",
            "validation_failed",
        ),
        ExitStatus.AUTHENTICATION: (
            "api_key_expired",
            "api_key_revoked",
            "bad_key",
            "forbidden",
            "invalid_api_key",
            "key_refused",
            "no_key",
        ),
        ExitStatus.CREDITS: ("insufficient_credits", "over_budget", "over_max_credits"),
        ExitStatus.JOB_FAILED: ("step_failed", "task_failed"),
        ExitStatus.NETWORK: (
            "answer_lost",
            "link_expired",
            "links_missing",
            "network_trouble",
            "offline",
            "rate_limited",
            "redirected",
            "server_trouble",
            "store_busy",
            "timed_out",
            "unexpected_answer",
        ),
        ExitStatus.NO_RESULT: (
            "bad_archive",
            "download_failed",
            "not_found",
            "result_damaged",
            "result_expired",
            "result_missing",
        ),
        ExitStatus.INTERRUPTED: ("interrupted",),
    }.items()
    for code in codes
}
"""Every ``error.code`` there is. A code of the service's own that is not here decides nothing."""

BY_SEVERITY: Final = (
    ExitStatus.OK,
    ExitStatus.USAGE,
    ExitStatus.JOB_FAILED,
    ExitStatus.NO_RESULT,
    ExitStatus.ERROR,
    ExitStatus.NETWORK,
    ExitStatus.CREDITS,
    ExitStatus.AUTHENTICATION,
    ExitStatus.INTERRUPTED,
)
"""The worst is last: of several jobs, one decides the exit code."""


class Refused(Exception):
    """A command cannot or may not go on; nothing was sent, or nothing more is done."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    @property
    def status(self) -> ExitStatus:
        """The exit code, by the table."""
        return BY_CODE[self.code]


def exit_of_error(error: Exception) -> ExitStatus:
    """The exit code of an error that ended a command."""
    from ..catalog import InvalidRequest, UnknownOperation  # late: most commands end well
    from ..catalog.text_values import BadText

    if isinstance(error, Refused):
        return error.status
    if isinstance(error, InvalidRequest | UnknownOperation | BadText):
        return ExitStatus.USAGE
    if isinstance(error, ServiceError):
        # What a service calls its trouble it may invent; what kind of trouble it is, it may not.
        return BY_CODE.get(error.code) or BY_CODE[type(error).code]
    return ExitStatus.ERROR


def exit_of_failure(failure: Failure | None, *, submitted: bool) -> ExitStatus:
    """The exit code of a job that did not end well; one the service took is a failed job."""
    if failure is not None and failure.code in BY_CODE:
        return BY_CODE[failure.code]
    return ExitStatus.JOB_FAILED if submitted else ExitStatus.ERROR


def worst(found: Iterable[ExitStatus]) -> ExitStatus:
    """The one that decides."""
    return max(found, key=BY_SEVERITY.index, default=ExitStatus.OK)
