"""Deleting results that nothing needs any more, after a look at what would go."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty

from ...service.errors import ServiceError
from ..core import ids, session
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..model import failure
from ..runtime import clean_up, job_monitor
from ..widgets.text import DIALOG_WIDTH, paragraph
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ...jobs.cleaning import Plan


class _Planned:
    """What the open dialog shows, by whether results never placed go as well."""

    plans: dict[bool, Plan] = {}


class STUDIO3D_OT_clean_up(bpy.types.Operator):
    bl_idname = ids.OperatorId.CLEAN_UP
    bl_label = "Clean Up…"
    bl_description = (
        "Delete the files of results that were placed and that no .blend file uses, after a look "
        "at what would go"
    )
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        unplaced: bool
    else:
        unplaced: BoolProperty(
            name="Also Results Never Placed",
            description="Delete results as well that were paid for and never placed",
            default=False,
            options={"SKIP_SAVE"},
        )

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if not session.has_jobs():
            cls.poll_message_set(translate("There are no results yet"))
            return False
        if clean_up.is_running():
            cls.poll_message_set(translate("A clean-up is under way"))
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        try:
            # Looked at once, not each time the dialog is drawn.
            _Planned.plans = clean_up.choices()
        except ServiceError as error:
            self.report({"ERROR"}, translate(error.message, error.hint))
            return {"CANCELLED"}
        return window_manager_of(context).invoke_props_dialog(
            self,
            width=DIALOG_WIDTH,
            title=translate("Clean Up Results"),
            confirm_text="Delete Files",
        )

    def draw(self, context: bpy.types.Context) -> None:
        column = layout_of(self).column(align=True)
        for line in plan_words(_Planned.plans[self.unplaced]):
            paragraph(column, context, line, translate=False)
        layout_of(self).prop(self, "unplaced")

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        found = clean_up.plan(unplaced=self.unplaced)
        if not found.free:
            self.report({"INFO"}, translate("There is nothing to delete"))
            return {"CANCELLED"}
        try:
            clean_up.start(unplaced=self.unplaced)
        except OSError as error:
            self.report(
                {"ERROR"},
                translate(
                    "The clean-up cannot be started: {error}", error=failure.own_words(error)
                ),
            )
            return {"CANCELLED"}
        job_monitor.wake()
        self.report({"INFO"}, plan_words(found)[0])
        return {"FINISHED"}


def plan_words(plan: Plan) -> list[str]:
    """What goes and what stays, a sentence each."""
    count = len(plan.free)
    lines = [translate("Frees {size} of {n} results", size=size_words(plan.size), n=count)]
    lost = plan.lost(time.time())
    if lost:
        lines.append(
            translate(
                "{n} of them cannot be fetched again: the service keeps results for 24 hours",
                n=lost,
            )
        )
    if plan.used:
        lines.append(translate("{n} are used by .blend files or jobs and kept", n=plan.used))
    if plan.unplaced:
        lines.append(translate("{n} were never placed and are kept", n=plan.unplaced))
    return lines


def size_words(size: int) -> str:
    """Bytes as people read them, for example ``1.2 GB``."""
    if size >= clean_up.GIGABYTE:
        return f"{size / clean_up.GIGABYTE:.1f} GB"
    return f"{size / 1e6:.1f} MB"


CLASSES = (STUDIO3D_OT_clean_up,)
