"""Models for operations that take addresses only: sent ahead, paid once, found again."""

from pathlib import Path
from typing import Any

import pytest

from addon.batch.orders import Order
from addon.batch.post import BadPost, parse_post
from addon.batch.rows import Row
from tests.batch.conftest import write_model
from tests.batch.test_rows import good

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
    assert (row.own, row.operation, row.name) == (own, "texture-edit", "rust")
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
    assert Path(models["original_url"]["model_file"]).name == "m.glb"
    assert Path(models["retopo_url"]["model_file"]).name == "low.glb"


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
    with pytest.raises(BadPost, match="option=value"):
        parse_post("texture-edit(prompt=old, rusty)")
