"""Ordering what the Generate, Image and Miniature panels ask for."""

from .. import ids
from ..draft import Draft
from ..panel_drafts import miniature_draft, picture_draft
from ..properties import SceneSettings, generate_draft
from .ordering import OrderOperator


class STUDIO3D_OT_generate(OrderOperator):
    bl_idname = ids.OperatorId.GENERATE
    bl_label = "Generate"
    bl_description = "Send the request to the service; the result is placed when it is ready"

    @classmethod
    def draft(cls, settings: SceneSettings) -> Draft:
        return generate_draft(settings)


class STUDIO3D_OT_generate_picture(OrderOperator):
    bl_idname = ids.OperatorId.GENERATE_PICTURE
    bl_label = "Generate Image"
    bl_description = (
        "Send the request to the service; the pictures appear below when they are ready"
    )

    @classmethod
    def draft(cls, settings: SceneSettings) -> Draft:
        return picture_draft(settings)


class STUDIO3D_OT_make_miniature(OrderOperator):
    bl_idname = ids.OperatorId.MAKE_MINIATURE
    bl_label = "Make Miniature"
    bl_description = "Send the photo to the service; the figurine is placed when it is ready"

    @classmethod
    def draft(cls, settings: SceneSettings) -> Draft:
        return miniature_draft(settings)


CLASSES = (STUDIO3D_OT_generate, STUDIO3D_OT_generate_picture, STUDIO3D_OT_make_miniature)
