"""Trouble on demand. A fault is armed by name and strikes the next matching request or task."""

import re
import threading
from dataclasses import dataclass, replace

_ANSWERS = (
    *("dropped", "lost", "hang", "not-json"),
    *("401", "402", "403", "404", "413", "429", "500", "500-html", "502", "503", "504"),
)
_DAMAGE = ("cut", "corrupt", "wrong-magic", "slow")

NAMES: dict[str, tuple[str, ...]] = {
    "submit": _ANSWERS,
    "status": _ANSWERS,
    "wallet": _ANSWERS,
    "task": ("failed", "stuck", "asset-null", "reason"),
    "download": ("dropped", "hang", "403", "500", "503", *_DAMAGE),
}
"""Fault names by stage. A full name is ``<stage>-<name>``.

Requests: ``dropped`` closes the connection when all has arrived and before anything is done,
``lost`` after everything is done but before the answer; ``hang`` never answers; ``429`` takes the
seconds as its value; ``401`` refuses the key, ``402`` for lack of credits, ``413`` as a gateway
for size.
Tasks: ``failed`` (and refunded), ``stuck`` in IN_PROGRESS, FINISHED with ``asset-null`` for ever,
FINISHED with a ``reason`` and no asset.
Downloads: ``cut`` after value bytes, ``slow`` at value bytes a second.
"""

_TEXT = re.compile(r"(?P<name>[a-z0-9-]+)(=(?P<value>[0-9.]+))?(\*(?P<times>[0-9]+))?")


class UnknownFault(ValueError):
    """No fault of that name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``times`` None means until cleared; ``skip`` matching requests pass first."""

    name: str
    value: float | None = None
    times: int | None = 1
    skip: int = 0

    def __post_init__(self) -> None:
        stage, _, what = self.name.partition("-")
        if what not in NAMES.get(stage, ()):
            raise UnknownFault(f"unknown fault {self.name!r}")

    @property
    def what(self) -> str:
        return self.name.partition("-")[2]


def parse(text: str) -> Fault:
    """``NAME[=VALUE][*TIMES]``, as on the command line; without TIMES it stays armed."""
    match = _TEXT.fullmatch(text)
    if match is None:
        raise UnknownFault(f"cannot read fault {text!r}")
    value, times = match["value"], match["times"]
    return Fault(
        match["name"],
        value=None if value is None else float(value),
        times=None if times is None else int(times),
    )


class Faults:
    """The armed faults, in order."""

    def __init__(self, armed: list[Fault]) -> None:
        self._lock = threading.Lock()
        self._armed = armed

    def arm(self, fault: Fault) -> None:
        with self._lock:
            self._armed.append(fault)

    def armed(self) -> list[Fault]:
        with self._lock:
            return list(self._armed)

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def take(self, stage: str) -> Fault | None:
        """The fault that strikes now, if any; uses up one of its times."""
        with self._lock:
            for index, fault in enumerate(self._armed):
                if not fault.name.startswith(f"{stage}-"):
                    continue
                if fault.skip:
                    self._armed[index] = replace(fault, skip=fault.skip - 1)
                    return None
                if fault.times == 1:
                    del self._armed[index]
                elif fault.times is not None:
                    self._armed[index] = replace(fault, times=fault.times - 1)
                return fault
        return None
