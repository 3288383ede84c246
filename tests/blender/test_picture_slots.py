"""Every picture that is asked for, anywhere: one slot, with a small picture and all the sources."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import part
from tests.blender.dialogs import dialog
from tests.blender.recording_layout import RecordingLayout
from tests.blender.results import ADDRESS
from tests.blender.test_field_walk import Form, needed, settable
from tests.blender.test_image_panel import finished, paint

ops: Any = bpy.ops  # the stubs know no operators of extensions

ALL_SOURCES = [
    "studio3d.picture_from_file",
    "studio3d.picture_from_image",
    "studio3d.picture_from_render",
    "studio3d.picture_from_viewport",
    "studio3d.picture_from_clipboard",
    "studio3d.picture_results",
]


@pytest.fixture
def settings(store: Any) -> Any:
    return part("blender.settings.properties").settings_of(bpy.context)


@pytest.fixture(autouse=True)
def _icons(extension: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each picture has an icon, as in a window: in the background Blender makes none."""
    previews = part("blender.widgets.previews")
    monkeypatch.setattr(previews, "icon_of", lambda path: 1 if path else 0)


def picture_fields() -> Iterator[tuple[Any, Any, Any]]:
    """Operation, mode and field of every picture in the catalogue."""
    kind = part("catalog").Kind
    for operation in part("catalog").operations():
        for mode in operation.modes or (None,):
            for field in settable(operation, mode):
                if field.kind in {kind.IMAGE, kind.IMAGES, kind.VIEWS}:
                    yield operation, mode, field


def slots(layout: RecordingLayout) -> set[str]:
    """The paths that are drawn with a menu of sources beside them."""
    return {given.target for name, given in layout.operators if name == "studio3d.picture_sources"}


def paths(layout: RecordingLayout) -> set[str]:
    """The paths that are drawn, whether with a menu or not."""
    target_of = part("blender.settings.targets").target_of
    return {
        target_of(owner, name)
        for owner, name in layout.properties
        if getattr(owner.bl_rna.properties[name], "subtype", "") == "FILE_PATH"
    }


def test_every_picture_of_the_catalogue_has_the_slot_in_its_panel(
    store: Any, tmp_path: Path
) -> None:
    picture = str(paint(tmp_path / "chair.png"))
    names, properties = (part(f"blender.settings.{n}") for n in ("field_properties", "properties"))
    walked = set()
    for operation, mode, field in picture_fields():
        where = f"{operation.name} {mode} {field.name}"
        scene = bpy.data.scenes.new("fresh")
        with bpy.context.temp_override(scene=scene):
            settings = properties.settings_of(bpy.context)
            form = Form(settings, operation, mode)
            form.enter({k: v for k, v in needed(operation, mode).items() if k != field.name})
            group = properties.home_of(settings, operation, field)
            wanted = {
                f"{group.path_from_id()}.{name}"
                for name, definition in names.define(field).items()
                if group.bl_rna.properties[name].subtype == "FILE_PATH"
            }
            empty = form.draw()
            assert slots(empty) & wanted, where
            assert paths(empty) <= slots(empty), where
            before = empty.pictures
            for target in wanted:  # of many only the first is there at first
                setattr(group, target.rpartition(".")[2], picture)
            filled = form.draw()
            assert wanted <= slots(filled), where
            assert filled.pictures >= before + len(wanted), where
        bpy.data.scenes.remove(scene)
        walked.add((operation.name, field.name))
    assert {("texture-model", "style_image"), ("miniature", "image")} <= walked


def test_every_picture_of_a_dialog_has_the_slot(settings: Any, tmp_path: Path) -> None:
    bpy.ops.mesh.primitive_cube_add()
    for tool in ("texture-edit", "texture-model"):
        layout = dialog("use_tool", "STUDIO3D_OT_use_tool", tool)
        assert paths(layout), tool
        assert paths(layout) <= slots(layout), tool
    picture = paint(tmp_path / "chair.png")
    for operation in part("blender.settings.properties").picture_operations():
        ops.studio3d.edit_image(tool=operation.name, location=str(picture))
        layout = dialog("edit_image", "STUDIO3D_OT_edit_image", operation.name)
        assert all(path.startswith("window_manager.") for path in paths(layout)), operation.name
        assert paths(layout), operation.name
        assert paths(layout) <= slots(layout), operation.name
        assert layout.pictures == 1, operation.name
    settings.mode = "MULTI_VIEW"
    layout = dialog("generate_dialog", "STUDIO3D_OT_generate_dialog")
    assert paths(layout) == slots(layout) != set()


def menu(target: str, *, is_given: bool = False) -> list[tuple[str, str]]:
    layout = RecordingLayout()
    part("blender.operators.picture_sources").draw_sources(layout, target, is_given=is_given)
    return [(name, given.target) for name, given in layout.operators]


