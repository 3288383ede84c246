"""Editing a picture, or a tool for it, as a dialog: for a result, or the image at hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import EnumProperty, StringProperty

from ...catalog import Group, Kind, Mode, Operation, get
from ...catalog.messages import error_message
from ...jobs import names
from ..core import ids
from ..core.access import present
from ..core.translation import translate
from ..scene import pictures as scene_pictures
from ..settings.field_properties import rna_name, slot_names
from ..settings.interface_state import interface_state_of
from ..settings.properties import draft_of, picture_operations, settings_of
from ..snapshot import snapshot
from ..widgets import order_form, picture_results
from ..widgets.base import settings_layout
from .order_dialog import OrderDialog
from .tool_words import chosen_tool, tool_description
from .use_picture import file_of_image_at_hand

if TYPE_CHECKING:
    from ..settings.draft import Draft


def title_of(operation: Operation) -> str:
    """What the operation does to a picture: engines are called by who made them."""
    return "Edit with Prompt" if operation.group is Group.IMAGE else operation.label


def image_tool_items() -> list[tuple[str, str, str]]:
    """What changes a picture, as the items of an enumeration."""
    tools = (tool for tool in picture_operations() if tool.reference_field is not None)
    return [(tool.name, tool.label, tool.summary) for tool in tools]


class STUDIO3D_OT_edit_image(OrderDialog):
    bl_idname = ids.OperatorId.EDIT_IMAGE
    bl_label = "Send Image to Tool…"
    bl_description = (
        "Choose a tool of the service for the image of this editor, or of the active empty, and "
        "see what it costs"
    )
    button = "Send"

    if TYPE_CHECKING:
        tool: str
        location: str
    else:
        tool: EnumProperty(
            name="Tool",
            description="What to do with the image",
            items=image_tool_items(),
            options={"SKIP_SAVE"},
        )
        location: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    _name = ""
    """Of the picture it started from; the job is called by it."""
    _is_begun = False

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        return tool_description(cls, chosen_tool(properties))

    def title(self) -> str:
        return translate(title_of(get(self.tool)))

    def begin(self, context: bpy.types.Context) -> bool:
        """Let the dialog start from the picture and no other, once: then it can be changed."""
        if self._is_begun:
            return True
        try:
            path = Path(self.location) if self.location else file_of_image_at_hand(context)
        except (scene_pictures.PictureFailed, OSError) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return False
        if self.location:
            self._name = picture_results.name_of(snapshot.current(), self.location) or path.stem
        else:
            self._name = present(scene_pictures.image_in(context), "picture").name
        pictures = interface_state_of(context).pictures
        for field in filter(None, (one.reference_field for one in picture_operations())):
            single = field.kind is Kind.IMAGE
            first, *others = (rna_name(field.name),) if single else slot_names(field)
            setattr(pictures, first, str(path))
            for name in others:
                setattr(pictures, name, "")
        self._is_begun = True
        return True

    def wanted(self, context: bpy.types.Context) -> "tuple[Draft, ...]":
        """The tool's settings as the Image panel has them, but for what they start from."""
        pictures = interface_state_of(context).pictures
        return (draft_of(settings_of(context), get(self.tool), Mode.IMAGE, pictures),)

    def draw_form(
        self, layout: bpy.types.UILayout, context: bpy.types.Context, drafts: "Sequence[Draft]"
    ) -> None:
        pictures = interface_state_of(context).pictures
        column = settings_layout(layout)
        column.prop(self, "tool")
        sources, common, advanced = order_form.sort_fields(drafts[0])
        fields = [*sources, *common, *advanced]
        order_form.draw_fields(column, context, settings_of(context), drafts[0], fields, pictures)

    def name_of_order(self, _context: bpy.types.Context, _drafts: "Sequence[Draft]") -> str:
        return names.of_file(self._name)


CLASSES = (STUDIO3D_OT_edit_image,)
