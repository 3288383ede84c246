"""What the service offers, declared once.

Sidebar, command line, batch files, validation, prices and reference documents are all derived
from the declarations in ``operations``. Nothing here does I/O or knows Blender.
"""

from .conditions import Mode, Settings, Value, Values
from .fields import Choice, Field, Kind
from .group import Group
from .operation import AssetType, Operation, Outcome
from .prices import Estimate, PriceLine
from .registry import UnknownOperation, get, groups, operations
from .request import (
    InvalidRequest,
    Problem,
    Request,
    WireRequest,
    build_request,
    encode,
    estimate,
    estimate_settings,
)

__all__ = [
    "AssetType",
    "Choice",
    "Estimate",
    "Field",
    "Group",
    "InvalidRequest",
    "Kind",
    "Mode",
    "Operation",
    "Outcome",
    "PriceLine",
    "Problem",
    "Request",
    "Settings",
    "UnknownOperation",
    "Value",
    "Values",
    "WireRequest",
    "build_request",
    "encode",
    "estimate",
    "estimate_settings",
    "get",
    "groups",
    "operations",
]
