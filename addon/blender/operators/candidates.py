"""Candidates: a round of pictures, a larger look, picks, more like one of them, and on to 3D."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import bpy
from bpy.props import StringProperty

from ...catalog import Mode, get
from ...jobs import candidates as job_rounds
from ...jobs import names
from ..core import ids
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import picked_pictures
from ..settings import candidate_drafts as drafting
from ..settings.interface_state import interface_state_of
from ..settings.properties import SceneSettings, engine_property, settings_of
from ..snapshot import snapshot
from ..snapshot.redraw import redraw
from ..widgets import (
    candidate_rounds,
    cut_out,
    photo_cautions,
    picture_actions,
    picture_results,
)
from ..widgets import candidates as candidate_cells
from ..widgets import fields as field_rows
from ..widgets.base import settings_layout
from ..widgets.text import DIALOG_WIDTH, UNIT, paragraph, units_in_window
from .order_dialog import OrderDialog
from .ordering import OrderOperator, place_orders
from .picture_actions import COMPARE_UNITS, PictureOperator
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ...jobs.job import Job
    from ..settings.draft import Draft
    from ..widgets.candidate_rounds import Round

GAP: Final = 1.0
"""Widgets between large pictures."""

ROWS_BESIDE: Final = 14.0
"""Widgets that a popup takes above and below its pictures, with the window's own bars."""

DIALOG_UNITS: Final = 5.0
"""Height of a picture in a dialog, in widgets."""


class STUDIO3D_OT_make_candidates(OrderOperator):
    bl_idname = ids.OperatorId.MAKE_CANDIDATES
    bl_label = "Make Candidates"
    bl_description = (
        "Order the pictures; they appear below to choose from. Models are ordered later, of those "
        "that you pick"
    )

    @classmethod
    def draft(cls, settings: SceneSettings) -> "Draft":
        return drafting.candidate_drafts(settings)[0]

    @classmethod
    def drafts(cls, settings: SceneSettings) -> "tuple[Draft, ...]":
        return drafting.candidate_drafts(settings)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        ended = place_orders(self, context, self.drafts(settings_of(context)))
        if ended == {"FINISHED"}:
            interface_state_of(context).candidates_round = ""
        return ended


class STUDIO3D_OT_show_round(bpy.types.Operator):
    bl_idname = ids.OperatorId.SHOW_ROUND
    bl_label = "Show Round"
    bl_description = "Show the candidates of another round"
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        round: str
    else:
        round: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        interface_state_of(context).candidates_round = self.round
        return {"FINISHED"}


class STUDIO3D_OT_pick_candidate(PictureOperator):
    bl_idname = ids.OperatorId.PICK_CANDIDATE
    bl_label = "Pick"
    bl_description = "Pick this picture, or no longer: models are made of those that are picked"

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        if not picked_pictures.toggle(self.picture):
            words = translate("{n} pictures are picked already", n=picked_pictures.MOST)
            self.report({"INFO"}, words)
            return {"CANCELLED"}
        redraw()
        return {"FINISHED"}


class STUDIO3D_OT_show_candidates(bpy.types.Operator):
    """A popup with the pictures as large as there is room for, and as previews are."""

    bl_idname = ids.OperatorId.SHOW_CANDIDATES
    bl_label = "Show Large"
    bl_description = "Show the candidates of this round as large as there is room for"
    bl_options = {"INTERNAL"}

    if TYPE_CHECKING:
        round: str
    else:
        round: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        columns, units = self._arrange(context)
        if not columns:
            self.report({"WARNING"}, "There are no pictures")
            return {"CANCELLED"}
        width = int(columns * (units + GAP) * UNIT)
        return window_manager_of(context).invoke_popup(self, width=max(width, DIALOG_WIDTH))

    def draw(self, context: bpy.types.Context) -> None:
        shown = _shown(self.round)
        columns, units = self._arrange(context)
        if shown is None or not columns:
            return
        layout = layout_of(self)
        layout.label(text=translate(shown.rows[0].title), translate=False)
        candidate_cells.draw_waiting(layout, context, shown)
        candidate_cells.draw_cells(layout, shown.pictures, columns, units)
        candidate_cells.draw_to_3d(layout, context, settings_of(context), snapshot.current())

    def execute(self, _context: bpy.types.Context) -> set[OperatorReturn]:
        return {"FINISHED"}

    def _arrange(self, context: bpy.types.Context) -> tuple[int, float]:
        """How many pictures stand side by side, and how high each is, in widgets."""
        shown = _shown(self.round)
        count = 0 if shown is None else len(shown.pictures)
        if not count:
            return 0, 0.0
        width, height = units_in_window(context)
        return max(
            ((columns, _side(count, columns, width, height)) for columns in range(1, count + 1)),
            key=lambda found: found[1],
        )


def _shown(name: str) -> "Round | None":
    """The round of that name, else the newest."""
    return candidate_rounds.shown_round(candidate_rounds.rounds_of(snapshot.current()), name)


