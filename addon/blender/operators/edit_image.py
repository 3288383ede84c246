"""Editing a picture, or a tool for it, as a dialog: for a result, or the image at hand."""

from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import EnumProperty, StringProperty

from ...catalog import Field, Group, Kind, Mode, Operation, get
from ...catalog.messages import error_message
from ...jobs import names
from ..core import account, ids
from ..core.access import layout_of, present, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import preflight
from ..scene.pictures import PictureFailed, image_in
from ..settings.draft import Draft
from ..settings.field_properties import rna_name, slot_names
from ..settings.interface_state import interface_state_of
from ..settings.properties import draft_of, picture_operations, settings_of
from ..snapshot import snapshot
from ..widgets.base import settings_layout
from ..widgets.order_form import draw_fields, draw_notice, draw_price, sort_fields
from ..widgets.picture_results import name_of
from ..widgets.text import DIALOG_WIDTH
from .ordering import SpendingOperator, place_order
from .tool_words import chosen_tool, tool_description
from .trouble import tells_trouble
from .use_picture import file_of_image_at_hand


def start_of(operation: Operation) -> Field:
    """The field with the picture that the operation starts from."""
    return next(field for field in operation.fields if field.source is Mode.IMAGE)


def title_of(operation: Operation) -> str:
    """What the operation does to a picture: engines are called by who made them."""
    return "Edit with Prompt" if operation.group is Group.IMAGE else operation.label


def image_tool_items() -> list[tuple[str, str, str]]:
    """What changes a picture, as the items of an enumeration."""
    return [(tool.name, tool.label, tool.summary) for tool in picture_operations()]


class STUDIO3D_OT_edit_image(SpendingOperator):
    bl_idname = ids.OperatorId.EDIT_IMAGE
    bl_label = "Send Image to Tool…"
    bl_description = (
        "Choose a tool of the service for the image of this editor, or of the active empty, and "
        "see what it costs"
    )
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

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Where there is a scene; a picture may be named, and else has to be at hand."""
        if context.scene is None:
            cls.poll_message_set(translate("There is no scene here"))
        return context.scene is not None

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self.clicked = True
        if self.agree_to_unknown_price:
            return self.execute(context)
        if not self._begin(context):
            return {"CANCELLED"}
        return window_manager_of(context).invoke_props_dialog(
            self, width=DIALOG_WIDTH, title=translate(title_of(get(self.tool))), confirm_text="Send"
        )

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        draft = self._draft(context)
        pictures = interface_state_of(context).pictures
        blocker = preflight.find_blocker(snapshot.current(), account.online(), draft)
        layout = layout_of(self)
        draw_notice(layout, context, blocker)
        column = settings_layout(layout)
        column.prop(self, "tool")
        sources, common, advanced = sort_fields(draft)
        fields = [*sources, *common, *advanced]
        draw_fields(column, context, settings, draft, fields, pictures)
        draw_price(layout, context, snapshot.current(), draft.estimate(), blocker)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        if not self._is_begun and not self._begin(context):
            return {"CANCELLED"}
        draft = self._draft(context)
        blocker = preflight.find_blocker(snapshot.current(), account.online(), draft)
        if blocker is not None:
            self.report({"WARNING"}, translate(blocker.message))
            return {"CANCELLED"}
        return place_order(self, context, draft, names.of_file(self._name))

    def _begin(self, context: bpy.types.Context) -> bool:
        """Let the dialog start from the picture and no other; reports trouble."""
        try:
            path = Path(self.location) if self.location else file_of_image_at_hand(context)
        except (PictureFailed, OSError) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return False
        if self.location:
            self._name = name_of(snapshot.current(), self.location) or path.stem
        else:
            self._name = present(image_in(context), "picture").name
        pictures = interface_state_of(context).pictures
        for operation in picture_operations():
            field = start_of(operation)
            single = field.kind is Kind.IMAGE
            first, *others = (rna_name(field.name),) if single else slot_names(field)
            setattr(pictures, first, str(path))
            for name in others:
                setattr(pictures, name, "")
        self._is_begun = True
        return True

    def _draft(self, context: bpy.types.Context) -> Draft:
        """The tool's settings as the Image panel has them, but for what they start from."""
        pictures = interface_state_of(context).pictures
        return draft_of(settings_of(context), get(self.tool), Mode.IMAGE, pictures)


CLASSES = (STUDIO3D_OT_edit_image,)
