"""What the service offers, declared once.

Sidebar, command line, batch files, validation, prices and reference documents are all derived
from the declarations in ``declared``. Nothing here does I/O or knows Blender.

What is named here is loaded when it is first asked for: many programs need little of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .asset_types import AssetType
    from .conditions import Settings
    from .fields import Choice, Field
    from .group import Group
    from .kinds import Kind
    from .operation import Operation, Outcome
    from .prices import Estimate, PriceLine
    from .registry import UnknownOperation, get, groups, operations
    from .request import (
        Request,
        WireRequest,
        build_request,
        encode,
        estimate,
        estimate_settings,
    )
    from .validation import InvalidRequest, Problem
    from .values import Mode, Value, Values

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

_NAMES = {
    "asset_types": ("AssetType",),
    "conditions": ("Settings",),
    "fields": ("Choice", "Field"),
    "group": ("Group",),
    "kinds": ("Kind",),
    "operation": ("Operation", "Outcome"),
    "prices": ("Estimate", "PriceLine"),
    "registry": ("UnknownOperation", "get", "groups", "operations"),
    "request": (
        *("Request", "WireRequest"),
        *("build_request", "encode", "estimate", "estimate_settings"),
    ),
    "validation": ("InvalidRequest", "Problem"),
    "values": ("Mode", "Value", "Values"),
}
"""By the module that has them."""
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(name)
    found = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = found
    return found
