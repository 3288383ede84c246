"""Rendering results of one wish side by side into a picture, and showing it."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import bpy
from bpy.props import StringProperty

from ...catalog.messages import error_message
from ..core import ids, pictures
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import build_snapshot, clean_up, comparison_picture, job_monitor
from ..snapshot import snapshot
from ..widgets import alternatives
from .one_job import OneJobOperator
from .results import show
from .saving import WritesFile

if TYPE_CHECKING:
    from ..snapshot.snapshot import Entry

ENDING: Final = ".png"


class STUDIO3D_OT_render_comparison(WritesFile, OneJobOperator):
    """Asks where the picture goes; ``job_id`` is one of the results."""

    bl_idname = ids.OperatorId.RENDER_COMPARISON
    bl_label = "Render Comparison"
    bl_description = (
        "Render the results side by side into one picture, equally high and under the same light, "
        "each with what it took; in the background, and it costs nothing"
    )

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if comparison_picture.wish_rendered():
            cls.poll_message_set(translate("A comparison is being rendered already"))
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        return super().invoke(context, event) if self._wish() else self._nothing()

    def ending(self) -> str:
        return ENDING

    def proposed_name(self) -> str:
        return translate(self._wish()[0].title)

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        wish = self._wish()
        results = [
            comparison_picture.Shown(alternatives.comparison_lines(one), one.jobs[-1].job.prepared)
            for one in wish
        ]
        if not any(one.prepared for one in results):
            return self._nothing()
        try:
            comparison_picture.start(wish[0].alternative, results, self.destination())
        except OSError as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        build_snapshot.refresh(context)
        job_monitor.wake()
        self.report({"INFO"}, "The comparison is being rendered")
        return {"FINISHED"}

    def _wish(self) -> "list[Entry]":
        """All results of the wish, as they were asked for."""
        current = snapshot.current()
        entry = current.entry(self.job_id)
        if entry is None or not entry.alternative:
            return []
        return [one for one in reversed(current.entries) if one.alternative == entry.alternative]

    def _nothing(self) -> set[OperatorReturn]:
        self.report({"WARNING"}, "There is no result to show yet")
        return {"CANCELLED"}


class STUDIO3D_OT_show_comparison(bpy.types.Operator):
    bl_idname = ids.OperatorId.SHOW_COMPARISON
    bl_label = "Show Comparison"
    bl_description = "Load the picture into this file and show it in an image editor"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        filepath: str
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        path = Path(self.filepath)
        try:
            image = pictures.load(path)
        except pictures.NotLoaded as refused:
            self.report({"WARNING"}, str(refused))
            return {"CANCELLED"}
        image.reload()  # the same name may have been rendered before
        clean_up.note_open_file(bpy.data.filepath)
        if not bpy.app.background:
            show(context, image)
        self.report({"INFO"}, translate("Saved {path}", path=path))
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_render_comparison, STUDIO3D_OT_show_comparison)
