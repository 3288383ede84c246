"""Which model a row's result gets its textures from, where it comes back without."""

import os
from pathlib import Path
from typing import Any

import pytest

from addon.batch.assets import order_for
from addon.batch.folder import BatchFolder
from addon.batch.rows import Row
from addon.catalog import Mode
from addon.catalog.encoders import result_of
from addon.jobs.job import Job, ResultFile
from addon.jobs.origin import BatchPlace, Origin
from addon.jobs.states import State
from tests.batch.conftest import write_model
from tests.batch.test_rows import good


def done(folder: BatchFolder, row: Row) -> list[Job]:
    """The row's jobs, each with a GLB for a result, or an archive where it is generated."""
    jobs: list[Job] = []
    ids: dict[str, str] = {}
    for number, order in enumerate(row.orders):
        source = folder.source(row.asset)
        parts = (source / "t" / "model.obj", source / "t" / "a.png")
        generated = order.operation == "tencent-rapid"
        result = ResultFile(
            source / f"{number}.{'zip' if generated else 'glb'}",
            "ARCHIVE" if generated else "3D_MODEL",
            contents=parts if generated else (),
        )
        given = {name: result_of(ids[one.key]) for name, one in order.sources.items()}
        ids[order.key] = f"{number:032}"
        job = Job(
            id=ids[order.key],
            operation=order.operation,
            values={**order.values, **given},
            mode=Mode.MODEL,
            name=row.name,
            state=State.READY,
            service_address="http://127.0.0.1:9",
            folder=source,
            created_at=0.0,
            updated_at=0.0,
            files=(result,),
            origin=Origin(batch=BatchPlace(order.key, row.asset)),
        )
        jobs.append(job)
    return jobs


MODEL = f"{{folder}}{os.sep}m.glb"
REPAIR = {"operation": "repair", "model_file": "m.glb"}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (REPAIR, [MODEL]),
        ({**REPAIR, "post": "optimize; size=2"}, [MODEL]),
        ({**REPAIR, "post": "textures=off"}, []),
        ({**REPAIR, "post": "convert(output_format=fbx)"}, []),
        ({"operation": "convert", "model_file": "m.glb", "post": "repair"}, [MODEL]),
        ({"operation": "convert", "model_file": "m.glb"}, []),
        ({"operation": "topology", "file_url": "m.glb"}, [MODEL]),
        (
            {
                "operation": "texture-edit",
                "model_file": "m.glb",
                "prompt": "red",
                "post": "repair",
            },
            ["source/1.glb"],
        ),
        (
            {"operation": "tencent-rapid", "prompt": "a ball", "post": "repair; optimize"},
            ["source/t/model.obj"],
        ),
        ({"operation": "tencent-rapid", "prompt": "a ball"}, []),
    ],
)
def test_the_last_model_with_a_look_of_its_own_is_the_original(
    tmp_path: Path, cells: dict[str, Any], expected: list[str]
) -> None:
    write_model(tmp_path / "m.glb")
    (row,) = good(tmp_path, cells)
    folder = BatchFolder(tmp_path / "out")
    order = order_for(folder, row, done(folder, row))
    assert order.get("original", []) == [name.format(folder=tmp_path) for name in expected]
