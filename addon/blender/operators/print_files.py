"""Files for slicers, and the slicers that open them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ...catalog.messages import Message
from ...printing import slicers as known_slicers
from ...printing.orders import Colors, Plate
from ...service import names as file_names
from ..core import ids, paths
from ..core.access import window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..model import failure
from ..runtime import print_work, slicers
from ..scene import export_selection
from ..settings.print_settings import STUDIO3D_PG_printing, colors_of, limits_of, order_of
from ..settings.properties import settings_of
from .folders import open_path
from .print_check import PrintOperator, need_printer


class FilesOperator(PrintOperator):
    """Base of what writes files; asks before it replaces any that were not written here."""

    def files(
        self, settings: STUDIO3D_PG_printing, selection: "export_selection.Selection"
    ) -> list[Path]:
        """What is to be written; [] when nothing is chosen."""
        raise NotImplementedError

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        selection = export_selection.whole(context)
        settings = settings_of(context).printing
        files = [] if selection is None else self.files(settings, selection)
        strange = [file.name for file in files if print_work.is_strange(file)]
        if not strange:
            return self.execute(context)
        return window_manager_of(context).invoke_confirm(
            self,
            event,
            title="Replace Files?",
            message=translate("The folder has already: {names}", names=", ".join(strange)),
            icon="WARNING",
            confirm_text="Replace",
        )

    def write(
        self,
        context: bpy.types.Context,
        selection: "export_selection.Selection",
        settings: STUDIO3D_PG_printing,
        then: Callable[[Sequence[Path]], None] | None = None,
    ) -> None:
        """Begin to write, and ``then`` go on with the files; raises SendFailed and OSError."""
        if settings.arrange:
            need_printer(settings)
        print_work.start_export(
            context,
            selection,
            limits_of(settings),
            self.files(settings, selection),
            then,
            order_of(settings.plate, Plate) if settings.arrange else None,
            _colors(settings),
        )


class STUDIO3D_OT_print_export(FilesOperator):
    bl_idname = ids.OperatorId.PRINT_EXPORT
    bl_label = "Export for Slicer"
    bl_description = (
        "Write the selected objects as one model in millimeters, standing on the bed; in the "
        "background, and for nothing"
    )
    bl_options = {"INTERNAL"}

    def files(
        self, settings: STUDIO3D_PG_printing, selection: "export_selection.Selection"
    ) -> list[Path]:
        return [_file(settings, selection, suffix) for suffix in sorted(settings.formats)]

    def start(
        self,
        context: bpy.types.Context,
        selection: "export_selection.Selection",
        settings: STUDIO3D_PG_printing,
    ) -> None:
        if not settings.formats:
            raise export_selection.SendFailed("Choose a format first.")
        self.write(context, selection, settings)


class STUDIO3D_OT_print_colors(PrintOperator):
    bl_idname = ids.OperatorId.PRINT_COLORS
    bl_label = "Show Filament Colors"
    bl_description = (
        "Show in the viewport how the selected objects are painted for a printer with several "
        "filaments; in the background, and for nothing"
    )
    bl_options = {"INTERNAL"}

    def start(
        self,
        context: bpy.types.Context,
        selection: "export_selection.Selection",
        settings: STUDIO3D_PG_printing,
    ) -> None:
        colors = _colors(settings)
        if colors is not None:
            print_work.start_painting(context, selection, limits_of(settings), colors)


def _colors(settings: STUDIO3D_PG_printing) -> Colors | None:
    """Raises SendFailed for a palette that cannot be read."""
    try:
        return colors_of(settings)
    except ValueError as error:
        raise export_selection.SendFailed(
            Message("The palette cannot be read: {error}", error=error)
        ) from error


def _file(
    settings: STUDIO3D_PG_printing, selection: "export_selection.Selection", suffix: str
) -> Path:
    name = file_names.safe_name(selection.main.name)
    return paths.print_folder(settings.folder) / f"{name}.{suffix}"


class STUDIO3D_OT_print_open_folder(bpy.types.Operator):
    bl_idname = ids.OperatorId.PRINT_OPEN_FOLDER
    bl_label = "Open Folder"
    bl_description = "Open the folder that the files for slicers were written into"
    bl_options = {"INTERNAL"}

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        written = print_work.written()
        return open_path(self, written[0].parent) if written else {"CANCELLED"}


class STUDIO3D_OT_print_slicers(bpy.types.Operator):
    bl_idname = ids.OperatorId.PRINT_SLICERS
    bl_label = "Open in Slicer"
    bl_description = "Look for slicers on this machine, and open the selected objects in one"
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if export_selection.whole(context) is None:
            cls.poll_message_set(translate("Select an object with a surface first"))
            return False
        return True

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        if not slicers.find():
            names = ", ".join(slicer.label for slicer in known_slicers.SLICERS)
            words = translate("No slicer was found: {names} are looked for", names=names)
            self.report({"WARNING"}, words)
            return {"CANCELLED"}
        bpy.ops.wm.call_menu(name=ids.MenuId.SLICERS)
        return {"FINISHED"}


class STUDIO3D_OT_print_slice(FilesOperator):
    bl_idname = ids.OperatorId.PRINT_SLICE
    bl_label = "Open in This Slicer"
    bl_description = (
        "Write the selected objects as a 3MF in millimeters, and open it in this slicer"
    )
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        slicer: str
    else:
        slicer: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def files(
        self, settings: STUDIO3D_PG_printing, selection: "export_selection.Selection"
    ) -> list[Path]:
        return [_file(settings, selection, "3mf")]

    def start(
        self,
        context: bpy.types.Context,
        selection: "export_selection.Selection",
        settings: STUDIO3D_PG_printing,
    ) -> None:
        slicer, program = known_slicers.slicer_of(self.slicer), slicers.known().get(self.slicer, "")
        if slicer is None or not program:
            raise export_selection.SendFailed("This slicer is not on this machine any more.")
        self.write(context, selection, settings, partial(_open_in, slicer.label, program))


def _open_in(label: str, program: str, files: Sequence[Path]) -> None:
    """Open files that were written."""
    try:
        slicers.start(program, files)
    except OSError as error:
        words = Message(
            "{name} could not be started: {error}", name=label, error=failure.own_words(error)
        )
        print_work.tell(words, trouble=True)
    else:
        print_work.tell(Message("Opened in {name}", name=label))


CLASSES = (
    STUDIO3D_OT_print_export,
    STUDIO3D_OT_print_colors,
    STUDIO3D_OT_print_open_folder,
    STUDIO3D_OT_print_slicers,
    STUDIO3D_OT_print_slice,
)
