"""The command line for those who have only a Blender: started by it, run beside it.

Not in Blender's own process: the command line downloads in threads, which Blender does not support
even without a window, and `requests` stays out of Blender this way too. The child gets this
Blender's streams, and ends with it.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import bpy

from ...service.addresses import ADDRESS_NAMES
from ..core import account, options
from ..runtime import worker_host

SCRIPT = Path(__file__).parents[2] / "cli" / "bootstrap.py"
LASTING_COMMAND = "batch"


def run_command_line(arguments: Sequence[str], program: str) -> int:
    """Run the command line with ``arguments`` and return its exit code; blocks until then."""
    command = [*worker_host.python_command(SCRIPT), program, *arguments]
    lasting = LASTING_COMMAND in arguments[:1]
    if lasting:
        command.append("--lifeline")
    sys.stdout.flush()
    sys.stderr.flush()
    process = subprocess.Popen(
        command,
        env=environment(),
        # The pipe's end, whatever ends this Blender, tells the child to end as well.
        stdin=subprocess.PIPE if lasting else None,
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the terminal has told the child too, which ends in good order


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
