"""What is said of trouble that is waited out: that there will be another try, where there will."""

from dataclasses import replace
from typing import Final

from ..catalog.messages import Message, together
from .job import Failure

AGAIN: Final = "It is tried again by itself."


def again(failure: Failure) -> Failure:
    """The trouble of a job that a runner will try again."""
    return replace(failure, hint=together(failure.hint, AGAIN))


def once(failure: Failure) -> Failure:
    """The same without that, for where no runner is left to try."""
    hint = failure.hint
    if isinstance(hint, Message) and hint.parts.get("then") == AGAIN:
        return replace(failure, hint=str(hint.parts["first"]))
    return replace(failure, hint="") if hint == AGAIN else failure
