"""What this extension is, which version of it, and what its makers need to know of a fault."""

from typing import Final

import bpy

from ...service import changelog
from ...service import version as versions
from ...service.changelog import Channel
from ..core import ids, manual
from ..core.access import call_with, layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..runtime import diagnostics, news
from ..widgets import news as news_rows
from ..widgets.text import DIALOG_WIDTH, paragraph

CHANNELS: Final = {
    Channel.STABLE: "Stable version",
    Channel.LATEST: "Latest channel: tried before it becomes a stable version",
    Channel.DEVELOPMENT: "Made from the sources, between two versions",
}


class STUDIO3D_OT_about(bpy.types.Operator):
    bl_idname = ids.OperatorId.ABOUT
    bl_label = "About 3D AI Studio"
    bl_description = "Show the version, what is new in it, and copy what a report of a fault needs"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        changelog.shipped()  # read now, and kept for drawing
        news.told()
        return window_manager_of(context).invoke_popup(self, width=DIALOG_WIDTH)

    def draw(self, context: bpy.types.Context) -> None:
        layout = layout_of(self)
        title = layout.column(align=True)
        title.label(text=f"{ids.TAB} {versions.version()}", icon="INFO", translate=False)
        kind = changelog.channel(versions.version(), changelog.shipped())
        paragraph(title, context, CHANNELS[kind], icon="BLANK1")
        paragraph(
            title,
            context,
            "Independent of the service's provider. Free software, GPL-3.0-or-later.",
            icon="BLANK1",
        )
        layout.separator(type="LINE")
        layout.label(text="What Is New")
        news_rows.draw_what_is_new(layout, context, news.what_is_new())
        layout.separator(type="LINE")
        column = layout.column(align=True)
        column.operator(ids.OperatorId.COPY_DIAGNOSTICS, icon="COPYDOWN")
        if manual.start():
            call_with(
                column.operator("wm.url_open", text="Open the Manual", icon="HELP"),
                url=manual.start(),
            )

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        return {"FINISHED"}


class STUDIO3D_OT_copy_diagnostics(bpy.types.Operator):
    bl_idname = ids.OperatorId.COPY_DIAGNOSTICS
    bl_label = "Copy Diagnostics"
    bl_description = (
        "Copy versions, settings, failures and the end of the log as text for a report: no key, no "
        "names, no prompts"
    )

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        window_manager_of(context).clipboard = diagnostics.report()
        self.report({"INFO"}, "Copied: paste it into the report, and read it before you send it")
        return {"FINISHED"}


class STUDIO3D_OT_hide_update(bpy.types.Operator):
    bl_idname = ids.OperatorId.HIDE_UPDATE
    bl_label = "Hide"
    bl_description = "Say no more that the extension was updated"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        news.told()
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_about, STUDIO3D_OT_copy_diagnostics, STUDIO3D_OT_hide_update)
