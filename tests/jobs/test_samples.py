"""The recorded samples: whole, light, and never taken for the service's."""

from pathlib import Path

import pytest

from addon.catalog import build_request, encode
from addon.jobs.charges import ChargeStatus, charge_of
from addon.jobs.factory import make_runner
from addon.jobs.job import Job
from addon.jobs.planner import Enters, plan_one, store_plan
from addon.jobs.runner import Runner
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.samples.declared import SAMPLES, Sample
from addon.samples.recorded import SECONDS, RecordedFiles, RecordedService
from addon.service.addresses import SAMPLES_ADDRESS
from addon.service.errors import DownloadFailed, NotFound, ValidationFailed
from tests.jobs.world import FilePreparer, HandClock

MOST_BYTES = 600_000
"""A sample comes along in every download of the extension."""


class Shop:
    """A store, and a runner of samples, on a clock of the test's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.store = Store(folder / "jobs.sqlite", clock=self.clock)
        self.runner = self._runner(RecordedService(self.clock.now), RecordedFiles())

    def _runner(self, service: RecordedService, files: RecordedFiles) -> Runner:
        return make_runner(
            self.store,
            address=SAMPLES_ADDRESS,
            key="",
            user_agent="studio3d-test/1",
            preparer=FilePreparer(),
            clock=self.clock,
            service=service,
            fetcher=files,
        )

    def order(self, sample: Sample, folder: Path | None = None) -> Job:
        (job,) = store_plan(
            self.store,
            plan_one(sample.operation, sample.values),
            name=sample.label,
            service_address=SAMPLES_ADDRESS,
            folder=folder or self.folder / "results",
            enters=Enters.MODELS,
        )
        return job

    def run(self, job: Job) -> Job:
        """Turn the clock until nothing more happens to it."""
        for _ in range(40):
            self.runner.tick()
            self.clock.time += SECONDS
        return self.store.get(job.id)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_goes_the_way_of_every_job_and_costs_nothing(shop: Shop, sample: Sample) -> None:
    queued = shop.order(sample)
    assert (queued.state, queued.estimate) == (State.QUEUED, 0)
    done = shop.run(queued)
    assert done.state is State.READY
    assert done.prepared is not None
    (file,) = done.files
    assert file.path.read_bytes() == sample.model.read_bytes()
    assert charge_of(done).fate is ChargeStatus.NOTHING
    assert done.is_sample


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_its_files_are_light_and_what_they_are_called(sample: Sample) -> None:
    head = sample.model.read_bytes()[:12]
    assert head[:4] == b"glTF"
    assert int.from_bytes(head[8:], "little") == sample.model.stat().st_size <= MOST_BYTES
    assert sample.picture.read_bytes().startswith(b"\x89PNG")


def test_any_other_order_is_refused() -> None:
    values = {**SAMPLES[0].values, "prompt": "a wooden table"}
    other = encode(build_request(SAMPLES[0].operation, values), str)
    with pytest.raises(ValidationFailed):
        RecordedService().submit(other)


@pytest.mark.parametrize("task_id", ["", "sample-chair", "sample-chair-x-1", "task-chair-12-ab"])
def test_what_is_no_sample_is_not_found(task_id: str) -> None:
    with pytest.raises(NotFound):
        RecordedService().status(task_id)
    with pytest.raises(DownloadFailed):
        RecordedFiles().fetch(task_id, Path("nowhere"), "stem")


def test_a_folder_that_cannot_be_made_is_told_without_a_word_about_credits(shop: Shop) -> None:
    in_the_way = shop.folder / "a file"
    in_the_way.touch()
    failed = shop.run(shop.order(SAMPLES[0], in_the_way / "results"))
    assert failed.state is State.FAILED
    assert failed.failure is not None
    assert "could not be copied" in failed.failure.message
    assert failed.failure.credits == ""


def test_a_second_order_of_it_gets_files_of_its_own(shop: Shop) -> None:
    first, second = (shop.run(shop.order(SAMPLES[0])) for _ in range(2))
    assert first.task_id != second.task_id
    assert first.files[0].path != second.files[0].path
