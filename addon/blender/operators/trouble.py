"""Trouble every button can meet, told in words instead of as a traceback."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import bpy

from ...jobs.errors import IllegalTransition, UnknownJob
from ...service.errors import ServiceError
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import submission
from .agree import ask_to_agree

Self = TypeVar("Self", bound=bpy.types.Operator)
Execute = Callable[[Self, bpy.types.Context], set[OperatorReturn]]


def tells_trouble(execute: Execute[Self]) -> Execute[Self]:
    """Make an operator's ``execute`` report a busy or unusable job list and cancel.

    A job can be gone or further than the sidebar shows: another Blender or the worker was faster.
    What nobody has agreed to pay is asked for, and then ordered by the operator once more.
    """

    @wraps(execute)
    def telling(self: Any, context: bpy.types.Context) -> set[OperatorReturn]:
        try:
            return execute(self, context)
        except ServiceError as error:
            self.report({"ERROR"}, translate(error.message, error.hint))
        except UnknownJob:
            self.report({"WARNING"}, "The job is no longer in the list")
        except IllegalTransition:
            self.report({"WARNING"}, "The job has moved on meanwhile")
        except submission.PriceUnknown as unknown:
            ask_to_agree(self, unknown.price)
        return {"CANCELLED"}

    return telling
