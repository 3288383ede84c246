"""Checking rows: the catalogue's own messages, prices, and keys that recognise an order again."""

from pathlib import Path
from typing import Any

import pytest

from addon.batch.lists import Entry
from addon.batch.rows import BadRow, Checker, Row
from addon.catalog import get
from tests.batch.conftest import write_model, write_picture


def check(folder: Path, *cells: dict[str, Any]) -> list[Row | BadRow]:
    entries = [Entry(folder / "list.csv", line, row) for line, row in enumerate(cells, 2)]
    return Checker().check(entries)


def good(folder: Path, *cells: dict[str, Any]) -> list[Row]:
    rows = [row for row in check(folder, *cells) if isinstance(row, Row)]
    assert len(rows) == len(cells)
    return rows


def test_text_and_typed_cells_make_the_same_order(tmp_path: Path) -> None:
    text, typed = good(
        tmp_path,
        {"operation": "tripo", "prompt": "a vase", "face_limit": "5000", "quad": "yes"},
        {"operation": "tripo", "prompt": "a vase", "face_limit": 5000, "quad": True},
    )
    assert text.orders[0].values == typed.orders[0].values
    assert text.price == typed.price


def test_the_same_row_twice_is_two_orders_that_stay_apart(tmp_path: Path) -> None:
    row = {"operation": "tencent-rapid", "prompt": "a chair"}
    first = [row.key for row in good(tmp_path, row, row)]
    again = [row.key for row in good(tmp_path, row, row)]
    assert first == again
    assert len(set(first)) == 2


def test_a_row_is_ordered_from_several_engines_and_several_times(tmp_path: Path) -> None:
    rows = check(
        tmp_path,
        {
            "engines": "tencent-rapid, tripo",
            "variations": "2",
            "prompt": "a chair",
            "name": "Chair",
        },
    )
    made = [row for row in rows if isinstance(row, Row)]
    assert [row.operation for row in made] == ["tencent-rapid"] * 2 + ["tripo"] * 2
    rapid, tripo = (get(name).label for name in ("tencent-rapid", "tripo"))
    assert [row.name for row in made] == [
        f"Chair ({label}) {number}" for label in (rapid, tripo) for number in (1, 2)
    ]
    assert len({row.key for row in made}) == len({row.asset for row in made}) == 4
    assert {row.group for row in made} == {made[0].number}


def test_seeds_differ_from_variation_to_variation(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png")
    cells = {"operation": "trellis", "image": "a.png", "seed": "5", "variations": "3"}
    rows = [row for row in check(tmp_path, cells) if isinstance(row, Row)]
    assert [row.own.values["seed"] for row in rows] == [5, 6, 7]


def test_candidates_are_as_many_pictures_in_as_few_orders_as_there_can_be(tmp_path: Path) -> None:
    cells = {"operation": "image-seedream", "prompt": "a chair", "candidates": "8", "seed": "3"}
    rows = [row for row in check(tmp_path, cells) if isinstance(row, Row)]
    asked = [(row.own.values["num_images"], row.own.values["seed"], row.price) for row in rows]
    assert asked == [(4, 3, 40), (4, 7, 40)]
    assert [row.name for row in rows] == ["a chair 1", "a chair 2"]
    cells = {"operation": "image-gemini25flash", "prompt": "a chair", "candidates": "4"}
    (one,) = good(tmp_path, cells)
    assert (one.name, one.price) == ("a chair", 20)


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [
        ({"engines": "tencent-rapid, tripod"}, "engines", "tripod"),
        ({"operation": "tripo, trellis"}, "operation", "engines"),
        ({"operation": "tripo", "variations": "5"}, "variations", "1 to 4"),
        ({"operation": "tripo", "variations": "-1"}, "variations", "1 to 4"),
        ({"operation": "image-seedream", "candidates": "9"}, "candidates", "2 to 8"),
        ({"operation": "tripo", "candidates": "4"}, "candidates", "no pictures"),
        ({"operation": "tripo", "candidates": "4", "variations": "2"}, "candidates", "one of"),
        ({"operation": "image-seedream", "candidates": "4", "count": "2"}, "num_images", "already"),
    ],
)
def test_what_cannot_be_compared_is_told(
    tmp_path: Path, cells: dict[str, Any], field: str, words: str
) -> None:
    (bad,) = check(tmp_path, {"prompt": "a chair", **cells})
    assert isinstance(bad, BadRow)
    assert [problem.field for problem in bad.problems] == [field]
    assert words in bad.problems[0].message


