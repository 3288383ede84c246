"""What there is to say about single jobs that is not part of them; forgotten when Blender ends."""

from collections.abc import Mapping
from typing import Final

_remarks: Final[dict[str, str]] = {}


def remark(job_id: str, words: str) -> None:
    """Say something below the job in the list; "" takes it back."""
    if words:
        _remarks[job_id] = words
    else:
        _remarks.pop(job_id, None)


def current() -> Mapping[str, str]:
    """The words by job id."""
    return _remarks


def unregister() -> None:
    """Forget everything."""
    _remarks.clear()
