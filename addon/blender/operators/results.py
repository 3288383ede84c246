"""Results that are no models: pictures to look at, figures to copy."""

from typing import TYPE_CHECKING

import bpy

from ...jobs import figures_table, results
from ..core import ids, pictures
from ..core.access import window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import clean_up
from ..snapshot import snapshot
from ..widgets import picture_results
from .one_job import OneJobOperator

if TYPE_CHECKING:
    from ...jobs.job import Job


class _ResultOperator(OneJobOperator):
    """Base of the operators on the results of one job."""

    def job(self) -> "Job | None":
        """The job, if it is still listed."""
        row = snapshot.current().row(self.job_id)
        return None if row is None else row.job


class STUDIO3D_OT_show_pictures(_ResultOperator):
    bl_idname = ids.OperatorId.SHOW_PICTURES
    bl_label = "Open Pictures"
    bl_description = "Load the pictures into this file and show them in an image editor"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        job = self.job()
        try:
            images = [] if job is None else _load(job)
        except pictures.NotLoaded as refused:
            self.report({"WARNING"}, str(refused))
            return {"CANCELLED"}
        if not images:
            self.report({"WARNING"}, "There are no pictures")
            return {"CANCELLED"}
        clean_up.note_open_file(bpy.data.filepath)
        if not bpy.app.background:
            show(context, images[0])
        self.report({"INFO"}, translate("{n} pictures loaded", n=len(images)))
        return {"FINISHED"}


def _load(job: "Job") -> list[bpy.types.Image]:
    found = []
    for path in results.paths_of(job):
        if path.suffix.lower() in picture_results.VIEWABLE and path.is_file():
            image = pictures.load(path)
            image.name = f"{job.name} {path.stem.rpartition('-')[2]}"
            found.append(image)
    return found


def show(context: bpy.types.Context, image: bpy.types.Image) -> None:
    """In an image editor that is open, else in a new window."""
    for window in window_manager_of(context).windows:
        for area in window.screen.areas:
            space = area.spaces.active
            if isinstance(space, bpy.types.SpaceImageEditor):
                space.image = image
                return
    bpy.ops.wm.window_new()
    area = window_manager_of(context).windows[-1].screen.areas[0]
    area.ui_type = "IMAGE_EDITOR"
    space = area.spaces.active
    if isinstance(space, bpy.types.SpaceImageEditor):
        space.image = image


class STUDIO3D_OT_copy_figures(_ResultOperator):
    bl_idname = ids.OperatorId.COPY_FIGURES
    bl_label = "Copy Table"
    bl_description = "Copy the figures as a table for a spreadsheet"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        job = self.job()
        table = None if job is None else figures_table.of_job(job)
        if table is None:
            self.report({"WARNING"}, "There are no figures")
            return {"CANCELLED"}
        window_manager_of(context).clipboard = table.as_text()
        self.report({"INFO"}, translate("{n} rows copied", n=len(table.rows)))
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_show_pictures, STUDIO3D_OT_copy_figures)
