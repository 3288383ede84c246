"""What there is to say about single jobs that is not part of them; forgotten when Blender ends."""

from collections.abc import Mapping

from ..core import memory
from ..core.memory import Part


class _Remarks(Part):
    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        """By job id."""


def remark(job_id: str, words: str) -> None:
    """Say something below the job in the list; "" takes it back."""
    remarks = memory.of(_Remarks)
    if words:
        remarks.words[job_id] = words
    else:
        remarks.words.pop(job_id, None)


def current() -> Mapping[str, str]:
    """The words by job id."""
    return memory.of(_Remarks).words
