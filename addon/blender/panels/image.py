"""The panel that makes and changes pictures, and hands them on to 3D."""

from __future__ import annotations

from typing import Final

import bpy

from ...catalog import Group
from ..core import account, ids
from ..core.access import call_with, layout_of
from ..core.translation import translate
from ..runtime import preflight
from ..settings import candidate_drafts
from ..settings.panel_drafts import picture_draft, picture_form
from ..settings.properties import SceneSettings, settings_of
from ..snapshot import snapshot
from ..widgets import order_form, picture_actions, picture_results
from ..widgets.base import SidebarPanel, settings_layout
from ..widgets.text import paragraph
from .engines import draw_chooser
from .presets import STUDIO3D_PT_image_presets


class STUDIO3D_PT_image(SidebarPanel):
    """Make a picture from words, or change pictures."""

    bl_idname = ids.PanelId.IMAGE
    bl_label = "Image"
    bl_order = Group.IMAGE.order
    bl_options = {"DEFAULT_CLOSED"}

    def draw_header_preset(self, _context: bpy.types.Context) -> None:
        STUDIO3D_PT_image_presets.draw_panel_header(layout_of(self))

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        draft = picture_draft(settings)
        current = snapshot.current()
        blocker = preflight.find_blocker(current, account.online(), draft)
        layout = layout_of(self)
        order_form.draw_notice(layout, context, blocker)
        chooser = settings_layout(layout)
        draw_chooser(chooser, ids.PanelId.PICTURE_ENGINES, draft.operation)
        order_form.draw_form(layout, context, settings, picture_form(settings), ids.PanelId.IMAGE)
        order_form.draw_price(layout, context, current, draft.estimate(), blocker)
        if draft.operation.group is Group.IMAGE:
            _draw_way_to_model(layout, context, settings)
        order_form.draw_button(layout, ids.OperatorId.GENERATE_PICTURE, draft.operation.action)
        _draw_pictures(layout, context, current)


def _draw_way_to_model(
    layout: bpy.types.UILayout, context: bpy.types.Context, settings: SceneSettings
) -> None:
    """What a model of one of the pictures costs: who tries several ideas looks at the whole way."""
    draft = candidate_drafts.model_draft(settings)
    words = translate(
        "Then a model from one picture: {price} with {engine}",
        price=preflight.amount_words(draft.estimate()),
        engine=translate(draft.operation.label),
    )
    paragraph(layout, context, words, translate=False)


NEWEST: Final = 4
"""How many picture jobs are shown; older ones are in the list of jobs."""

OPEN_UNITS: Final = 1.2
"""Width of the button beside a job's name, in widgets."""


def _draw_pictures(
    layout: bpy.types.UILayout, context: bpy.types.Context, current: snapshot.Snapshot
) -> None:
    """The newest pictures, each with what can be done with it."""
    rows = picture_results.picture_rows(current)[:NEWEST]
    if not rows:
        return
    header, body = layout.panel(PICTURES)
    header.label(text="Pictures")
    if body is None:
        return
    for row in rows:
        column = body.column(align=True)
        head = column.row()
        paragraph(head, context, translate(row.title), indent=OPEN_UNITS, translate=False)
        call_with(
            head.operator(ids.OperatorId.SHOW_PICTURES, text="", icon="IMAGE_DATA", emboss=False),
            job_id=row.job.id,
        )
        picture_actions.draw_pictures(column, context, row.job)


PICTURES: Final = f"{ids.PanelId.IMAGE}_pictures"


CLASSES = (STUDIO3D_PT_image,)
