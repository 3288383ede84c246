"""What would take the machine's memory: it is known before, or ends with a sentence."""

from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.test_image_panel import finished, paint
from tests.blender.test_prepare import glb, prepare
from tests.huge_pictures import HEIGHT, HUGE, WIDTH

ops: Any = bpy.ops  # the stubs know no operators of extensions


@pytest.mark.attack(
    "A model of 300 bytes announces numbers that take 10 GB.",
    "The background Blender gets no more than its share; the job says so, the file is kept.",
)
def test_a_model_that_announces_too_much_ends_with_a_sentence(
    extension: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del extension
    monkeypatch.setenv(part("worker.memory_limit").VARIABLE, "2000")
    places = {"componentType": 5126, "count": 9 * 10**8, "type": "VEC3"}
    document = {
        "scenes": [{"nodes": [0]}],
        "scene": 0,
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [places | {"min": [0, 0, 0], "max": [1, 1, 1]}],
    }
    (tmp_path / "model.glb").write_bytes(glb(document))
    said = prepare(tmp_path, tmp_path / "model.glb")
    assert not said["ok"]
    message = part("catalog.messages").unpack(said["message"])
    assert "takes more memory than the 2.0 GB" in message
    assert "STUDIO3D_MEMORY_MB" in said["hint"]


def test_every_kind_that_is_written_here_tells_its_size(
    extension: ModuleType, tmp_path: Path
) -> None:
    del extension
    scene = bpy.context.scene
    settings: Any = scene.render.image_settings
    image = bpy.data.images.new("drawn", WIDTH, HEIGHT, float_buffer=True)
    for kind in KINDS & set(settings.bl_rna.properties["file_format"].enum_items.keys()):
        settings.file_format = kind
        path = tmp_path / kind
        image.save_render(str(path), scene=scene)
        assert part("service.picture_sizes").sides_in(path) == (WIDTH, HEIGHT, 1), kind


KINDS = {
    *("BMP", "CINEON", "DPX", "HDR", "IRIS", "JPEG", "OPEN_EXR", "PNG", "TARGA", "TARGA_RAW"),
    *("TIFF", "WEBP"),
}


@pytest.mark.parametrize("kind", HUGE)
def test_a_picture_with_too_many_pixels_is_not_decoded_here(
    kind: str, store: Any, tmp_path: Path
) -> None:
    small, huge = paint(tmp_path / "small.png"), tmp_path / "huge.png"
    huge.write_bytes(HUGE[kind])
    before = len(bpy.data.images)
    previews = part("blender.widgets.previews")
    assert previews.icon_of(str(huge)) == 0
    assert previews.read(str(huge)) is None
    assert previews.read(str(small)) is not None
    job = finished(store, huge)
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    assert ops.studio3d.show_pictures(job_id=job.id) == {"CANCELLED"}
    with pytest.raises(part("blender.core.pictures").TooManyPixels, match="too many"):
        part("blender.core.pictures").load(huge)
    failed = part("blender.model.failure").PreparationFailed
    with pytest.raises(failed, match="megapixels"):
        part("blender.background.picture_fitting").load(huge)
    assert len(bpy.data.images) == before


def test_nor_in_a_model(extension: ModuleType, tmp_path: Path) -> None:
    """Whether the model brings it along or names it."""
    del extension
    own_files = part("blender.background.importing.file_references").OwnFiles(tmp_path)
    packed = bpy.data.images.new("packed", 8, 8)
    packed.pack(data=HUGE["PNG"], data_len=len(HUGE["PNG"]))
    packed.source = "FILE"
    (tmp_path / "beside.jpg").write_bytes(HUGE["JPEG"])
    bpy.data.images.load(str(tmp_path / "beside.jpg"))
    part("blender.background.importing.own_pictures").pack(own_files)
    assert [said["template"] for said in own_files.left_out] == [
        "{name} has more pixels than can be shown and was left out."
    ] * 2
    assert not {"packed", "beside.jpg"} & set(bpy.data.images.keys())
