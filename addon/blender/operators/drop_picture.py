"""Pictures dropped onto a viewport or its sidebar can become what the Generate panel starts from.

Blender's own drop of a picture, which makes a reference, is a file handler as well: where several
take a file, Blender lets the user choose from a menu.
"""

import bpy

from ...service.picture_types import TAKEN
from ..core import ids


class STUDIO3D_FH_picture(bpy.types.FileHandler):
    bl_idname = "STUDIO3D_FH_picture"
    bl_label = "Generate 3D from Image"
    bl_import_operator = ids.OperatorId.DROP_PICTURE
    bl_file_extensions = ";".join(sorted(TAKEN))

    @classmethod
    def poll_drop(cls, context: bpy.types.Context | None) -> bool:
        """In any part of a 3D viewport."""
        area = None if context is None else context.area
        return area is not None and area.type == "VIEW_3D"


CLASSES = (STUDIO3D_FH_picture,)
