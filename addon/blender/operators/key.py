"""Forgetting the API key. Entering one is the preferences' own field."""

import bpy

from ...catalog.messages import Message
from ..core import ids
from ..core.access import window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..settings import key_entry
from ..snapshot import snapshot


class STUDIO3D_OT_forget_key(bpy.types.Operator):
    bl_idname = ids.OperatorId.FORGET_KEY
    bl_label = "Forget Key…"
    bl_description = (
        "Delete the extension's key file; a key in the environment or a .env file stays in use"
    )
    bl_options = {"INTERNAL"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        return window_manager_of(context).invoke_confirm(
            self, event, title="Forget the API Key?", confirm_text="Forget"
        )

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        if not key_entry.forget():
            self.report({"INFO"}, "There is no key file to delete")
        elif snapshot.current().key_source:
            self.report(
                {"INFO"},
                translate("Still in use: {source}", source=Message(snapshot.current().key_source)),
            )
        else:
            self.report({"INFO"}, "The API key is forgotten")
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_forget_key,)
