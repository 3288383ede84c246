"""One operator of ours that has another do something."""

from typing import Any

import bpy

from ..core import ids
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..model import failure


def have_done(
    caller: bpy.types.Operator, operator_id: str, *how: Any, **given: Any
) -> set[OperatorReturn]:
    """Call it. What it reports as an error is the caller's, not a traceback of it."""
    try:
        ended: set[OperatorReturn] = ids.operator(operator_id)(*how, **given)
    except RuntimeError as error:
        caller.report({"ERROR"}, translate(failure.reported(error)))
        return {"CANCELLED"}
    return ended
