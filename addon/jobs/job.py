"""One job as everybody sees it: a plain, unchangeable record read from the store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..catalog import Mode, Value
from ..service.addresses import SAMPLES_ADDRESS
from ..service.errors import Charged
from .origin import Origin
from .states import State

if TYPE_CHECKING:
    from ..catalog import Request


def new_job_id() -> str:
    """An id nobody has: 32 hex digits."""
    import uuid  # late: who reads jobs makes none

    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, for people. In an active state: the trouble being waited out."""

    code: str
    """Short and stable, for programs: ``insufficient_credits``, ``answer_lost``, ..."""
    message: str
    """What happened."""
    hint: str = ""
    """What to do next."""
    charged: Charged | None = None
    """What it means for the credits; None if it has nothing to do with them."""

    @property
    def credits(self) -> str:
        """What it means for the credits, as a sentence; "" if nothing."""
        return "" if self.charged is None else self.charged.words


STEP_FAILED: Final = "step_failed"
"""Failure code of a job whose step before has no result."""

OVER_BUDGET: Final = "over_budget"
"""Failure code of a job that was not sent since the budget of its order was used up."""

NO_READER: Final = "no_reader"
"""Failure code of a READY job whose files are of a kind that this Blender does not read."""


@dataclass(frozen=True, slots=True)
class ResultFile:
    """One downloaded result."""

    path: Path
    """Absolute."""
    asset_type: str
    """The service's own word: ``3D_MODEL``, ``ARCHIVE``, ``IMAGE``, ..."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    index: int = 0
    """Position in the service's list of results."""
    contents: tuple[Path, ...] = ()
    """For an archive: the unpacked files, absolute."""
    left_out: tuple[str, ...] = ()
    """Sentences about what of an archive was not unpacked."""
    checksums: tuple[str, ...] = ()
    """Of the file and of its contents, when they were fetched; see ``checksums``."""

    def moved(self, move: Callable[[Path], Path]) -> "ResultFile":
        """The same, where ``move`` says that its files are."""
        return replace(self, path=move(self.path), contents=tuple(map(move, self.contents)))


@dataclass(frozen=True, slots=True)
class Export:
    """A model file that a background Blender has to write before the job can be sent."""

    blend: Path
    """What to export from, absolute."""
    to: Path
    """The file the job's request names, absolute."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What of it and how, for the script that exports."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """What was exported, for people: triangles, open edges, volume; see ``Prepared.figures``."""

    @property
    def paint(self) -> Path:
        """Where the pixels lie that ``blend`` lacks, if there are any; see ``scene.paint``."""
        return self.blend.with_suffix(".npz")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A .blend made of the results, to append from."""

    path: Path
    blender_version: tuple[int, int, int]
    """The Blender that wrote the file; an older one should not append it."""
    collection: str
    """Name of the collection inside that holds everything."""
    triangles: int
    dimensions: tuple[float, float, float]
    """Metres, along x, y, z."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """``triangles``, ``polygons``, ``open_edges``, ``volume`` in cubic metres, ``dimensions`` in
    metres, ``texture_size`` in pixels, ``bytes`` of the model file."""
    preview: Path | None = None
    """A small picture of it; not every result has one."""
    left_out: tuple[str, ...] = ()
    """Sentences about what the result has to do without, for example a texture that is missing."""
    made: tuple[Path, ...] = ()
    """Files that were written of it because they were ordered; they are the user's."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Job:
    """One order to the service and all that became of it. Times are unix seconds."""

    id: str
    """Ours, 32 hex digits; known before anything is sent."""
    operation: str
    values: Mapping[str, Value]
    mode: Mode | None
    name: str
    state: State
    service_address: str
    folder: Path
    """Where result files go, absolute."""
    created_at: float
    updated_at: float
    task_id: str | None = None
    submitted_at: float | None = None
    finished_at: float | None = None
    """When the service was first seen to have finished or failed."""
    progress: int = 0
    """Of the service's work, 0-100."""
    bytes_done: int = 0
    bytes_total: int | None = None
    estimate: int = 0
    """Credits, as expected when the job was made."""
    failure: Failure | None = None
    files: tuple[ResultFile, ...] = ()
    prepared: Prepared | None = None
    origin: Origin = field(default_factory=Origin)
    wants_prepared: bool = False
    """Whether a .blend is to be made of the result."""
    keeps_place: bool = False
    """Whether the .blend keeps the result where the file has it: it replaces something."""
    export: Export | None = None
    """The model to be exported first, if there is one."""
    save_as: Path | None = None
    """Where the result is put as well, under the user's own name."""
    next_at: float = 0.0
    """When the runner may look at it again."""
    attempts: int = 0
    """Looks or tries in the present state."""
    charged: int | None = None
    """Credits by which the balance fell when it was sent; None where that is not known."""
    listed: bool = True
    """Whether it is in the list of jobs; what was sent is kept when it is taken off."""

    @property
    def is_kept(self) -> bool:
        """Whether its files are there and nothing is wrong but that this Blender reads none."""
        return self.failure is not None and self.failure.code == NO_READER

    @property
    def is_sample(self) -> bool:
        """Whether it is a recorded sample: no service was asked, and nothing is charged."""
        return self.service_address == SAMPLES_ADDRESS

    @property
    def request(self) -> "Request":
        """What was ordered."""
        from ..catalog import Request  # late: a list of jobs needs none

        return Request(self.operation, self.values, self.mode)
