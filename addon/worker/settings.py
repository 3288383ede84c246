"""What the parent tells the worker, as one JSON line. The key travels here and nowhere else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ..jobs.backoff import MAX_POLL, MIN_POLL
from ..service.limits import CONNECT_TIMEOUT, READ_TIMEOUT

MAX_MESSAGE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Everything a worker needs to know; results folders come with the jobs."""

    store: Path
    address: str
    key: str = field(repr=False)
    user_agent: str
    log_file: Path
    prepare_command: Sequence[str] = ()
    """Starts a background Blender with our script; empty: nothing is prepared."""
    prepare_timeout: float = 600.0
    export_command: Sequence[str] = ()
    """Starts a background Blender with the script that exports models."""
    fit_command: Sequence[str] = ()
    """The same with the script that makes copies of pictures; empty: all go as they are."""
    online: bool = True
    """False: no request is made at all, only local work goes on."""
    connect_timeout: float = CONNECT_TIMEOUT
    read_timeout: float = READ_TIMEOUT
    min_poll: float = MIN_POLL
    max_poll: float = MAX_POLL

    def to_json(self) -> dict[str, Any]:
        """For one message."""
        return asdict(self) | {"store": str(self.store), "log_file": str(self.log_file)}

    @classmethod
    def from_json(cls, message: Mapping[str, Any]) -> "WorkerSettings":
        """The reverse; raises TypeError or KeyError for settings of another version."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in message.items() if name in known}
        values["store"] = Path(values["store"])
        values["log_file"] = Path(values["log_file"])
        for command in ("prepare_command", "export_command", "fit_command"):
            values[command] = tuple(values.get(command, ()))
        return cls(**values)


def message_line(message: Mapping[str, Any]) -> bytes:
    """One message as it goes over the pipe: JSON without line breaks, and a newline."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"