def test_the_contents_of_a_picture_count_and_not_its_place(tmp_path: Path) -> None:
    here = write_picture(tmp_path / "a.png", 60)
    there = tmp_path / "elsewhere.png"
    there.write_bytes(here.read_bytes())
    other = write_picture(tmp_path / "b.png", 200)
    keys = [
        good(tmp_path, {"operation": "trellis", "image": path.name})[0].key
        for path in (here, there, other)
    ]
    assert keys[0] == keys[1] != keys[2]


def test_name_tags_and_blender_steps_change_no_order(tmp_path: Path) -> None:
    plain = {"operation": "tencent-rapid", "prompt": "a chair"}
    (first,) = good(tmp_path, plain)
    (second,) = good(tmp_path, {**plain, "name": "Stuhl", "tags": "a;b", "post": "size=2"})
    assert first.key == second.key
    assert second.tags == ("a", "b")


def test_a_followup_is_priced_and_has_a_key_of_its_own(tmp_path: Path) -> None:
    plain = {"operation": "tencent-rapid", "prompt": "a chair"}
    (alone,) = good(tmp_path, plain)
    (followed,) = good(tmp_path, {**plain, "post": "repair; convert(output_format=stl)"})
    assert [order.operation for order in followed.orders] == ["tencent-rapid", "repair", "convert"]
    assert followed.orders[0] == alone.orders[0]
    assert followed.price == alone.price + 60 + 10
    assert len({order.key for order in followed.orders}) == 3


def test_a_followup_becomes_a_request_for_the_model(tmp_path: Path) -> None:
    (row,) = good(tmp_path, {"operation": "tencent-rapid", "prompt": "x", "post": "repair"})
    model = write_model(tmp_path / "m.glb")
    assert row.orders[1].request({"model_file": str(model)}).values["model_file"] == str(model)


def test_bad_rows_keep_their_places_and_hide_no_good_one(tmp_path: Path) -> None:
    rows = check(
        tmp_path,
        {"operation": "tripo", "prompt": "a"},
        {"operation": "tripod", "prompt": "a"},
        {"prompt": "a"},
        {"operation": "tripo", "prompt": "a", "face_limit": "many"},
        {"operation": "trellis", "image": "missing.png"},
        {"operation": "tripo", "prompt": "a", "colour": "red"},
        {"operation": "tripo", "prompt": "a", "post": "polish"},
        {"operation": "tripo", "prompt": "b"},
    )
    bad = {row.place: row.problems[0].message for row in rows if isinstance(row, BadRow)}
    assert [row.number for row in rows] == list(range(1, 9))
    assert bad["list.csv:3"] == 'There is no operation "tripod". Did you mean "tripo"?'
    assert bad["list.csv:4"].startswith("No operation is given")
    assert "many" in bad["list.csv:5"]
    assert str(tmp_path / "missing.png") in bad["list.csv:6"]
    assert 'no field "colour"' in bad["list.csv:7"]
    assert "polish" in bad["list.csv:8"]
    assert len(bad) == 6


def test_names_come_from_the_prompt_or_the_file(tmp_path: Path) -> None:
    write_picture(tmp_path / "Stuhl 椅.png")
    rows = good(
        tmp_path,
        {"operation": "tencent-rapid", "prompt": "a  wooden\nchair"},
        {"operation": "trellis", "image": "Stuhl 椅.png"},
    )
    assert [row.name for row in rows] == ["a wooden chair", "Stuhl 椅"]
    assert len({row.asset for row in rows}) == 2
    assert all(row.asset.isascii() for row in rows)
