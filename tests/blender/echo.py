"""A service that answers with the very file it was sent, through a background Blender."""

import json
import subprocess
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from tests.blender import background_loop
from tests.blender.conftest import part
from tests.blender.results import finish

Do = Callable[[str, dict[str, Any]], dict[str, Any]]
MARK = "studio3d_job"


@contextmanager
def background(folder: Path) -> Iterator[Do]:
    """A background Blender that does what one of its scripts does; gives the report."""
    command = part("blender.runtime.worker_host").export_command()
    scripts = Path(command[-1]).parent
    report = folder / "report.json"
    process = subprocess.Popen(
        [*command[:-1], background_loop.__file__, "--", str(scripts)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def do_one(script: str, order: dict[str, Any]) -> dict[str, Any]:
        order = order | {"script": script, "report": str(report)}
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.strip() == background_loop.DONE:
                said: dict[str, Any] = json.loads(report.read_text())
                assert said["ok"], said
                return said
        raise AssertionError("the background Blender ended")

    with process:
        yield do_one
        process.stdin.close()
        process.stdout.read()


def answered(job: Any, do: Do, folder: Path, bent: Collection[str] = ()) -> Any:
    """Let the service answer with the very file it was sent; the record of what is prepared.

    Nothing is left out, but for how the objects named ``bent`` move.
    """
    order = {"blend": str(job.export.blend), "settings": dict(job.export.settings)}
    Path(job.export.to).parent.mkdir(parents=True, exist_ok=True)
    do("export_model.py", order | {"to": str(job.export.to)})
    said = do(
        "prepare_blend.py",
        {
            "files": [str(job.export.to)],
            "to": str(folder / "answer.blend"),
            "name": job.name,
            "keep_place": job.keeps_place,
            "sent": part("worker.prepare")._original(job),
        },
    )
    about = part("blender.background.carrying.carry").AS_IT_STOOD
    for left_out in said["left_out"]:
        assert left_out["template"] == about, left_out
        assert set(left_out["parts"]["names"].split(", ")) <= set(bent)
    return part("jobs.job").Prepared(
        folder / "answer.blend",
        bpy.app.version,
        said["collection"],
        said["triangles"],
        tuple(said["dimensions"]),
    )


def come_back(
    store: Any, job: Any, do: Do, folder: Path, bent: Collection[str] = ()
) -> bpy.types.Object:
    """Let the answer take its place; the object that does."""
    finish(store, job, answered(job, do, folder, bent))
    part("blender.runtime.job_monitor").poll_once(bpy.context)
    job = store.get(job.id)
    assert job.state == "PLACED", job.failure
    (result,) = [obj for obj in bpy.context.scene.objects if obj.get(MARK) == job.id]
    return result
