"""The world a command runs in, so that tests can hand it another one."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Final, TextIO, cast

from ..jobs.clock import Clock, SystemClock
from ..service.stopping import pause
from ..worker import found_blenders

NO_BLENDER: Final = (
    "Install Blender 4.2 or newer, or say where it is with --blender, or with BLENDER in the "
    "environment."
)
"""What to do where none is found."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Streams, variables, working directory and clock of one run."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    cwd: Path
    prog: str
    platform: str = sys.platform
    clock: Clock = field(default_factory=SystemClock)
    sleep: Callable[[float], None] = pause
    """Between two tries; in seconds."""
    root: Path = Path("/")
    """What programs are installed in."""

    @property
    def interactive(self) -> bool:
        """Whether somebody can be asked a question."""
        return self.stdin.isatty() and self.stderr.isatty()

    def program(self, name: str) -> str | None:
        """Where a program lies, by its path or on ``PATH``; None if it is not there."""
        return which(name, path=self.environ.get("PATH"))

    def blender(self, chosen: str | None = None) -> str | None:
        """The Blender that was chosen, else that of ``BLENDER``, else one of this machine's."""
        named = chosen or self.environ.get("BLENDER")
        if named:
            return self.program(found_blenders.meant(named))
        return found_blenders.find(self.environ, self.platform, self.root)

    @classmethod
    def of_process(cls, prog: str) -> "Environment":
        """The process's own world."""
        return cls(
            sys.stdin or nothing("r"),
            sys.stdout or nothing("w"),
            sys.stderr or nothing("w"),
            os.environ,
            working_directory(),
            prog,
        )


def working_directory() -> Path:
    """Where the process was started; a path that leads nowhere if that is gone."""
    try:
        return Path.cwd()
    except OSError:
        return Path()


def nothing(mode: str) -> TextIO:
    """In place of a stream that whoever started the process has closed."""
    return cast("TextIO", Path(os.devnull).open(mode, encoding="utf-8"))
