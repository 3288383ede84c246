"""Exit codes of the command line and which trouble leads to which."""

from enum import IntEnum

from ..catalog import InvalidRequest, UnknownOperation
from ..catalog.text_values import BadText
from ..jobs.job import Failure
from ..service.errors import ServiceError


class ExitStatus(IntEnum):
    """What the process says when it ends."""

    OK = 0
    ERROR = 1
    USAGE = 2
    AUTHENTICATION = 3
    CREDITS = 4
    JOB_FAILED = 5
    NETWORK = 6
    INTERRUPTED = 130


class Refused(Exception):
    """A command cannot or may not go on; nothing was sent, or nothing more is done."""

    def __init__(self, status: ExitStatus, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint


BY_CODE: dict[str, ExitStatus] = {
    "validation_failed": ExitStatus.USAGE,
    "input_unreadable": ExitStatus.USAGE,
    "upload_too_large": ExitStatus.USAGE,
    "bad_address": ExitStatus.USAGE,
    "no_key": ExitStatus.AUTHENTICATION,
    "bad_key": ExitStatus.AUTHENTICATION,
    "key_refused": ExitStatus.AUTHENTICATION,
    "invalid_api_key": ExitStatus.AUTHENTICATION,
    "api_key_expired": ExitStatus.AUTHENTICATION,
    "api_key_revoked": ExitStatus.AUTHENTICATION,
    "insufficient_credits": ExitStatus.CREDITS,
    "network_trouble": ExitStatus.NETWORK,
    "rate_limited": ExitStatus.NETWORK,
    "server_trouble": ExitStatus.NETWORK,
    "answer_lost": ExitStatus.NETWORK,
    "link_expired": ExitStatus.NETWORK,
    "download_failed": ExitStatus.NETWORK,
}


def exit_of_error(error: Exception) -> ExitStatus:
    """The exit code of an error that ended a command."""
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, InvalidRequest | UnknownOperation | BadText):
        return ExitStatus.USAGE
    if isinstance(error, ServiceError):
        return BY_CODE.get(error.code, ExitStatus.ERROR)
    return ExitStatus.ERROR


def exit_of_failure(failure: Failure | None, *, submitted: bool) -> ExitStatus:
    """The exit code of a job that did not end well; one the service took is a failed job."""
    if failure is not None and failure.code in BY_CODE:
        return BY_CODE[failure.code]
    return ExitStatus.JOB_FAILED if submitted else ExitStatus.ERROR