def test_every_slot_offers_every_source(extension: ModuleType) -> None:
    for target in ("studio3d.image", "window_manager.studio3d.pictures.image"):
        assert menu(target) == [(source, target) for source in ALL_SOURCES]
        assert menu(target, is_given=True)[-1] == ("studio3d.clear_picture", target)


@pytest.mark.parametrize(
    "target",
    [
        "studio3d.texture_edit.image",
        "studio3d.texture_model.style_image",
        "studio3d.views.back",
        "studio3d.pictures.images_3",
        "window_manager.studio3d.pictures.image",
    ],
)
def test_each_source_fills_the_slot_it_was_asked_for(
    store: Any, tmp_path: Path, target: str
) -> None:
    def value() -> str:
        group, name = part("blender.settings.targets").found(bpy.context, target)
        return str(getattr(group, name))

    picture = paint(tmp_path / "chair.png")
    assert ops.studio3d.picture_from_file(target=target, filepath=str(picture)) == {"FINISHED"}
    assert value() == str(picture)
    assert ops.studio3d.clear_picture(target=target) == {"FINISHED"}
    assert value() == ""
    bpy.data.images.new("red", 4, 4)
    assert ops.studio3d.picture_from_image(target=target, image="red") == {"FINISHED"}
    assert Path(value()).is_file()
    bpy.context.window_manager.clipboard = str(picture)
    if bpy.context.window_manager.clipboard:  # without a window there may be none
        assert ops.studio3d.picture_from_clipboard(target=target) == {"FINISHED"}
        assert value() == str(picture)
    ops.studio3d.clear_picture(target=target)
    made = paint(tmp_path / "made.png")
    assert ops.studio3d.picture_from_result(target=target, filepath=str(made)) == {"FINISHED"}
    assert value() == str(made)
    assert ops.studio3d.picture_from_file(target=target, filepath=str(tmp_path)) == {"CANCELLED"}
    assert value() == str(made)


def test_results_are_offered_once_there_are_some(store: Any, tmp_path: Path) -> None:
    assert not ops.studio3d.picture_results.poll()
    gone = finished(store, paint(tmp_path / "gone.png"))
    store.take_off_list(gone.id)  # it is among the results
    finished(store, paint(tmp_path / "one.png"), paint(tmp_path / "two.png"))
    current = part("blender.runtime.build_snapshot").refresh(bpy.context)
    assert ops.studio3d.picture_results.poll()
    results = part("blender.widgets.picture_results")
    found = results.result_pictures(current)
    assert [path.name for path, _ in found] == ["one.png", "two.png", "gone.png"]
    assert {name for _, name in found} == {"a brass lamp"}


@pytest.mark.parametrize("target", ["window_manager.studio3d.nothing", "window_manager.name"])
def test_nothing_but_our_own_is_filled_in_dialogs(settings: Any, target: str) -> None:
    bpy.data.images.new("red", 4, 4)
    assert ops.studio3d.picture_from_image(target=target, image="red") == {"CANCELLED"}


# -- what a picture can be used for --------------------------------------------------------


def drawn(job: Any) -> RecordingLayout:
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    layout = RecordingLayout()
    part("blender.widgets.picture_actions").draw_pictures(layout, bpy.context, job)
    return layout


def actions(picture: str) -> list[tuple[str, dict[str, Any]]]:
    layout = RecordingLayout()
    part("blender.widgets.picture_actions").draw_actions(layout, picture)
    return [(name, vars(given)) for name, given in layout.operators]


def test_all_that_can_be_done_with_a_picture(extension: ModuleType) -> None:
    found = actions("/p.png")
    assert [given["view"] for _, given in found if "view" in given] == [
        "front", "left", "right", "back",
    ]  # fmt: skip
    tools = [given["tool"] for name, given in found if name == "studio3d.edit_image"]
    assert tools == ["image-gemini3pro", "remove-bg", "image-enhance"]
    assert found[0] == ("studio3d.use_picture", {"filepath": "/p.png"})
    assert found[-1] == ("studio3d.save_picture", {"picture": "/p.png"})


def test_an_edit_starts_from_that_picture_and_no_other(
    store: Any, settings: Any, tmp_path: Path
) -> None:
    job = finished(store, paint(tmp_path / "one.png"))
    part("blender.runtime.build_snapshot").refresh(bpy.context)
    settings.pictures.images_2 = str(paint(tmp_path / "other.png"))
    pictures = part("blender.settings.interface_state").interface_state_of(bpy.context).pictures
    pictures.images_3, pictures.prompt = "/old.png", "make it blue"
    source = str(tmp_path / "one.png")
    edit = ops.studio3d.edit_image
    assert edit(tool="image-gemini3pro", location=source) == {"FINISHED"}
    assert edit(tool="remove-bg", location=source) == {"FINISHED"}
    cut, edited, _ = store.all()
    assert (edited.values["images"], edited.values["prompt"]) == ((source,), "make it blue")
    assert (edited.mode, edited.name) == ("IMAGE", job.name)
    assert cut.values["image"] == source
    assert settings.pictures.image == ""


