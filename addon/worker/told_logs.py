"""What of a log may be told to strangers: when, how bad, where in the program, not about what.

Messages name files, objects and prompts. So nothing of them is left: of a record its time, level
and module stay, of a traceback the places in the program and the kind of error.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

_RECORD: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d{3} \d+ ([A-Z]+) ([\w.]+): ")
"""The beginning of a line in the ``FORMAT`` of ``logs``."""
_FRAME: Final = re.compile(r'\s+File "([^"]*)", line (\d+), in (\w+|<\w+>)$')
_ERROR: Final = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?=:|$)")
_TRACEBACK: Final = "Traceback ("
_OURS: Final = re.compile(r".*(?:studio3d|addon)[/\\]")
"""What stands before the path of one of our modules."""


def without_messages(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a log, without all that could be somebody's."""
    in_traceback = False
    for line in lines:
        record, frame = _RECORD.match(line), _FRAME.match(line)
        if record is not None:
            in_traceback = False
            yield f"{record[1]} {record[2]} {_module(record[3])}"
        elif line.startswith(_TRACEBACK):
            in_traceback = True
        elif in_traceback and frame is not None:
            yield f"  {_file(frame[1])}:{frame[2]} {frame[3]}"
        elif in_traceback and line and not line[0].isspace():
            in_traceback = False
            error = _ERROR.match(line)
            yield f"  {error[1] if error else 'an error'}"


def _module(name: str) -> str:
    """Without the name of the repository that it was installed from."""
    return name.partition("studio3d.")[2] or name.rpartition(".")[2]


def _file(path: str) -> str:
    ours = _OURS.match(path)
    return path[ours.end() :] if ours else re.split(r"[/\\]", path)[-1]
