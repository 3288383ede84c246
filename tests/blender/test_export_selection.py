"""Repair, from the button to the object in its place."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.round_trips import at_service, distance, open_edges, round_trip
from tests.sandboxes import Sandbox


@pytest.fixture
def store(extension: ModuleType, tmp_path: Path, sandbox: Sandbox) -> Iterator[Any]:
    with at_service(tmp_path, sandbox) as opened:
        yield opened


def test_repair_comes_back_in_place(store: Any) -> None:
    bpy.ops.mesh.primitive_monkey_add(location=(3, -2, 1), rotation=(0.3, 0.2, 1.0))
    monkey = bpy.context.object
    monkey.scale = (1.5, 1.0, 0.5)
    monkey.name = "Äffchen 猿"
    monkey["note"] = "keep me"
    material = bpy.data.materials.new("Fur")
    monkey.data.materials.append(material)
    bpy.context.view_layer.update()
    world = monkey.matrix_world.copy()

    job = round_trip("repair", quality="low", texture_resolution=256)

    assert job.state == "PLACED", job.failure
    result = bpy.data.objects["Äffchen 猿"]
    assert result != monkey
    assert result.matrix_world == world
    assert result["note"] == "keep me"
    assert open_edges(monkey) > 0
    assert open_edges(result) == 0
    assert distance(result, monkey) < 0.15
    assert monkey.hide_render
    assert not monkey.visible_get()
    assert result.visible_get()
    assert result.select_get()
