"""What can be done with one picture: a menu of it, a copy elsewhere, a look beside its source."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bpy
from bpy.props import StringProperty

from ..core import ids, memory, pictures, ticker
from ..core.access import by_name, call_with, layout_of, window_manager_of
from ..core.memory import Part
from ..core.rna_enums import OperatorReturn
from ..runtime import clean_up
from ..snapshot import snapshot
from ..widgets import picture_actions, picture_results
from ..widgets.text import UNIT
from .saving import SaveCopy


class PictureOperator(bpy.types.Operator):
    """Base: ``picture`` is the file."""

    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        picture: str
    else:
        picture: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def source(self) -> str:
        """The picture that it was made from; "" where that is not known, which is reported."""
        found = picture_results.source_of_picture(snapshot.current(), self.picture)
        if not found:
            self.report({"WARNING"}, "It is not known which picture this was made from")
        return found


class STUDIO3D_OT_picture_menu(PictureOperator):
    """A menu that knows which picture it is for."""

    bl_idname = ids.OperatorId.PICTURE_MENU
    bl_label = "More"
    bl_description = "More that can be done with this picture"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        picture = self.picture

        def draw(menu: Any, _context: bpy.types.Context) -> None:
            picture_actions.draw_actions(menu.layout, picture)

        title = picture_results.name_of(snapshot.current(), picture) or Path(picture).name
        window_manager_of(context).popup_menu(draw, title=title)
        return {"FINISHED"}


class STUDIO3D_OT_save_picture(SaveCopy, PictureOperator):
    bl_idname = ids.OperatorId.SAVE_PICTURE
    bl_label = "Save As"
    bl_description = "Save a copy of the picture where you choose"
    trouble = "The picture cannot be saved: {reason}"

    def original(self) -> Path:
        return Path(self.picture)

    def proposed_name(self) -> str:
        return picture_results.name_of(snapshot.current(), self.picture) or self.original().stem


class STUDIO3D_OT_compare_pictures(PictureOperator):
    bl_idname = ids.OperatorId.COMPARE_PICTURES
    bl_label = "Compare"
    bl_description = "Show the picture beside the one it was made from, as large as previews are"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        if not self.source():
            return {"CANCELLED"}
        return window_manager_of(context).invoke_popup(self, width=COMPARE_WIDTH)

    def draw(self, _context: bpy.types.Context) -> None:
        layout = layout_of(self)
        current = snapshot.current()
        title = picture_results.name_of(current, self.picture)
        layout.label(text=title, translate=False)
        source = picture_results.source_of_picture(current, self.picture)
        picture_actions.draw_before_and_after(layout, source, self.picture, COMPARE_UNITS)
        call_with(
            layout.operator(ids.OperatorId.OPEN_BESIDE, text="Open in Image Editors…"),
            picture=self.picture,
        )

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        return {"FINISHED"}


COMPARE_UNITS: Final = 14.0
"""Height of each picture in widgets: what a preview has at interface scale 1."""

COMPARE_WIDTH: Final = int(2 * (COMPARE_UNITS + 1) * UNIT)


class STUDIO3D_OT_open_beside(PictureOperator):
    bl_idname = ids.OperatorId.OPEN_BESIDE
    bl_label = "Open in Image Editors"
    bl_description = (
        "Show the picture beside the one it was made from in two image editors, to look closely; "
        "they are in a window of their own"
    )
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        source = self.source()
        if not source:
            return {"CANCELLED"}
        try:
            before, after = pictures.load(Path(source)), pictures.load(Path(self.picture))
        except pictures.NotLoaded as refused:
            self.report({"WARNING"}, str(refused))
            return {"CANCELLED"}
        after.name = picture_results.name_of(snapshot.current(), self.picture) or after.name
        clean_up.note_open_file(bpy.data.filepath)
        memory.of(_Compared).names = (before.name, after.name)
        # Not from within a popup, which lives in the window that would be left.
        ticker.call(_show_beside)
        return {"FINISHED"}


class _Compared(Part):
    """What the window shows."""

    names: tuple[str, str] = ("", "")


FIRST_DRAWN: Final = 0.3
"""Seconds after which a new window has been drawn: its editors have their place and size then."""


def _window_for_comparing(context: bpy.types.Context) -> bpy.types.Window | None:
    """A window of nothing but two image editors."""
    for window in window_manager_of(context).windows:
        if [area.ui_type for area in window.screen.areas] == ["IMAGE_EDITOR"] * 2:
            return window
    return None


def _show_beside() -> float | None:
    """Show both where they can be compared; called by the ticker, again after a window is made."""
    window = _window_for_comparing(bpy.context)
    if window is None:
        return FIRST_DRAWN if _open_window(bpy.context) else None
    _show_in(window)
    return None


def _open_window(context: bpy.types.Context) -> bool:
    """Make one of its own: nobody's layout changes."""
    windows = window_manager_of(context).windows
    with context.temp_override(window=windows[0]):
        bpy.ops.wm.window_new()
    window = windows[-1]
    area = window.screen.areas[0]
    area.ui_type = "IMAGE_EDITOR"
    region = next(one for one in area.regions if one.type == "WINDOW")
    with context.temp_override(window=window, area=area, region=region):
        bpy.ops.screen.area_split(direction="VERTICAL", factor=0.5)
    return _window_for_comparing(context) is not None


def _show_in(window: bpy.types.Window) -> None:
    """The earlier picture left, the later one right, both whole."""
    areas = sorted(window.screen.areas, key=lambda area: area.x)
    for area, name in zip(areas, memory.of(_Compared).names, strict=True):
        space, image = area.spaces.active, by_name(bpy.data.images, name)
        if not isinstance(space, bpy.types.SpaceImageEditor) or image is None:
            continue
        space.image = image
        region = next(one for one in area.regions if one.type == "WINDOW")
        with bpy.context.temp_override(window=window, area=area, region=region):
            bpy.ops.image.view_all(fit_view=True)


CLASSES = (
    STUDIO3D_OT_picture_menu,
    STUDIO3D_OT_save_picture,
    STUDIO3D_OT_compare_pictures,
    STUDIO3D_OT_open_beside,
)
