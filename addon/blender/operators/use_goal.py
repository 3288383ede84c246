"""Setting the Generate panel up for what the model is to be used for."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import EnumProperty

from ...catalog import Mode
from ...catalog.goals import GOALS, Goal
from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..settings import goals
from ..settings.properties import settings_of
from ..snapshot.redraw import redraw


class STUDIO3D_OT_use_goal(bpy.types.Operator):
    bl_idname = ids.OperatorId.USE_GOAL
    bl_label = "Use Settings For"
    bl_description = "Choose an engine and its settings by what the model is for"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    if TYPE_CHECKING:
        goal: str
    else:
        goal: EnumProperty(
            name="Goal",
            description="What the model is for",
            items=[(goal.name, goal.label, goal.sentence) for goal in GOALS],
            options={"SKIP_SAVE"},
        )

    @classmethod
    def description(
        cls, _context: bpy.types.Context, properties: bpy.types.OperatorProperties
    ) -> str:
        return translate(_goals()[str(properties.goal)].sentence)

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        settings = settings_of(context)
        goal = _goals()[self.goal]
        way = goals.way_to(goal, Mode(settings.mode))
        if way is None:
            self.report({"WARNING"}, "No engine does that from what the panel starts from")
            return {"CANCELLED"}
        goals.use(settings, way)
        redraw()  # Blender does not for what a script sets
        words = translate(
            "{goal}: {engine}", goal=translate(goal.label), engine=translate(way.operation.label)
        )
        self.report({"INFO"}, words)
        return {"FINISHED"}


def _goals() -> dict[str, Goal]:
    return {goal.name: goal for goal in GOALS}


CLASSES = (STUDIO3D_OT_use_goal,)
