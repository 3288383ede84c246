"""Blender's own enumerations as types for annotations; at run time they are plain texts."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import IconItems as Icon
    from bpy.stub_internal.rna_enums import OperatorReturnItems as OperatorReturn
else:
    Icon = str
    OperatorReturn = str

__all__ = ["Icon", "OperatorReturn"]
