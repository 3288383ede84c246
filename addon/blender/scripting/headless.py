"""The command line for those who have only a Blender: started by it, run beside it.

Not in Blender's own process: the command line downloads in threads, which Blender does not support
even without a window, and `requests` stays out of Blender this way too. The child gets this
Blender's streams, and ends with it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import bpy

from ...service.addresses import ADDRESS_NAMES
from ...worker import background
from ..core import account, options
from ..runtime import worker_host

SCRIPT = Path(__file__).parents[2] / "cli" / "bootstrap.py"
LASTING_COMMAND = "batch"


def run_command_line(arguments: Sequence[str], program: str) -> int:
    """Run the command line with ``arguments`` and return its exit code; blocks until then."""
    lasting = LASTING_COMMAND in arguments[:1]
    sys.stdout.flush()
    sys.stderr.flush()
    with _lifeline() as ends:
        lifeline = "" if lasting else "".join(map(str, ends))
        command = [*worker_host.python_command(SCRIPT), lifeline, program, *arguments]
        try:
            process = background.start_beside(
                [*command, "--lifeline"] if lasting else command,
                environment(),
                orders=subprocess.PIPE if lasting else None,
                ends=ends,
            )
        except OSError as error:
            return _not_started(error)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the terminal has told the child too, which ends in good order


@contextmanager
def _lifeline() -> Iterator[tuple[int, ...]]:
    """The end of a pipe for the child, which closes whatever ends this Blender.

    On Windows a child gets no other pipe than its streams. There ``batch`` alone, which asks
    nothing, has its stdin for that.
    """
    if sys.platform == "win32":
        yield ()
    else:
        reading, writing = os.pipe()
        try:
            yield (reading,)
        finally:
            os.close(reading)
            os.close(writing)


def _not_started(error: OSError) -> int:
    """Say so as the command line would have done."""
    message = f"The command line could not be started: {error}"
    document = {"error": {"code": "system_trouble", "message": message, "next_step": ""}}
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
    sys.stderr.write(message + "\n")
    return 1


def environment() -> dict[str, str]:
    """The child's environment: this Blender, its preferences, and whether it may go online."""
    found = dict(os.environ)
    found["BLENDER"] = bpy.app.binary_path or sys.executable
    chosen = options.read().service_address
    if chosen and not any(found.get(name) for name in ADDRESS_NAMES):
        found[ADDRESS_NAMES[-1]] = account.current().address
    if not bpy.app.online_access:
        said = getattr(bpy.app, "online_access_override", False)
        found["STUDIO3D_OFFLINE"] = "command line" if said else "preference"
    return found
