"""Models for operations that take addresses only: sent ahead, paid once, found again."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from addon.batch.orders import Order
from addon.batch.rows import BadRow, Row
from addon.catalog import Problem
from addon.recipes.post import BadStep, parse_post
from tests.batch.conftest import write_model
from tests.batch.test_rows import check, good

CONVERT = 10


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model beside the list."""
    return write_model(tmp_path / "m.glb")


def retexture(prompt: str, **cells: Any) -> dict[str, Any]:
    return {"operation": "texture-edit", "file_url": "m.glb", "prompt": prompt, **cells}


def operations(row: Row) -> list[str]:
    return [order.operation for order in row.orders]


def by_key(row: Row) -> dict[str, Order]:
    return {order.key: order for order in row.orders}


def test_a_local_model_is_sent_ahead_and_its_address_awaited(tmp_path: Path, model: Path) -> None:
    (row,) = good(tmp_path, retexture("rust"))
    ahead, own = row.orders
    assert (ahead.operation, ahead.helper, ahead.price) == ("convert", True, CONVERT)
    assert ahead.request({}).values["output_format"] == "fbx"
    assert ahead.request({}).values["model_file"] == str(model)
    assert (row.own, row.operation, row.name) == (own, "texture-edit", "m")
    assert own.sources["file_url"].key == ahead.key
    assert own.sources["file_url"].by_address
    assert row.settings["file_url"] == str(model)


def test_an_address_needs_no_detour(tmp_path: Path) -> None:
    (row,) = good(tmp_path, retexture("rust", file_url="https://example.com/m.fbx"))
    assert operations(row) == ["texture-edit"]


def test_rows_with_the_same_model_pay_for_one_detour(tmp_path: Path, model: Path) -> None:
    first, second, third = good(
        tmp_path,
        retexture("rust"),
        retexture("moss"),
        {"operation": "topology", "file_url": "m.glb"},
    )
    assert first.orders[0].key == second.orders[0].key
    assert [row.orders[0].price for row in (first, second, third)] == [CONVERT, 0, CONVERT]
    assert len({row.asset for row in (first, second, third)}) == 3


def test_two_models_are_two_detours(tmp_path: Path, model: Path) -> None:
    write_model(tmp_path / "low.glb", 2)
    cells = {"operation": "bake-texture", "original_url": "m.glb", "retopo_url": "low.glb"}
    (row,) = good(tmp_path, cells)
    assert operations(row) == ["convert", "convert", "bake-texture"]
    sources = row.own.sources
    models = {name: by_key(row)[source.key].values for name, source in sources.items()}
    assert Path(str(models["original_url"]["model_file"])).name == "m.glb"
    assert Path(str(models["retopo_url"]["model_file"])).name == "low.glb"


@pytest.mark.parametrize(
    ("cells", "keys"),
    [
        (retexture("rust"), ["e8543a40778c", "adb37f39ff51"]),
        (
            {
                "operation": "repair",
                "model_file": "m.glb",
                "post": "bake-texture(retopo_url=m.glb)",
            },
            ["6ba94f868bc4", "1fe2d4873a84", "44bf5f5d505a", "ee2ec78752a3"],
        ),
        (
            {
                "operation": "tripo",
                "prompt": "a chest",
                "post": "texture-edit(prompt=rust); topology; optimize",
            },
            [
                *("a26a56ad6818", "f2571a35499a", "113258ce94e9"),
                *("fabbbed9c927", "04f833ebeb19", "4a5b32797e9f"),
            ],
        ),
    ],
)
def test_orders_of_an_earlier_version_are_known_again(
    tmp_path: Path, cells: dict[str, Any], keys: list[str]
) -> None:
    """Another key for the same order would pay for it again."""
    (tmp_path / "m.glb").write_bytes(b"glTF a")
    (row,) = good(tmp_path, cells)
    assert [order.key[:12] for order in row.orders] == keys


def test_the_detour_does_not_depend_on_where_the_model_lies(tmp_path: Path, model: Path) -> None:
    there = tmp_path / "elsewhere.glb"
    there.write_bytes(model.read_bytes())
    here, moved = good(tmp_path, retexture("rust"), retexture("moss", file_url=there.name))
    assert here.orders[0].key == moved.orders[0].key


def test_a_step_that_takes_addresses_gets_the_result_through_a_detour(tmp_path: Path) -> None:
    cells = {"operation": "tripo", "prompt": "a chest", "post": "texture-edit(prompt=rust)"}
    (row,) = good(tmp_path, cells)
    assert operations(row) == ["tripo", "convert", "texture-edit"]
    own, ahead, last = row.orders
    assert row.own is own
    assert ahead.sources["model_file"].key == own.key
    assert not ahead.sources["model_file"].by_address
    assert last.sources["file_url"].key == ahead.key


def test_a_result_that_is_what_the_detour_would_make_needs_none(tmp_path: Path) -> None:
    post = "convert(output_format=fbx); texture-edit(prompt=rust)"
    (row,) = good(tmp_path, {"operation": "tripo", "prompt": "a chest", "post": post})
    assert operations(row) == ["tripo", "convert", "texture-edit"]
    assert not any(order.helper for order in row.orders)
    assert row.orders[2].sources["file_url"].key == row.orders[1].key


def test_files_in_a_step_count_from_the_lists_folder(tmp_path: Path, model: Path) -> None:
    post = "bake-texture(retopo_url=m.glb)"
    (row,) = good(tmp_path, {"operation": "tripo", "prompt": "a chest", "post": post})
    assert operations(row) == ["tripo", "convert", "convert", "bake-texture"]
    assert row.orders[1].values["model_file"] == str(model)


def test_an_option_in_quotes_may_hold_commas() -> None:
    (step,) = parse_post('texture-edit(prompt="old, rusty; dented", enable_pbr=yes)').followups
    assert step.options == {"prompt": "old, rusty; dented", "enable_pbr": "yes"}
    with pytest.raises(BadStep, match="option=value"):
        parse_post("texture-edit(prompt=old, rusty)")


def test_a_step_cannot_go_on_with_what_is_no_model(tmp_path: Path) -> None:
    cells = {"operation": "tripo", "prompt": "a chest", "post": "render; repair"}
    (row,) = check(tmp_path, cells)
    assert isinstance(row, BadRow)
    (problem,) = row.problems
    assert problem.message == "Repair cannot go on with the result of Render, which is no model."


def test_files_of_a_later_step_are_looked_at_before_the_first_is_paid(tmp_path: Path) -> None:
    Image.new("RGB", (10, 400)).save(tmp_path / "narrow.png")
    steps = ("texture-model(image=gone.png)", "texture-edit(image=narrow.png)", "texture-edit")
    problems: list[Problem] = []
    for post in steps:
        (row,) = check(tmp_path, {"operation": "tripo", "prompt": "a chest", "post": post})
        assert isinstance(row, BadRow)
        problems += row.problems
    assert [problem.field for problem in problems] == ["image", "image", "prompt"]
