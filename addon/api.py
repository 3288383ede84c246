"""The scripting interface under its public name; see ``docs/scripting.md``.

::

    from bl_ext.user_default.studio3d import api

    job = api.submit("tencent-rapid", prompt="a wooden chair")
    (chair,) = api.wait(job)
    objects = api.place(job)
"""

from .blender.scripting.api import (
    Failed,
    InvalidRequest,
    Result,
    UnknownOperation,
    estimate,
    place,
    recipes,
    result,
    submit,
    submit_all,
    wait,
)

__all__ = [
    "Failed",
    "InvalidRequest",
    "Result",
    "UnknownOperation",
    "estimate",
    "place",
    "recipes",
    "result",
    "submit",
    "submit_all",
    "wait",
]
