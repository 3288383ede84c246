"""Ordering what the Generate panel, the Image panel and the panels of groups ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ...catalog import Group
from ..core import ids
from ..settings.panel_drafts import group_action, group_draft, picture_draft
from ..settings.properties import SceneSettings, generate_draft, generate_drafts, panel_groups
from .ordering import OrderOperator

if TYPE_CHECKING:
    from ..settings.draft import Draft


class STUDIO3D_OT_generate(OrderOperator):
    bl_idname = ids.OperatorId.GENERATE
    bl_label = "Generate"
    bl_description = "Send the request to the service; the result is placed when it is ready"

    @classmethod
    def draft(cls, settings: SceneSettings) -> Draft:
        return generate_draft(settings)

    @classmethod
    def drafts(cls, settings: SceneSettings) -> tuple[Draft, ...]:
        return generate_drafts(settings)


class STUDIO3D_OT_generate_picture(OrderOperator):
    bl_idname = ids.OperatorId.GENERATE_PICTURE
    bl_label = "Generate Image"
    bl_description = (
        "Send the request to the service; the pictures appear below when they are ready"
    )

    @classmethod
    def draft(cls, settings: SceneSettings) -> Draft:
        return picture_draft(settings)


class _GroupOrder(OrderOperator):
    bl_description = STUDIO3D_OT_generate.bl_description
    group: ClassVar[Group]

    @classmethod
    def draft(cls, settings: SceneSettings) -> Draft:
        return group_draft(settings, cls.group)

    @classmethod
    def action(cls, draft: Draft) -> str:
        return draft.operation.action


def _made(group: Group) -> type[_GroupOrder]:
    name = ids.of_group(group).order
    named = {"bl_idname": name, "bl_label": group_action(group)}
    return type(
        ids.rna_name(name), (_GroupOrder,), {**named, "group": group, "__module__": __name__}
    )


CLASSES = (
    STUDIO3D_OT_generate,
    STUDIO3D_OT_generate_picture,
    *(_made(group) for group in panel_groups()),
)
