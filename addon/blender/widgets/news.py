"""That the extension was updated, and what is new in it."""

from collections.abc import Sequence
from typing import Final

import bpy

from ...service.changelog import Section, headline
from ...service.version import version
from ..core import ids
from ..core.translation import translate
from ..runtime import news
from .text import paragraph

SHOWN: Final = 8
"""How many entries a dialog has room for."""


def draw_update(layout: bpy.types.UILayout) -> None:
    """One line, until somebody has looked or does not want to."""
    if not news.is_to_be_said():
        return
    row = layout.row(align=True)
    words = translate("Updated to {version}: What Is New", version=version())
    row.operator(ids.OperatorId.ABOUT, text=words, icon="INFO", translate=False)
    row.operator(ids.OperatorId.HIDE_UPDATE, text="", icon="X")


def draw_what_is_new(
    layout: bpy.types.UILayout, context: bpy.types.Context, sections: Sequence[Section]
) -> None:
    """The first sentence of each entry, as it is written, which is in English."""
    entries = [entry for section in sections for entry in section.entries]
    for entry in entries[:SHOWN]:
        paragraph(layout, context, headline(entry), icon="DOT", translate=False)
    if len(entries) > SHOWN:
        more = translate("and {n} more", n=len(entries) - SHOWN)
        layout.label(text=more, icon="BLANK1", translate=False)
