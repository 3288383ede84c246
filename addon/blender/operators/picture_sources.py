"""Filling a picture's path from where artists have pictures.

``target`` names the path to fill, for example ``studio3d.image``; see ``settings.targets``.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bpy
from bpy.props import EnumProperty, StringProperty

from ...catalog.encoders import is_address
from ...catalog.messages import Message, error_message
from ...service import picture_types
from ..core import ids, paths
from ..core.access import call_with, scene_of, typed, window_manager_of
from ..core.rna_enums import Icon, OperatorReturn
from ..core.translation import translate
from ..runtime import clean_up
from ..scene import clipboard, pictures
from ..scene import pictures as scene_pictures
from ..settings.targets import found
from ..snapshot import snapshot
from ..widgets import picture_results, previews


class _PictureOperator(bpy.types.Operator):
    """Base: finds a picture and puts its path where ``target`` says."""

    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        target: str
    else:
        target: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        try:
            location = self.find(context)
            fill(context, self.target, location)
        except (scene_pictures.PictureFailed, OSError) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        clean_up.note_open_file(bpy.data.filepath)
        return {"FINISHED"}

    def find(self, context: bpy.types.Context) -> str:
        """Path or address of the picture; raises PictureFailed, OSError."""
        raise NotImplementedError


def fill(context: bpy.types.Context, target: str, location: str) -> None:
    """Write the location into the property; raises PictureFailed."""
    try:
        group, name = found(context, target)
    except LookupError as error:
        raise scene_pictures.PictureFailed(
            Message("There is no setting {target}", target=target)
        ) from error
    setattr(group, name, location)


class STUDIO3D_OT_picture_from_file(_PictureOperator):
    bl_idname = ids.OperatorId.PICTURE_FROM_FILE
    bl_label = "Use Picture"
    bl_description = "Choose a picture file"

    if TYPE_CHECKING:
        filepath: str
        filter_glob: str
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})
        filter_glob: StringProperty(
            default=";".join(f"*{suffix}" for suffix in sorted(picture_types.TAKEN)),
            options={"HIDDEN"},
        )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        window_manager_of(context).fileselect_add(self)
        return {"RUNNING_MODAL"}

    def find(self, context: bpy.types.Context) -> str:
        return existing(Path(bpy.path.abspath(self.filepath)))


def existing(path: Path) -> str:
    """The path of a picture that can be sent, or of which a copy can; raises PictureFailed."""
    if path.suffix.lower() not in picture_types.TAKEN or not path.is_file():
        raise scene_pictures.PictureFailed(Message("There is no picture {path}", path=path))
    return str(path)


class STUDIO3D_OT_picture_from_image(_PictureOperator):
    bl_idname = ids.OperatorId.PICTURE_FROM_IMAGE
    bl_label = "Image in This File"
    bl_description = "Use an image that is loaded in this file; if it has no file, a copy is saved"
    bl_property = "image"

    def _images(self, _context: bpy.types.Context | None) -> list[tuple[str, str, str]]:
        names = [image.name_full for image in bpy.data.images if pictures.is_single(image)]
        _Kept.items = [(name, name, "") for name in names]
        return _Kept.items

    if TYPE_CHECKING:
        image: str
    else:
        image: EnumProperty(name="Image", items=_images, options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if not any(pictures.is_single(image) for image in bpy.data.images):
            cls.poll_message_set(translate("There is no image in this file"))
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        window_manager_of(context).invoke_search_popup(self)
        return {"RUNNING_MODAL"}

    def find(self, context: bpy.types.Context) -> str:
        image = next((one for one in bpy.data.images if one.name_full == self.image), None)
        if image is None:
            raise scene_pictures.PictureFailed(
                Message("There is no image {image}", image=self.image)
            )
        path = pictures.own_file(image)
        return str(path or pictures.write_image(image, paths.new_picture(image.name)))


class _Kept:
    """Blender does not keep the texts of a computed enumeration alive."""

    items: list[tuple[str, str, str]] = []


class STUDIO3D_OT_picture_from_render(_PictureOperator):
    bl_idname = ids.OperatorId.PICTURE_FROM_RENDER
    bl_label = "Last Render"
    bl_description = "Use the last render of this file; a copy is saved"

    def find(self, context: bpy.types.Context) -> str:
        scene = scene_of(context)
        return str(pictures.write_render(scene, paths.new_picture("Render")))


class STUDIO3D_OT_picture_from_viewport(_PictureOperator):
    bl_idname = ids.OperatorId.PICTURE_FROM_VIEWPORT
    bl_label = "Viewport"
    bl_description = "Use what the 3D viewport shows, without overlays; a copy is saved"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if bpy.app.background or _viewport(context) is None:
            cls.poll_message_set(translate("There is no 3D viewport here"))
            return False
        return True

    def find(self, context: bpy.types.Context) -> str:
        found = _viewport(context)
        if found is None:
            raise scene_pictures.PictureFailed("There is no 3D viewport here")
        stem = paths.new_picture("Viewport")
        return str(pictures.write_viewport(context, *found, stem))


def _viewport(
    context: bpy.types.Context,
) -> tuple[bpy.types.Region, bpy.types.SpaceView3D] | None:
    """The viewport of the area, else the largest of the screen."""
    areas = [] if context.screen is None else [a for a in context.screen.areas if _is_view(a)]
    if not areas:
        return None
    own = context.area
    area = (
        own
        if own is not None and _is_view(own)
        else max(areas, key=lambda one: one.width * one.height)
    )
    region = next(one for one in area.regions if one.type == "WINDOW")
    return region, typed(bpy.types.SpaceView3D, area.spaces.active)


def _is_view(area: bpy.types.Area) -> bool:
    return area.type == "VIEW_3D"


class STUDIO3D_OT_picture_from_clipboard(_PictureOperator):
    bl_idname = ids.OperatorId.PICTURE_FROM_CLIPBOARD
    bl_label = "Clipboard"
    bl_description = "Use the copied picture, or the picture file or address whose path was copied"

    def find(self, context: bpy.types.Context) -> str:
        try:
            return location_of(window_manager_of(context).clipboard)
        except scene_pictures.PictureFailed as error:
            image = clipboard.paste(context)
            if image is None:
                words = (translate(error_message(error)), translate(clipboard.hint(context)))
                raise scene_pictures.PictureFailed(
                    ". ".join(part for part in words if part)
                ) from error
        try:
            return str(pictures.write_image(image, paths.new_picture(image.name)))
        finally:
            bpy.data.images.remove(image)


def location_of(copied: str) -> str:
    """Path or address of the picture that copied text names; raises PictureFailed."""
    from urllib.request import url2pathname  # late: it loads all of HTTP

    text = copied.strip().strip('"')
    if is_address(text) and len(text.split()) == 1:
        return text
    path = url2pathname(text.removeprefix(FILE)) if text.startswith(FILE) else text
    if path and "\n" not in path and pictures.is_picture_file(Path(path)):
        return path
    raise scene_pictures.PictureFailed("There is no path or address of a picture on the clipboard")


FILE: Final = "file://"
"""How file managers write a path."""


class STUDIO3D_OT_picture_from_result(_PictureOperator):
    bl_idname = ids.OperatorId.PICTURE_FROM_RESULT
    bl_label = "Use Result"

    if TYPE_CHECKING:
        filepath: str
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        name = picture_results.name_of(snapshot.current(), str(properties.filepath))
        return name or translate("Use this picture that was made before")

    def find(self, context: bpy.types.Context) -> str:
        return existing(Path(self.filepath))


class STUDIO3D_OT_picture_results(bpy.types.Operator):
    """The results to choose from, with their pictures."""

    bl_idname = ids.OperatorId.PICTURE_RESULTS
    bl_label = "Results"
    bl_description = "Choose among the pictures that were made before"
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        target: str
    else:
        target: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if not picture_results.result_pictures(snapshot.current()):
            cls.poll_message_set(translate("No picture has been made yet"))
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        target, pictures = self.target, picture_results.result_pictures(snapshot.current())[:MOST]

        def draw(menu: Any, _context: bpy.types.Context) -> None:
            for start in range(0, len(pictures), COLUMNS):
                line = menu.layout.row()
                for path, name in pictures[start : start + COLUMNS]:
                    _draw_result(line.column(align=True), target, str(path), name)

        window_manager_of(context).popup_menu(draw, title=translate(self.bl_label))
        return {"FINISHED"}


MOST: Final = 12
"""How many results are offered, newest first."""

COLUMNS: Final = 4

RESULT_UNITS: Final = 4.5
"""Side of a result's picture, in widgets."""


