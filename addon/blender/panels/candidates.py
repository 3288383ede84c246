"""The panel that leads from an idea over cheap pictures to a model of the right one."""

from __future__ import annotations

import bpy

from ...catalog import Mode
from ..core import account, ids
from ..core.access import layout_of
from ..runtime import preflight
from ..settings import candidate_drafts as drafting
from ..settings.interface_state import interface_state_of
from ..settings.properties import SceneSettings, engine_property, settings_of
from ..snapshot import snapshot
from ..widgets import candidate_rounds, cut_out, order_form
from ..widgets import candidates as candidate_cells
from ..widgets import fields as field_rows
from ..widgets.base import SidebarPanel, settings_layout
from ..widgets.text import paragraph
from .engines import draw_chooser


class STUDIO3D_PT_candidates(SidebarPanel):
    """Try an idea in small pictures, pick some of them, and make models of those."""

    bl_idname = ids.PanelId.CANDIDATES
    bl_label = "Candidates"
    bl_order = 1
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        current = snapshot.current()
        drafts = drafting.candidate_drafts(settings)
        blocker = preflight.find_blocker_of_all(current, account.online(), drafts)
        layout = layout_of(self)
        order_form.draw_notice(layout, context, blocker)
        _draw_form(layout, context, settings)
        paragraph(layout, context, candidate_cells.way_words(settings), translate=False)
        order_form.draw_price(layout, context, current, preflight.estimate_of_all(drafts), blocker)
        order_form.draw_button(layout, ids.OperatorId.MAKE_CANDIDATES, "Make Candidates")
        _draw_gallery(layout, context, settings, current)


def _draw_form(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: SceneSettings
) -> None:
    """The wish, how it is tried, and what is made of what is picked."""
    draft = drafting.candidate_form(settings)
    column = settings_layout(layout)
    field_rows.draw_field(column, context, settings, drafting.prompt_field(draft.operation), draft)
    draw_chooser(column, ids.PanelId.CANDIDATE_ENGINES, draft.operation)
    field_rows.draw_setting(column, context, settings, "candidates")
    field_rows.draw_setting(column, context, settings, "candidates_small")
    fields = drafting.offered_fields(settings)
    common = [field for field in fields if not field.advanced]
    order_form.draw_fields(column, context, settings, draft, common)
    rare = [field for field in fields if field.advanced]
    order_form.draw_advanced(layout, context, settings, draft, rare, ids.PanelId.CANDIDATES)
    column = settings_layout(layout)
    column.label(text="Then to 3D")
    field_rows.draw_choice(column, context, settings, engine_property(Mode.IMAGE))
    cut_out.draw_cut_out(column, context, settings, drafting.model_draft(settings))


def _draw_gallery(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    settings: SceneSettings,
    current: snapshot.Snapshot,
) -> None:
    found = candidate_rounds.rounds_of(current)
    shown = candidate_rounds.shown_round(found, interface_state_of(context).candidates_round)
    if shown is None:
        return
    header, body = layout.panel(f"{ids.PanelId.CANDIDATES}_gallery")
    header.label(text="Pictures")
    if body is not None:
        candidate_cells.draw_round(body, context, found, shown)
        candidate_cells.draw_to_3d(body, context, settings, current)


CLASSES = (STUDIO3D_PT_candidates,)
