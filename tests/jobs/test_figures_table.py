"""The figures of a result as texts for people."""

from addon.jobs.figures_table import of_metadata


def test_figures_read_as_people_write_them() -> None:
    table = of_metadata({"watertight": True, "quads": False, "triangles": 120_000, "share": 0.25})
    assert table.rows == (
        ("Watertight", "Yes"),
        ("Quads", "No"),
        ("Triangles", "120000"),
        ("Share", "0.25"),
    )
