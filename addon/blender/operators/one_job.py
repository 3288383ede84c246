"""What every operator on one job of the list shares."""

from typing import TYPE_CHECKING

import bpy
from bpy.props import StringProperty


class OneJobOperator(bpy.types.Operator):
    """Base; ``job_id`` is the id in the store."""

    if TYPE_CHECKING:
        job_id: str
    else:
        job_id: StringProperty(name="Job", options={"HIDDEN", "SKIP_SAVE"})