def _draw_result(layout: bpy.types.UILayout, target: str, path: str, name: str) -> None:
    layout.ui_units_x = RESULT_UNITS
    icon = previews.on_ground(path)
    if icon:
        layout.template_icon(icon_value=icon, scale=RESULT_UNITS)
    call_with(
        layout.operator(ids.OperatorId.PICTURE_FROM_RESULT, text=name, translate=False),
        target=target,
        filepath=path,
    )


class STUDIO3D_OT_clear_picture(_PictureOperator):
    bl_idname = ids.OperatorId.CLEAR_PICTURE
    bl_label = "Clear"
    bl_description = "Leave this picture out; its file stays"

    def find(self, context: bpy.types.Context) -> str:
        return ""


SOURCES: Final[tuple[tuple[ids.OperatorId, str, Icon], ...]] = (
    (ids.OperatorId.PICTURE_FROM_FILE, "File…", "FILEBROWSER"),
    (ids.OperatorId.PICTURE_FROM_IMAGE, "Image in This File…", "IMAGE_DATA"),
    (ids.OperatorId.PICTURE_FROM_RENDER, "Last Render", "RENDER_STILL"),
    (ids.OperatorId.PICTURE_FROM_VIEWPORT, "Viewport", "VIEW3D"),
    (ids.OperatorId.PICTURE_FROM_CLIPBOARD, "Clipboard", "PASTEDOWN"),
    (ids.OperatorId.PICTURE_RESULTS, "Results…", "RENDER_RESULT"),
)
"""Every place that pictures are taken from, for every picture that is asked for."""