def test_a_picture_becomes_one_of_the_views(store: Any, settings: Any, tmp_path: Path) -> None:
    picture = str(paint(tmp_path / "chair.png"))
    for view in ("front", "back", "left", "right"):
        assert ops.studio3d.use_as_view(view=view, filepath=picture) == {"FINISHED"}
        assert getattr(settings.views, view) == picture
    assert settings.mode == "MULTI_VIEW"
    assert ops.studio3d.use_as_view(view="name", filepath=picture) == {"CANCELLED"}
    assert ops.studio3d.use_as_view(view="front", filepath="/gone.png") == {"CANCELLED"}
    assert ops.studio3d.use_as_view(view="front") == {"CANCELLED"}  # no image at hand


def test_a_copy_is_saved_as_the_kind_of_picture_it_is(store: Any, tmp_path: Path) -> None:
    picture = paint(tmp_path / "chair.png")
    save = ops.studio3d.save_picture
    assert save(picture=str(picture), filepath=str(tmp_path / "copy.jpg")) == {"FINISHED"}
    assert (tmp_path / "copy.jpg.png").read_bytes() == picture.read_bytes()
    assert save(picture=str(picture), filepath=str(tmp_path / "no" / "copy.png")) == {"CANCELLED"}
    assert save(picture=str(picture), filepath=str(picture)) == {"CANCELLED"}
    assert save(picture="/gone.png", filepath=str(tmp_path / "x.png")) == {"CANCELLED"}


def cut_out(store: Any, source: str, picture: Path) -> Any:
    """A background that was removed."""
    state, result_file = part("jobs.states").State, part("jobs.job").ResultFile
    request = part("catalog").build_request("remove-bg", {"image": source})
    job = store.add(
        request, name="chair", estimate=4, service_address=ADDRESS, folder=Path("/results")
    )
    for step in (state.SUBMITTING, state.PENDING, state.DOWNLOADING):
        store.change(job.id, step)
    return store.change(job.id, state.READY, files=(result_file(picture, "IMAGE"),))


def test_what_was_made_of_a_picture_stands_beside_it(store: Any, tmp_path: Path) -> None:
    source, cut = paint(tmp_path / "chair.png"), paint(tmp_path / "cut.png")
    job = cut_out(store, str(source), cut)
    layout = drawn(job)
    assert (layout.labels[:2], layout.pictures) == (["Before", "After"], 2)
    assert "studio3d.compare_pictures" in layout.buttons()
    assert ops.studio3d.open_beside(picture=str(cut)) == {"FINISHED"}
    assert sorted(Path(image.filepath).name for image in bpy.data.images) == [
        "chair.png", "cut.png",
    ]  # fmt: skip
    source.unlink()
    assert ops.studio3d.open_beside(picture=str(cut)) == {"CANCELLED"}


def test_where_the_source_is_elsewhere_there_is_nothing_to_compare(
    store: Any, tmp_path: Path
) -> None:
    layout = drawn(cut_out(store, "https://example.org/chair.png", paint(tmp_path / "cut.png")))
    assert "studio3d.compare_pictures" not in layout.buttons()
    assert layout.pictures == 1


def test_squares_lie_behind_what_is_transparent(extension: ModuleType, tmp_path: Path) -> None:
    previews = part("blender.widgets.previews")
    for name, alpha in (("glass", 0.0), ("stone", 1.0)):
        image = bpy.data.images.new(name, 64, 32, alpha=True)
        image.pixels.foreach_set((0.0, 0.0, 0.0, alpha) * (64 * 32))
        image.filepath_raw, image.file_format = str(tmp_path / f"{name}.png"), "PNG"
        image.save()
    assert previews._lay_ground(str(tmp_path / "stone.png")) == ""
    found = previews._lay_ground(str(tmp_path / "glass.png"))
    pixels = list(previews._present()[found].image_pixels_float)
    shades = set(pixels[::4])
    assert sorted(shades) == pytest.approx([previews.DARK, previews.LIGHT], abs=0.01)
    assert set(pixels[3::4]) == {1.0}
    assert previews._lay_ground(str(tmp_path / "gone.png")) == ""


def test_a_dialogs_text_of_the_file_goes_with_the_file(store: Any) -> None:
    def pictures() -> Any:
        return part("blender.settings.interface_state").interface_state_of(bpy.context).pictures

    pictures().prompt_text = bpy.data.texts.new("Notes")
    bpy.ops.wm.read_homefile(use_empty=True)
    assert pictures().prompt_text is None
    pictures().prompt_text = bpy.data.texts.new("Others")
    bpy.data.texts.remove(bpy.data.texts["Others"])
    assert pictures().prompt_text is None
