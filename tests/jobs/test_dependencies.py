"""Jobs that first need their model exported, or another job's result."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from addon.catalog import build_request
from addon.catalog.encoders import result_of
from addon.jobs.job import Export, Job
from addon.jobs.runner import Runner
from addon.jobs.runner_deps import PreparationFailed
from addon.jobs.states import State
from addon.service.limits import MAX_UPLOAD_BYTES
from tests.jobs.world import PENDING, World, glb
from tests.service.scripted_server import Answer, Asked, json_answer

OPTIMIZE = "/v1/tools/optimize/"


class FileExporter:
    """Writes a file of a given size, or fails."""

    def __init__(self, size: int = 400, message: str = "") -> None:
        self.size = size
        self.message = message
        self.exported: list[Path] = []

    def export(self, export: Export) -> Mapping[str, Any]:
        if self.message:
            raise PreparationFailed(self.message, "Select a mesh.")
        export.to.parent.mkdir(parents=True, exist_ok=True)
        with export.to.open("wb") as file:
            file.write(glb(400))
            file.truncate(self.size)
        self.exported.append(export.to)
        return {"triangles": 12}


def exporting(world: World, exporter: FileExporter) -> None:
    context = replace(world.runner.context, exporter=exporter)
    world.runner = Runner(context)


def add_export(world: World) -> Job:
    to = world.folder / "out" / "model.glb"
    return world.store.add(
        build_request("optimize", {"model_file": str(to)}),
        name="a chair",
        estimate=10,
        service_address=world.server.address,
        folder=world.folder / "results",
        export=Export(world.folder / "model.blend", to),
    )


def orders(world: World) -> list[Asked]:
    return [asked for asked in world.server.asked if asked.method == "POST"]


def test_nothing_is_sent_before_the_model_was_exported(world: World) -> None:
    exporter = FileExporter()
    exporting(world, exporter)
    world.server.on("POST", OPTIMIZE, json_answer({"task_id": "t-1"}, 201))
    world.status(PENDING)
    job = add_export(world)
    world.runner.tick()
    assert world.store.get(job.id).state is State.EXPORTING
    assert orders(world) == []
    sent = world.until(job, State.PENDING)
    assert exporter.exported == [sent.export.to if sent.export else None]
    assert sent.export is not None
    assert sent.export.figures == {"triangles": 12}
    (order,) = orders(world)
    assert b'filename="model.glb"' in order.body
    assert glb(400) in order.body


def test_a_model_that_cannot_be_exported_costs_nothing(world: World) -> None:
    exporting(world, FileExporter(message="There is no surface to send."))
    job = world.until(add_export(world), State.FAILED)
    assert job.failure is not None
    assert (job.failure.code, job.failure.message) == (
        "export_failed",
        "There is no surface to send.",
    )
    assert job.failure.credits == "Nothing was charged."
    assert orders(world) == []


def test_a_model_that_is_too_large_is_refused_with_advice(world: World) -> None:
    exporting(world, FileExporter(size=MAX_UPLOAD_BYTES + 1))
    job = world.until(add_export(world), State.FAILED)
    assert job.failure is not None
    assert job.failure.code == "upload_too_large"
    assert "Decimate" in job.failure.hint
    assert orders(world) == []


def test_trying_again_exports_again(world: World) -> None:
    exporter = FileExporter(message="Out of memory.")
    exporting(world, exporter)
    world.server.on("POST", OPTIMIZE, json_answer({"task_id": "t-1"}, 201))
    world.status(PENDING)
    job = world.until(add_export(world), State.FAILED)
    exporter.message = ""
    world.store.change(job.id, State.QUEUED, next_at=0.0, failure=None)
    world.until(job, State.PENDING)
    assert len(exporter.exported) == 1


def add_after(world: World, before: Job) -> Job:
    return world.add("optimize", model_file=result_of(before.id))


def test_a_step_waits_for_the_one_before_and_takes_its_present_address(world: World) -> None:
    world.server.on("POST", OPTIMIZE, json_answer({"task_id": "t-2"}, 201))
    before = world.add()
    after = add_after(world, before)
    world.status(PENDING)
    world.until(before, State.PENDING)
    world.run(60)
    assert world.store.get(after.id).state is State.QUEUED
    world.status(world.finished(("old.glb", "3D_MODEL")), world.finished(("new.glb", "3D_MODEL")))
    world.serve("old.glb", glb())
    world.serve("new.glb", glb())
    world.status(PENDING, task_id="t-2")
    world.until(after, State.PENDING)
    order = next(asked for asked in orders(world) if asked.path == OPTIMIZE)
    assert f"{world.server.address}/new.glb".encode() in order.body
    # The signed address is for this one request and is not written down.
    assert world.store.get(after.id).values["model_file"] == result_of(before.id)


@pytest.mark.parametrize(
    "trouble",
    [
        json_answer({"error": "Request was throttled. Expected available in 9 seconds."}, 429),
        Answer(502, b"<html>Bad Gateway</html>"),
    ],
)
def test_passing_trouble_with_the_address_of_the_step_before_is_waited_out(
    world: World, trouble: Answer
) -> None:
    world.server.on("POST", OPTIMIZE, json_answer({"task_id": "t-2"}, 201))
    world.status(world.finished(("a.glb", "3D_MODEL")))
    world.serve("a.glb", glb())
    world.status(PENDING, task_id="t-2")
    before = world.add()
    world.until(before, State.READY)
    after = add_after(world, before)
    world.status(trouble, world.finished(("a.glb", "3D_MODEL")))
    world.runner.tick()
    job = world.store.get(after.id)
    assert job.state is State.QUEUED
    assert job.failure is not None
    assert job.failure.credits == "Nothing was charged."
    world.until(after, State.PENDING)


@pytest.mark.parametrize("removed", [False, True])
def test_what_follows_a_step_without_result_is_never_sent(world: World, removed: bool) -> None:
    before = world.add()
    after = add_after(world, before)
    world.store.change(before.id, State.ABANDONED)
    if removed:
        world.store.remove(before.id, expected=State.ABANDONED)
    job = world.until(after, State.FAILED)
    assert job.failure is not None
    assert job.failure.code == "step_failed"
    assert job.failure.credits == "Nothing was charged."
    assert orders(world) == []
