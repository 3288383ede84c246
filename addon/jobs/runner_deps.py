"""What every step of the runner works with."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from ..catalog.encoders import ReadImage
from ..service.answers import Submitted, TaskStatus, Wallet
from ..service.downloads import Progress
from ..service.errors import Charged, ServiceError
from ..service.stopping import Stop, Stopped
from ..service.throttle import DEFAULT_LIMIT
from .backoff import Jitter, Pace
from .clock import Clock
from .job import Export, Failure, Job, Prepared
from .sendable_pictures import PictureFitter
from .states import State
from .store import Store
from .task_words import declared
from .trying_again import again

log = logging.getLogger(__name__)

USUAL_SECONDS = (30.0, 240.0)
"""For operations this version does not know."""


class Service(Protocol):
    """What the runner needs of ``service.client.Client``."""

    address: str

    def wallet(self) -> Wallet: ...

    def submit(self, wire: Any) -> Submitted: ...

    def status(self, task_id: str) -> TaskStatus: ...


class Fetcher(Protocol):
    """What the runner needs of ``service.downloads.Downloader``."""

    def fetch(
        self, url: str, folder: Path, stem: str, progress: Progress | None = None
    ) -> Path: ...


class Preparer(Protocol):
    """Makes a .blend of downloaded files."""

    def expect(self, job: Job) -> None:
        """Its files come in: what can be got ready for them may be."""
        ...

    def prepare(
        self, job: Job, files: Sequence[Path], to: Path, before: Sequence[Path] = ()
    ) -> Prepared:
        """Write ``to``; ``before`` is the model whose textures it gets where it has none.

        Raises PreparationFailed.
        """
        ...


class Exporter(Protocol):
    """Writes the model file that is to be sent."""

    def export(self, export: Export) -> Mapping[str, Any]:
        """Write ``export.to`` and return its figures; raises PreparationFailed."""
        ...


class PreparationFailed(Exception):
    """The background Blender could not make the file; what it was to be made of is kept."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NoReader(PreparationFailed):
    """Nothing is wrong with the files: the background Blender does not read their kind."""


@dataclass(frozen=True, slots=True)
class RunnerDeps:
    """The runner's tools. Writes go through it so that they are made as the row's owner."""

    store: Store
    service: Service
    fetcher: Fetcher
    read_image: ReadImage
    clock: Clock
    owner: str
    account: str
    """Names the account towards the shared submit limit; see ``service.keys.account_id``."""
    jitter: Jitter
    pace: Pace = field(default_factory=Pace)
    preparer: Preparer | None = None
    exporter: Exporter | None = None
    fitter: PictureFitter | None = None
    """Makes copies of pictures that the service would not take."""
    stop: Stop = field(default_factory=Stop)

    def change(self, job: Job, state: State, **changes: Any) -> Job:
        """Write a step down; raises LeaseLost if the row was taken away."""
        failure: Failure | None = changes.get("failure")
        if failure is not None and job.is_sample:
            changes["failure"] = replace(failure, charged=None)
        return self.store.change(job.id, state, owner=self.owner, **changes)

    def wait(self, job: Job, seconds: float, failure: Failure | None = None) -> Job:
        """Leave the job in its state and look again later, showing the trouble if there is one."""
        return self.change(
            job,
            job.state,
            next_at=self.clock.now() + seconds,
            attempts=job.attempts + 1,
            failure=None if failure is None else again(failure),
        )

    def retry(self, job: Job, failure: Failure) -> Job:
        """Wait as long as the number of tries so far asks for."""
        return self.wait(job, self.pace.until_retry(job.attempts, self.jitter), failure)

    def end(self, job: Job, state: State, failure: Failure) -> Job:
        """End the job in FAILED, EXPIRED or UNKNOWN."""
        log.info("job %s is %s: %s", job.id, state, failure.message)
        finished_at = job.finished_at or self.clock.now()
        return self.change(job, state, failure=failure, finished_at=finished_at)

    def submit_limit(self) -> int:
        """Submissions a minute; the service is asked before the first one ever."""
        note = self.store.wallet(self.service.address)
        if note is None:
            self.refresh_wallet()
            note = self.store.wallet(self.service.address)
        known = note.wallet.rate_limit if note is not None and note.wallet is not None else None
        return known or DEFAULT_LIMIT

    def refresh_wallet(self) -> None:
        """Ask for the balance after it has probably changed; no answer is no trouble."""
        try:
            self.store.save_wallet(self.service.address, self.service.wallet())
        except ServiceError as error:
            log.info("no balance: %s", error.message)

    def check_stop(self) -> None:
        """Raises Stopped if the runner is to end."""
        if self.stop.is_set():
            raise Stopped


def failure_of(error: ServiceError, charged: Charged | None = None) -> Failure:
    """An error as the job's failure; ``charged`` where the job knows better than the error."""
    return Failure(error.code, error.message, error.hint, charged or error.charged)


def usual_seconds(job: Job) -> tuple[float, float]:
    """The shortest and longest time the service usually takes for it."""
    operation = declared(job)
    return USUAL_SECONDS if operation is None else operation.seconds
