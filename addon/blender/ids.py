"""Every identifier this extension registers in Blender, in one place."""

from enum import StrEnum
from typing import Final

from .. import __package__ as _root_package

BASE_PACKAGE: Final[str] = str(_root_package)
"""Name of the installed package, ``bl_ext.<repository>.studio3d`` when it is an extension."""

EXTENSION: Final = "studio3d"
"""Id of the extension, prefix of its operators and name of ``Scene.studio3d``."""

TAB: Final = "3D AI Studio"
"""Sidebar tab of the 3D viewport, and name of the parent collection of placed results."""


class OperatorId(StrEnum):
    """``bl_idname`` of every operator."""

    WATCH = "studio3d.watch"
    PLACE = "studio3d.place"
    FRAME = "studio3d.frame"
    GENERATE = "studio3d.generate"
    CANCEL = "studio3d.cancel"
    RETRY = "studio3d.retry"
    REMOVE = "studio3d.remove"


class PanelId(StrEnum):
    """``bl_idname`` of every panel."""

    GENERATE = "STUDIO3D_PT_generate"
    JOBS = "STUDIO3D_PT_jobs"


class ListId(StrEnum):
    """``bl_idname`` of every UI list."""

    JOBS = "STUDIO3D_UL_jobs"
