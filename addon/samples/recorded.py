"""Answers orders from the recorded samples, in the places of the service and of its storage."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Final

from ..catalog import WireRequest, build_request, encode
from ..catalog.messages import Message
from ..service import whole_files
from ..service.addresses import SAMPLES_ADDRESS
from ..service.answers import Asset, Submitted, TaskState, TaskStatus, Wallet
from ..service.downloads import Progress
from ..service.errors import DownloadFailed, NotFound, ValidationFailed
from ..service.names import free_path
from .declared import SAMPLES, Sample, sample_of

SECONDS: Final = 3.0
"""How long a sample takes: long enough to be seen as a job."""
SUBMITS_A_MINUTE: Final = 600
ASSET_TYPE: Final = "3D_MODEL"
NO_SUCH: Final = "There is no such sample."


class RecordedService:
    """What the runner needs of a service. Task ids tell the sample, and when it was ordered."""

    address = SAMPLES_ADDRESS

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now

    def wallet(self) -> Wallet:
        """No credits, and none are needed."""
        return Wallet(Decimal(0), SUBMITS_A_MINUTE)

    def submit(self, wire: WireRequest) -> Submitted:
        """Take the order of a sample; raises ValidationFailed for any other."""
        for sample in SAMPLES:
            if _wire(sample) == wire:
                moment = round(self._now() * 1000)
                return Submitted(f"sample-{sample.name}-{moment}-{os.urandom(2).hex()}")
        raise ValidationFailed(NO_SUCH)

    def status(self, task_id: str) -> TaskStatus:
        """Where the task stands by the clock; raises NotFound for what is no sample's."""
        sample, ordered_at = _read(task_id)
        done = (self._now() - ordered_at) / SECONDS
        if done < 1:
            return TaskStatus(TaskState.IN_PROGRESS, max(int(done * 100), 0), None, ())
        return TaskStatus(TaskState.FINISHED, 100, None, (Asset(sample.name, ASSET_TYPE),))


class RecordedFiles:
    """What the runner needs of a downloader: its links are the names of samples."""

    def fetch(self, url: str, folder: Path, stem: str, progress: Progress | None = None) -> Path:
        """Copy the file; raises DownloadFailed."""
        sample = sample_of(url)
        if sample is None:
            raise DownloadFailed(NO_SUCH, retry=False, hint="")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = free_path(folder, stem, sample.model.suffix)
            part = path.with_name(f"{path.name}.part")
            shutil.copyfile(sample.model, part)
            whole_files.rename(part, path)
        except OSError as error:
            raise DownloadFailed(
                Message("The sample could not be copied: {reason}", reason=error.strerror),
                retry=False,
                hint="Make room there, or choose another folder in the preferences.",
            ) from error
        if progress is not None:
            size = path.stat().st_size
            progress(size, size)
        return path


def _wire(sample: Sample) -> WireRequest:
    request = build_request(sample.operation, sample.values)
    return encode(request, str)  # none starts from a picture that would have to be read


def _read(task_id: str) -> tuple[Sample, float]:
    kind, _, rest = task_id.partition("-")
    name, _, rest = rest.partition("-")
    moment, _, _ = rest.partition("-")
    sample = sample_of(name)
    if kind != "sample" or sample is None or not moment.isdigit():
        raise NotFound(NO_SUCH)
    return sample, int(moment) / 1000
