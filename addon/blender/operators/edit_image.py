"""A tool for pictures as a dialog, for the image at hand."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import EnumProperty, StringProperty

from ...catalog import Group, Kind, Mode, get, operations
from ...catalog.messages import error_message
from ..core import account, ids, paths
from ..core.access import layout_of, present, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import preflight
from ..scene import pictures
from ..scene.pictures import PictureFailed, image_in
from ..settings.draft import Draft, make_draft
from ..settings.properties import SceneSettings, draft_of, settings_of
from ..snapshot import snapshot
from ..widgets.base import settings_layout
from ..widgets.order_form import draw_fields, draw_notice, draw_price, sort_fields
from ..widgets.text import DIALOG_WIDTH
from .ordering import SpendingOperator, place_order
from .tool_words import chosen_tool, tool_description
from .trouble import tells_trouble


def image_tool_items() -> list[tuple[str, str, str]]:
    """The tools for pictures as the items of an enumeration."""
    return [(tool.name, tool.label, tool.summary) for tool in operations(Group.IMAGE_TOOL)]


class STUDIO3D_OT_edit_image(SpendingOperator):
    bl_idname = ids.OperatorId.EDIT_IMAGE
    bl_label = "Send Image to Tool"
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

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        return tool_description(cls, chosen_tool(properties))

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if image_in(context) is None:
            cls.poll_message_set(translate("There is no image here"))
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        if self.agree_to_unknown_price:
            return self.execute(context)
        if not self._find(context):
            return {"CANCELLED"}
        return window_manager_of(context).invoke_props_dialog(
            self, width=DIALOG_WIDTH, title=get(self.tool).label, confirm_text="Send"
        )

    def draw(self, context: bpy.types.Context) -> None:
        settings = settings_of(context)
        draft = self._draft(settings)
        blocker = preflight.find_blocker(snapshot.current(), account.online(), draft)
        layout = layout_of(self)
        draw_notice(layout, context, blocker)
        image = image_in(context)
        if image is not None:
            layout.label(text=image.name, icon="IMAGE_DATA", translate=False)
        column = settings_layout(layout)
        column.prop(self, "tool")
        _, common, advanced = sort_fields(draft)
        draw_fields(column, context, settings, draft, [*common, *advanced])
        draw_price(layout, context, snapshot.current(), draft.estimate(), blocker)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        if not self.location and not self._find(context):
            return {"CANCELLED"}
        draft = self._draft(settings_of(context))
        blocker = preflight.find_blocker(snapshot.current(), account.online(), draft)
        if blocker is not None:
            self.report({"WARNING"}, translate(blocker.message))
            return {"CANCELLED"}
        image = present(image_in(context), "picture")
        return place_order(self, context, draft, image.name)

    def _find(self, context: bpy.types.Context) -> bool:
        """Put the image's file, or that of a copy, into ``location``; reports trouble."""
        image = present(image_in(context), "picture")
        try:
            path = pictures.own_file(image)
            path = path or pictures.write_image(image, paths.new_picture(image.name))
        except (PictureFailed, OSError) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return False
        self.location = str(path)
        return True

    def _draft(self, settings: SceneSettings) -> Draft:
        """The tool's settings as the Image panel has them, but for the picture."""
        operation = get(self.tool)
        values = dict(draft_of(settings, operation, Mode.IMAGE).values)
        source = next(field for field in operation.fields if field.source is Mode.IMAGE)
        values[source.name] = self.location if source.kind is Kind.IMAGE else (self.location,)
        return make_draft(operation, Mode.IMAGE, values)


CLASSES = (STUDIO3D_OT_edit_image,)
