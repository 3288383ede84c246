"""Asking the service for the balance, which also shows that key and address work."""

import bpy

from ..core import account, ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import worker_link
from ..snapshot import snapshot


class STUDIO3D_OT_check_connection(bpy.types.Operator):
    bl_idname = ids.OperatorId.CHECK_CONNECTION
    bl_label = "Test Connection"
    bl_description = "Ask the service for the balance, with the key and address in use"
    bl_options = {"INTERNAL"}

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if not snapshot.current().key_source:
            cls.poll_message_set(translate("An API key of 3D AI Studio is needed"))
            return False
        online = account.online()
        if not online.allowed:
            cls.poll_message_set(translate(online.reason))
        return online.allowed

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        worker_link.check_connection(context)
        return {"FINISHED"}


CLASSES = (STUDIO3D_OT_check_connection,)
