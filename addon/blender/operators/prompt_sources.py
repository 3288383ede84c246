"""Prompts from where there is room to write them: texts of this file, and what was sent before.

``target`` names the prompt, for example ``studio3d.prompt``; see ``settings.targets``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import bpy
from bpy.props import StringProperty

from ...jobs import short_text
from ..core import ids
from ..core.access import call_with, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..settings import prompt_history, targets

RECENT: Final = 12
"""How many earlier prompts the menu offers."""
TEXTS: Final = 12
"""How many texts of the file it offers."""
LINE: Final = 48
"""Characters of an earlier prompt that are shown."""


class _PromptOperator(bpy.types.Operator):
    """Base: ``target`` says which prompt."""

    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        target: str
    else:
        target: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def home(self, context: bpy.types.Context) -> tuple[Any, str]:
        """The group that has the prompt, and its name there."""
        return targets.found(context, self.target)


class STUDIO3D_OT_set_prompt(_PromptOperator):
    bl_idname = ids.OperatorId.SET_PROMPT
    bl_label = "Use as Prompt"

    if TYPE_CHECKING:
        prompt: str
        text: str
    else:
        prompt: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
        text: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        if properties.text:
            return translate("Take the prompt from this text, as it is when the request is sent")
        return str(properties.prompt) or translate("Write the prompt in the field again")

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        group, name = self.home(context)
        setattr(group, f"{name}_text", bpy.data.texts.get(self.text) if self.text else None)
        if self.prompt:
            setattr(group, name, self.prompt)
        return {"FINISHED"}


class STUDIO3D_OT_prompt_as_text(_PromptOperator):
    bl_idname = ids.OperatorId.PROMPT_AS_TEXT
    bl_label = "Write in Text Editor"
    bl_description = "Go on with a long prompt in a text of this file, with as many lines as needed"

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        group, name = self.home(context)
        text = getattr(group, f"{name}_text")
        if text is None:
            text = bpy.data.texts.new("Prompt")
            text.write(getattr(group, name))
            setattr(group, f"{name}_text", text)
        if not bpy.app.background:
            _show(context, text)
        return {"FINISHED"}


def _show(context: bpy.types.Context, text: bpy.types.Text) -> None:
    """In a text editor that is open, else in a new window."""
    for window in window_manager_of(context).windows:
        for area in window.screen.areas:
            if _show_in(area, text):
                return
    bpy.ops.wm.window_new()
    area = window_manager_of(context).windows[-1].screen.areas[0]
    area.ui_type = "TEXT_EDITOR"
    _show_in(area, text)


def _show_in(area: bpy.types.Area, text: bpy.types.Text) -> bool:
    space = area.spaces.active
    if not isinstance(space, bpy.types.SpaceTextEditor):
        return False
    space.text = text
    space.show_word_wrap = True
    return True


class STUDIO3D_OT_prompt_sources(_PromptOperator):
    """A menu that knows which prompt it is for."""

    bl_idname = ids.OperatorId.PROMPT_SOURCES
    bl_label = "Take Prompt From"
    bl_description = "Use a text of this file or an earlier prompt"
    bl_options = {"INTERNAL"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        group, name = self.home(context)
        target = self.target
        is_text = getattr(group, f"{name}_text") is not None
        recent = prompt_history.read()[:RECENT]

        def draw(menu: Any, _context: bpy.types.Context) -> None:
            _draw_menu(menu.layout, target, recent, is_text=is_text)

        window_manager_of(context).popup_menu(draw, title=translate(self.bl_label))
        return {"FINISHED"}


def _draw_menu(
    layout: bpy.types.UILayout, target: str, recent: Sequence[str], *, is_text: bool
) -> None:
    call_with(layout.operator(ids.OperatorId.PROMPT_AS_TEXT, icon="TEXT"), target=target)
    if is_text:
        call_with(
            layout.operator(ids.OperatorId.SET_PROMPT, text="Write in the Field", icon="X"),
            target=target,
        )
    for text in bpy.data.texts[:TEXTS]:
        call_with(
            layout.operator(
                ids.OperatorId.SET_PROMPT, text=text.name, icon="TEXT", translate=False
            ),
            target=target,
            text=text.name,
        )
    if recent:
        layout.separator()
    for prompt in recent:
        call_with(
            layout.operator(
                ids.OperatorId.SET_PROMPT, text=_line(prompt), icon="TIME", translate=False
            ),
            target=target,
            prompt=prompt,
        )


def _line(prompt: str) -> str:
    return short_text.shorten(prompt, LINE)


CLASSES = (STUDIO3D_OT_set_prompt, STUDIO3D_OT_prompt_as_text, STUDIO3D_OT_prompt_sources)