class STUDIO3D_OT_picture_sources(bpy.types.Operator):
    """A menu that knows which path it is for."""

    bl_idname = ids.OperatorId.PICTURE_SOURCES
    bl_label = "Take Picture From"
    bl_description = (
        "Take the picture from a file, this file, the last render, the viewport, the clipboard or "
        "earlier results"
    )
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        target: str
    else:
        target: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        group, name = found(context, self.target)
        target, is_given = self.target, bool(getattr(group, name))

        def draw(menu: Any, _context: bpy.types.Context) -> None:
            draw_sources(menu.layout, target, is_given=is_given)

        window_manager_of(context).popup_menu(draw, title=translate(self.bl_label))
        return {"FINISHED"}


def draw_sources(layout: bpy.types.UILayout, target: str, *, is_given: bool) -> None:
    """All the places to take a picture from, and how to do without."""
    # As if clicked: searching among the images needs it.
    layout.operator_context = "INVOKE_DEFAULT"
    for operator, text, icon in SOURCES:
        call_with(layout.operator(operator, text=text, icon=icon), target=target)
    if is_given:
        layout.separator()
        call_with(layout.operator(ids.OperatorId.CLEAR_PICTURE, icon="X"), target=target)


CLASSES = (
    STUDIO3D_OT_picture_from_file,
    STUDIO3D_OT_picture_from_image,
    STUDIO3D_OT_picture_from_render,
    STUDIO3D_OT_picture_from_viewport,
    STUDIO3D_OT_picture_from_clipboard,
    STUDIO3D_OT_picture_from_result,
    STUDIO3D_OT_picture_results,
    STUDIO3D_OT_clear_picture,
    STUDIO3D_OT_picture_sources,
)
