"""From a picture to a model: the dialog that makes one starts from it."""

from pathlib import Path
from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty

from ...catalog import Mode
from ...catalog.messages import error_message
from ..core import ids, paths
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import clean_up
from ..scene import pictures
from ..settings.properties import VIEWS_GROUP, settings_of
from .nested import have_done


class _StartFromPicture(bpy.types.Operator):
    """Base of the ways to name the picture; by mouse they go on to the dialog, which orders."""

    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        filepath: str
    else:
        filepath: StringProperty(subtype="FILE_PATH", options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        ended = self.execute(context)
        if "FINISHED" in ended:
            have_done(self, ids.OperatorId.GENERATE_DIALOG, "INVOKE_DEFAULT")
        return ended

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        try:
            path = self.find(context)
        except (pictures.PictureFailed, OSError) as error:
            self.report({"WARNING"}, translate(error_message(error)))
            return {"CANCELLED"}
        if not pictures.is_picture_file(path):
            self.report({"WARNING"}, translate("There is no picture {path}", path=path))
            return {"CANCELLED"}
        self.start_from(context, path)
        clean_up.note_open_file(bpy.data.filepath)
        self.report({"INFO"}, translate("Generate starts from {name} now", name=path.name))
        return {"FINISHED"}

    def find(self, context: bpy.types.Context) -> Path:
        """The file that is named, else of the image at hand; raises PictureFailed, OSError."""
        return Path(self.filepath) if self.filepath else file_of_image_at_hand(context)

    def start_from(self, context: bpy.types.Context, path: Path) -> None:
        """Let Generate start from that file."""
        settings = settings_of(context)
        settings.mode = Mode.IMAGE.value
        settings.image = str(path)


def file_of_image_at_hand(context: bpy.types.Context) -> Path:
    """The file of the image that is shown, or of a copy; raises PictureFailed, OSError."""
    image = pictures.image_in(context)
    if image is None:
        raise pictures.PictureFailed("There is no image here")
    path = pictures.own_file(image)
    return path or pictures.write_image(image, paths.new_picture(image.name))


class STUDIO3D_OT_use_picture(_StartFromPicture):
    bl_idname = ids.OperatorId.USE_PICTURE
    bl_label = "Use for 3D"
    bl_description = "Make a model from this picture: choose an engine, and see what it costs"

    def find(self, context: bpy.types.Context) -> Path:
        return Path(self.filepath)


class STUDIO3D_OT_drop_picture(_StartFromPicture):
    """The same under the name that a drop is offered by."""

    bl_idname = ids.OperatorId.DROP_PICTURE
    bl_label = "Generate 3D from Image"
    bl_description = (
        "Make a model from the dropped picture: choose an engine, and see what it costs"
    )

    def find(self, context: bpy.types.Context) -> Path:
        return Path(self.filepath)


class STUDIO3D_OT_use_image(_StartFromPicture):
    bl_idname = ids.OperatorId.USE_IMAGE
    bl_label = "Generate 3D from Image"
    bl_description = (
        "Make a model from the image of this editor, or of the active empty; an image without a "
        "file is saved as a copy"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if pictures.image_in(context) is None:
            cls.poll_message_set(translate("There is no image here"))
            return False
        return True

    def find(self, context: bpy.types.Context) -> Path:
        return file_of_image_at_hand(context)


class STUDIO3D_OT_use_as_view(_StartFromPicture):
    bl_idname = ids.OperatorId.USE_AS_VIEW
    bl_label = "Use as View"
    bl_description = (
        "Make a model from pictures of several sides: this is one of them, the dialog asks for the "
        "others"
    )

    if TYPE_CHECKING:
        view: str
    else:
        view: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        if self.view not in VIEWS_GROUP.__annotations__:
            self.report({"WARNING"}, translate("There is no view {view}", view=self.view))
            return {"CANCELLED"}
        return super().execute(context)

    def start_from(self, context: bpy.types.Context, path: Path) -> None:
        settings = settings_of(context)
        settings.mode = Mode.MULTI_VIEW.value
        setattr(settings.views, self.view, str(path))


CLASSES = (
    STUDIO3D_OT_use_picture,
    STUDIO3D_OT_drop_picture,
    STUDIO3D_OT_use_image,
    STUDIO3D_OT_use_as_view,
)
