"""Filling a picture's path from where artists have pictures.

``target`` names the path to fill: the data path of a text property in the scene, for example
``studio3d.image`` or ``studio3d.views.front``.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bpy
from bpy.props import EnumProperty, StringProperty

from ...catalog.encoders import is_address
from ...catalog.messages import Message, error_message
from ..core import ids, paths
from ..core.access import call_with, scene_of, typed, window_manager_of
from ..core.rna_enums import Icon, OperatorReturn
from ..core.translation import translate
from ..scene import clipboard, pictures
from ..scene.pictures import PictureFailed


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
            fill(scene_of(context), self.target, location)
        except (PictureFailed, OSError) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        return {"FINISHED"}

    def find(self, context: bpy.types.Context) -> str:
        """Path or address of the picture; raises PictureFailed, OSError."""
        raise NotImplementedError


def fill(scene: bpy.types.Scene, target: str, location: str) -> None:
    """Write the location into the property; raises PictureFailed."""
    owner, _, name = target.rpartition(".")
    if owner.partition(".")[0] != ids.EXTENSION:
        raise PictureFailed(Message("There is no setting {target}", target=target))
    try:
        group: Any = scene.path_resolve(owner)
    except ValueError as error:
        raise PictureFailed(Message("There is no setting {target}", target=target)) from error
    if name not in group.bl_rna.properties:
        raise PictureFailed(Message("There is no setting {target}", target=target))
    setattr(group, name, location)


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
            raise PictureFailed(Message("There is no image {image}", image=self.image))
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
            raise PictureFailed("There is no 3D viewport here")
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
        except PictureFailed as error:
            image = clipboard.paste(context)
            if image is None:
                words = (translate(error_message(error)), translate(clipboard.hint(context)))
                raise PictureFailed(". ".join(part for part in words if part)) from error
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
    raise PictureFailed("There is no path or address of a picture on the clipboard")


FILE: Final = "file://"
"""How file managers write a path."""

SOURCES: Final[tuple[tuple[ids.OperatorId, Icon], ...]] = (
    (ids.OperatorId.PICTURE_FROM_IMAGE, "IMAGE_DATA"),
    (ids.OperatorId.PICTURE_FROM_RENDER, "RENDER_STILL"),
    (ids.OperatorId.PICTURE_FROM_VIEWPORT, "VIEW3D"),
    (ids.OperatorId.PICTURE_FROM_CLIPBOARD, "PASTEDOWN"),
)


class STUDIO3D_OT_picture_sources(bpy.types.Operator):
    """A menu that knows which path it is for."""

    bl_idname = ids.OperatorId.PICTURE_SOURCES
    bl_label = "Take Picture From"
    bl_description = (
        "Take the picture from this file, the last render, the viewport or the clipboard"
    )
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        target: str
    else:
        target: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        target = self.target

        def draw(menu: Any, _context: bpy.types.Context) -> None:
            # As if clicked: searching among the images needs it.
            menu.layout.operator_context = "INVOKE_DEFAULT"
            for operator, icon in SOURCES:
                call_with(menu.layout.operator(operator, icon=icon), target=target)

        window_manager_of(context).popup_menu(draw, title=translate(self.bl_label))
        return {"FINISHED"}


CLASSES = (
    STUDIO3D_OT_picture_from_image,
    STUDIO3D_OT_picture_from_render,
    STUDIO3D_OT_picture_from_viewport,
    STUDIO3D_OT_picture_from_clipboard,
    STUDIO3D_OT_picture_sources,
)
