"""From a picture to a model: put it where the Generate panel starts from."""

from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ...catalog import Mode
from ...catalog.messages import error_message
from ..core import ids, paths
from ..core.access import present
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import clean_up
from ..scene import pictures
from ..scene.pictures import PictureFailed
from ..settings.properties import settings_of


class _StartFromPicture(bpy.types.Operator):
    """Base of the ways to name the picture."""

    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def start_from(self, context: bpy.types.Context, path: Path) -> set[OperatorReturn]:
        """Let the Generate panel start from that file."""
        if not pictures.is_picture_file(path):
            self.report({"WARNING"}, translate("There is no picture {path}", path=path))
            return {"CANCELLED"}
        settings = settings_of(context)
        settings.mode = Mode.IMAGE.value
        settings.image = str(path)
        clean_up.note_open_file(bpy.data.filepath)
        self.report({"INFO"}, translate("Generate starts from {name} now", name=path.name))
        return {"FINISHED"}


class STUDIO3D_OT_use_picture(_StartFromPicture):
    bl_idname = ids.OperatorId.USE_PICTURE
    bl_label = "Use for 3D"
    bl_description = "Make this picture what the Generate panel starts from"

    if TYPE_CHECKING:
        filepath: str
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        return self.start_from(context, Path(self.filepath))


class STUDIO3D_OT_drop_picture(_StartFromPicture):
    """The same under the name that a drop is offered by."""

    bl_idname = ids.OperatorId.DROP_PICTURE
    bl_label = "Generate 3D from Image"
    bl_description = "Make the dropped picture what the Generate panel starts from"

    if TYPE_CHECKING:
        filepath: str
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        return self.start_from(context, Path(self.filepath))


class STUDIO3D_OT_use_image(_StartFromPicture):
    bl_idname = ids.OperatorId.USE_IMAGE
    bl_label = "Generate 3D from Image"
    bl_description = (
        "Make the image of this editor, or of the active empty, what the Generate panel starts "
        "from; an image without a file is saved as a copy"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if pictures.image_in(context) is None:
            cls.poll_message_set(translate("There is no image here"))
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        image = present(pictures.image_in(context), "picture")
        try:
            path = pictures.own_file(image)
            path = path or pictures.write_image(image, paths.new_picture(image.name))
        except (PictureFailed, OSError) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        return self.start_from(context, path)


CLASSES = (STUDIO3D_OT_use_picture, STUDIO3D_OT_drop_picture, STUDIO3D_OT_use_image)