def _picked() -> list[str]:
    """The pictures that are picked, of those there are."""
    return picked_pictures.among(candidate_rounds.all_pictures(snapshot.current()))


def _side(count: int, columns: int, width: float, height: float) -> float:
    """The side of each picture in widgets, at most what a preview has."""
    rows = -(-count // columns)
    across = (width - 2) / columns - GAP
    down = (height - ROWS_BESIDE) / rows - 1.5
    return max(min(across, down, COMPARE_UNITS), DIALOG_UNITS)


class STUDIO3D_OT_more_like_this(OrderDialog):
    """Orders a round with the words that made the picture, and the picture itself."""

    bl_idname = ids.OperatorId.MORE_LIKE_THIS
    bl_label = "More Like This…"
    bl_description = (
        "Order another round with the same words and settings that starts from this picture; says "
        "first what it costs"
    )
    button = "Make Candidates"

    if TYPE_CHECKING:
        picture: str
    else:
        picture: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def title(self) -> str:
        return translate("More Like This")

    def begin(self, context: bpy.types.Context) -> bool:
        if self.wanted(context):
            return True
        job = self._job()
        if job is None:
            self.report({"WARNING"}, "It is not known which words made this picture")
        else:
            engine = translate(get(job.operation).label)
            words = translate(
                "{engine} takes no pictures to start from: edit this one with another engine",
                engine=engine,
            )
            self.report({"WARNING"}, words)
        return False

    def wanted(self, context: bpy.types.Context) -> "tuple[Draft, ...]":
        """The orders of the round; none where there is nothing to order it by."""
        job = self._job()
        if job is None:
            return ()
        return drafting.similar_drafts(
            settings_of(context), get(job.operation), job.values, self.picture
        )

    def draw_form(
        self, layout: bpy.types.UILayout, context: bpy.types.Context, drafts: "Sequence[Draft]"
    ) -> None:
        picture_actions.draw_picture(layout, self.picture, DIALOG_UNITS)
        words = names.subject(drafts[0].operation, drafts[0].values)
        paragraph(layout, context, words, translate=False)
        paragraph(layout, context, translate(drafts[0].operation.label), translate=False)
        column = settings_layout(layout)
        for name in ("candidates", "candidates_small"):
            field_rows.draw_setting(column, context, settings_of(context), name)

    def note_ordered(self, context: bpy.types.Context, _drafts: "Sequence[Draft]") -> None:
        interface_state_of(context).candidates_round = ""

    def _job(self) -> "Job | None":
        """What made the picture from words."""
        job = picture_results.job_of_picture(snapshot.current(), self.picture)
        return job if job is not None and job_rounds.is_candidate(job) else None


class STUDIO3D_OT_candidates_to_3d(OrderDialog):
    """Models of the picked pictures, in one order with one price."""

    bl_idname = ids.OperatorId.CANDIDATES_TO_3D
    bl_label = "Make Models…"
    bl_description = (
        "Make a model of each picture that is picked: choose an engine and whether the background "
        "goes first, and see what all of it costs"
    )
    button = "Generate"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """As soon as something is picked; what else is missing, the dialog says."""
        if not super().poll(context):
            return False
        if _picked():
            return True
        cls.poll_message_set(translate("Pick one or several pictures to make models of."))
        return False

    def title(self) -> str:
        return translate("Make Models")

    def begin(self, context: bpy.types.Context) -> bool:
        if self.wanted(context):
            return True
        self.report({"WARNING"}, "There are no pictures")  # deleted while the dialog was open
        return False

    def wanted(self, context: bpy.types.Context) -> "tuple[Draft, ...]":
        return drafting.model_drafts(settings_of(context), _picked())

    def draw_form(
        self, layout: bpy.types.UILayout, context: bpy.types.Context, drafts: "Sequence[Draft]"
    ) -> None:
        settings = settings_of(context)
        line = layout.row()
        for picture in _picked():
            picture_actions.draw_picture(line.column(), picture, _share(len(drafts)))
        photo_cautions.draw_photo_cautions(layout, context, *drafts)
        column = settings_layout(layout)
        field_rows.draw_choice(column, context, settings, engine_property(Mode.IMAGE))
        cut_out.draw_cut_out(column, context, settings, drafts[0])

    def note_ordered(self, _context: bpy.types.Context, _drafts: "Sequence[Draft]") -> None:
        picked_pictures.forget()


def _share(count: int) -> float:
    """The side of each of so many pictures in a dialog, in widgets."""
    return min(DIALOG_UNITS, (DIALOG_WIDTH / UNIT - 1) / count - 0.5)


CLASSES = (
    STUDIO3D_OT_make_candidates,
    STUDIO3D_OT_show_round,
    STUDIO3D_OT_pick_candidate,
    STUDIO3D_OT_show_candidates,
    STUDIO3D_OT_more_like_this,
    STUDIO3D_OT_candidates_to_3d,
)
