"""The figures of a result as texts for people."""

from pathlib import Path

from addon.jobs.figures_table import of_job, of_metadata
from addon.jobs.job import ResultFile
from tests.jobs.world import World


def test_figures_read_as_people_write_them() -> None:
    table = of_metadata({"watertight": True, "quads": False, "triangles": 120_000, "share": 0.25})
    assert table.rows == (
        ("Watertight", "Yes"),
        ("Quads", "No"),
        ("Triangles", "120000"),
        ("Share", "0.25"),
    )


def test_lengths_have_their_unit_and_boxes_have_z_up(world: World) -> None:
    job = world.add(operation="volume", model_file="https://example.org/a.glb", unit="cm")
    figures = {
        "heights": [
            {
                "target_height": 5,
                "bounding_box": [1, 5, 2],
                "volume_cm3": 4.0,
                "size": {"x": 1, "y": 5, "z": 2},
            }
        ]
    }
    file = ResultFile(Path("/r/a"), "3D_MODEL", figures)
    job = world.store.change(job.id, job.state, files=(file,))
    table = of_job(job)
    assert table is not None
    (row,) = table.rows
    told = dict(zip(table.columns, row, strict=True))
    assert told["Target height (cm)"] == "5"
    assert told["Bounding box (cm)"] == "1 x 2 x 5"
    assert told["Volume cm³"] == "4"
    assert (told["Size Y (cm)"], told["Size Z (cm)"]) == ("2", "5")
