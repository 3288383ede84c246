"""Asking where a file goes; and Save As, a copy of a file of ours where the user wants one."""

from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, StringProperty

from ...catalog.messages import Message
from ...service import whole_files
from ..core.access import window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate


class WritesFile(bpy.types.Operator):
    """Base: asks where to, with the name and the ending that the file gets."""

    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        filepath: str
        filter_glob: str
        check_existing: bool
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})
        filter_glob: StringProperty(default="*", options={"HIDDEN"})
        check_existing: BoolProperty(default=True, options={"HIDDEN"})

    def ending(self) -> str:
        """What the name of the file ends in, with its dot."""
        raise NotImplementedError

    def proposed_name(self) -> str:
        """What it is called unless another name is given, without its ending."""
        raise NotImplementedError

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        suffix = self.ending()
        self.filepath = f"{bpy.path.clean_name(self.proposed_name())}{suffix}"
        self.filter_glob = f"*{suffix}"
        window_manager_of(context).fileselect_add(self)
        return {"RUNNING_MODAL"}

    def check(self, _context: bpy.types.Context) -> bool:
        """Let the name end as the file does: the browser warns of a file that is there."""
        wanted = str(self._named())
        changed = wanted != self.filepath
        self.filepath = wanted
        return changed

    def destination(self) -> Path:
        """Where it goes."""
        return Path(bpy.path.abspath(str(self._named())))

    def _named(self) -> Path:
        suffix = self.ending()
        to = Path(self.filepath)
        return to if to.suffix.lower() == suffix.lower() else to.with_name(f"{to.name}{suffix}")


class SaveCopy(WritesFile):
    """Base: asks where to, and copies."""

    bl_label = "Save As"
    trouble = "The file cannot be saved: {reason}"

    def original(self) -> Path:
        """What is copied."""
        raise NotImplementedError

    def ending(self) -> str:
        return self.original().suffix

    def proposed_name(self) -> str:
        return self.original().stem

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        to = self.destination()
        try:
            whole_files.copy(self.original(), to)
        except OSError as error:
            reason = error.strerror or error
            self.report({"WARNING"}, translate(Message(self.trouble, reason=reason)))
            return {"CANCELLED"}
        self.report({"INFO"}, translate("Saved {path}", path=to))
        return {"FINISHED"}
