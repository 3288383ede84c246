"""Any glTF scene, brought in our way, looks as Blender's importer alone shows it.

On the way it is confined to its own files, tidied, written as a .blend, appended, scaled and put
on the 3D cursor.
"""

from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import numpy as np
from hypothesis import assume, given, reject
from hypothesis import strategies as st
from mathutils import Matrix, Vector

from tests.blender import looks
from tests.blender.any_gltf import AnyScene, scenes
from tests.blender.conftest import part
from tests.blender.examples import empty, tried

FRAMES = (1, 0, 7, 24, 25, 37, 48)
CURSOR = Vector((1.0, -2.0, 0.5))


def imported(path: Path) -> dict[str, looks.Look]:
    """What Blender's importer alone makes of it; what it cannot read is no example."""
    bpy.ops.wm.read_homefile(use_empty=True)
    options = {"filepath": str(path), "merge_vertices": False, "disable_bone_shape": True}
    importer: Any = bpy.ops.import_scene.gltf
    known = importer.get_rna_type().properties
    try:
        importer(**{name: options[name] for name in options if name in known})
    except RuntimeError:
        reject()
    return looks.seen(FRAMES)


def prepared(path: Path, root: Path, to: Path) -> tuple[dict[str, Any], Any]:
    """Write the .blend as the background Blender does; what is said of it, and how it was moved."""
    bpy.ops.wm.read_homefile(use_empty=True)
    preparation = part("blender.background.preparation")
    model = preparation.import_files([path], "Thing", root=root)
    preparation.write(model.collection, to)
    return preparation.figures(model), model.collection[part("blender.model.names").FILE_ORIGIN]


def placed(blend: Path, said: dict[str, Any], options: Any) -> dict[str, looks.Look]:
    """What is seen once it is in a scene, by the names of the file."""
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.context.scene.cursor.location = CURSOR
    job = a_job(blend, said)
    targets = part("blender.placement.destination").of_now(bpy.context)
    part("blender.placement.append_result").place(bpy.context, job, options, targets)
    assert not [*bpy.data.cameras, *bpy.data.lights, *bpy.data.libraries, *bpy.data.texts]
    return looks.seen(FRAMES)


def a_job(blend: Path, said: dict[str, Any]) -> Any:
    """Ready to be placed."""
    prepared = part("jobs.job").Prepared(
        blend, bpy.app.version, said["collection"], said["triangles"], tuple(said["dimensions"])
    )
    return part("jobs.job").Job(
        id="1",
        operation="tencent-rapid",
        values={},
        mode=None,
        name="Thing",
        state=part("jobs.states").State.READY,
        service_address="",
        folder=blend.parent,
        created_at=0.0,
        updated_at=0.0,
        prepared=prepared,
    )


def named(original: dict[str, looks.Look]) -> dict[str, looks.Look]:
    """By the names that ours have, which are made of the job's."""
    ours = looks.names_of_ours(original)
    return {ours[name]: look for name, look in original.items()}


@tried(60)
@given(
    any_scene=scenes(),
    metres=st.sampled_from((None, None, 0.5, 3.0)),
    origin_at_base=st.booleans(),
)
def test_any_scene(
    extension: ModuleType, any_scene: AnyScene, metres: float | None, origin_at_base: bool
) -> None:
    placing = part("jobs.placement_options")
    size_by = placing.SizeBy.FILE if metres is None else placing.SizeBy.LONGEST
    options = placing.PlacementOptions(
        size_by=size_by, metres=metres or 1.0, origin_at_base=origin_at_base
    )
    with empty() as folder:
        delivered = any_scene.write_as_delivered(folder / "job")
        original = named(imported(any_scene.write_plainly(folder)))
        assume(any(len(places) for look in original.values() for places in look.places.values()))
        said, way = prepared(delivered, folder / "job", folder / "thing.blend")
        low, high = looks.bounds(original.values())
        assert_told(said, high - low)
        longest = max(said["dimensions"])
        factor = metres / longest if metres and longest else 1.0
        moved = (
            Matrix.Translation(CURSOR) @ Matrix.Scale(factor, 4) @ Matrix.Translation(Vector(way))
        )
        looks.assert_same(original, placed(folder / "thing.blend", said, options), moved)


def assert_told(said: dict[str, Any], sides: Any) -> None:
    """The size is that of all there is, in every frame."""
    assert (np.array(said["dimensions"]) >= sides - 1e-3 * max(1.0, *sides)).all()
