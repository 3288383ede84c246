"""What can be done with one picture: a menu of it, a copy elsewhere, a look beside its source."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bpy
from bpy.props import BoolProperty, StringProperty

from ...catalog.messages import Message
from ..core import ids, ticker
from ..core.access import window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import clean_up
from ..snapshot import snapshot
from ..widgets.picture_actions import draw_actions
from ..widgets.picture_results import name_of, source_of_picture


class _PictureOperator(bpy.types.Operator):
    """Base: ``picture`` is the file."""

    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        picture: str
    else:
        picture: StringProperty(options={"HIDDEN", "SKIP_SAVE"})


class STUDIO3D_OT_picture_menu(_PictureOperator):
    """A menu that knows which picture it is for."""

    bl_idname = ids.OperatorId.PICTURE_MENU
    bl_label = "More"
    bl_description = "More that can be done with this picture"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        picture = self.picture

        def draw(menu: Any, _context: bpy.types.Context) -> None:
            draw_actions(menu.layout, picture)

        title = name_of(snapshot.current(), picture) or Path(picture).name
        window_manager_of(context).popup_menu(draw, title=title)
        return {"FINISHED"}


class STUDIO3D_OT_save_picture(_PictureOperator):
    bl_idname = ids.OperatorId.SAVE_PICTURE
    bl_label = "Save As"
    bl_description = "Save a copy of the picture where you choose"

    if TYPE_CHECKING:
        filepath: str
        filter_glob: str
        check_existing: bool
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})
        filter_glob: StringProperty(default="*", options={"HIDDEN"})
        check_existing: BoolProperty(default=True, options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        picture = Path(self.picture)
        name = bpy.path.clean_name(name_of(snapshot.current(), self.picture) or picture.stem)
        self.filepath = f"{name}{picture.suffix}"
        self.filter_glob = f"*{picture.suffix}"
        window_manager_of(context).fileselect_add(self)
        return {"RUNNING_MODAL"}

    def check(self, _context: bpy.types.Context) -> bool:
        """Let the name end as the picture does: the browser warns of a file that is there."""
        wanted = str(self._destination())
        changed = wanted != self.filepath
        self.filepath = wanted
        return changed

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        to = Path(bpy.path.abspath(str(self._destination())))
        try:
            shutil.copyfile(self.picture, to)
        except (OSError, shutil.SameFileError) as error:
            reason = getattr(error, "strerror", "") or error
            words = Message("The picture cannot be saved: {reason}", reason=reason)
            self.report({"WARNING"}, translate(words))
            return {"CANCELLED"}
        self.report({"INFO"}, translate("Saved {path}", path=to))
        return {"FINISHED"}

    def _destination(self) -> Path:
        suffix = Path(self.picture).suffix
        to = Path(self.filepath)
        return to if to.suffix.lower() == suffix.lower() else to.with_name(f"{to.name}{suffix}")


class STUDIO3D_OT_compare_pictures(_PictureOperator):
    bl_idname = ids.OperatorId.COMPARE_PICTURES
    bl_label = "Compare"
    bl_description = (
        "Show the picture beside the one it was made from, in a window of its own with two image "
        "editors, which show what is transparent"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        source = source_of_picture(snapshot.current(), self.picture)
        both = [Path(place) for place in (source, self.picture) if place]
        lost = next((path for path in both if not path.is_file()), None)
        if lost is not None or not source:
            words = Message("There is no picture {path}", path=lost or self.picture)
            self.report({"WARNING"}, translate(words))
            return {"CANCELLED"}
        images = [bpy.data.images.load(str(path), check_existing=True) for path in both]
        images[1].name = name_of(snapshot.current(), self.picture) or images[1].name
        clean_up.note_open_file(bpy.data.filepath)
        if not bpy.app.background:
            _show_beside(context, images)
        return {"FINISHED"}


def _show_beside(context: bpy.types.Context, images: list[bpy.types.Image]) -> None:
    """In the window that was opened for this before, else in a new one; layouts stay."""
    window = _window_for_comparing(context) or _new_window(context)
    for area, image in zip(_from_left(window), images, strict=False):
        space = area.spaces.active
        if isinstance(space, bpy.types.SpaceImageEditor):
            space.image = image
    ticker.call(_fit, after=FIRST_DRAWN)


FIRST_DRAWN: Final = 0.3
"""Seconds after which a new window has been drawn, and its editors know their size."""


def _window_for_comparing(context: bpy.types.Context) -> bpy.types.Window | None:
    """A window of nothing but two image editors."""
    for window in window_manager_of(context).windows:
        if [area.ui_type for area in window.screen.areas] == ["IMAGE_EDITOR"] * 2:
            return window
    return None


def _new_window(context: bpy.types.Context) -> bpy.types.Window:
    bpy.ops.wm.window_new()
    window = window_manager_of(context).windows[-1]
    area = window.screen.areas[0]
    area.ui_type = "IMAGE_EDITOR"
    region = next(one for one in area.regions if one.type == "WINDOW")
    with context.temp_override(window=window, area=area, region=region):
        bpy.ops.screen.area_split(direction="VERTICAL", factor=0.5)
    return window


def _from_left(window: bpy.types.Window) -> list[bpy.types.Area]:
    return sorted(window.screen.areas, key=lambda area: area.x)


def _fit() -> None:
    """Let each editor show its whole picture; called by the ticker."""
    window = _window_for_comparing(bpy.context)
    for area in [] if window is None else _from_left(window):
        region = next(one for one in area.regions if one.type == "WINDOW")
        with bpy.context.temp_override(window=window, area=area, region=region):
            bpy.ops.image.view_all(fit_view=True)


CLASSES = (
    STUDIO3D_OT_picture_menu,
    STUDIO3D_OT_save_picture,
    STUDIO3D_OT_compare_pictures,
)
