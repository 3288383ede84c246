"""Fewer triangles by Blender's Decimate modifier, which keeps UVs and their seams."""

from typing import Any

import bpy

from . import scenes

Refused = scenes.Refused


def run(request: dict[str, Any]) -> dict[str, Any]:
    """``source`` and ``target`` are GLB paths, ``ratio`` is the share of triangles to keep."""
    scenes.start_empty()
    for body in scenes.import_model(request["source"], merge=True):
        scenes.select_only([body])
        # The imported normals belong to vertices that are about to go.
        bpy.ops.mesh.customdata_custom_splitnormals_clear()
        modifier = body.modifiers.new("Decimate", "DECIMATE")
        if isinstance(modifier, bpy.types.DecimateModifier):
            modifier.ratio = request["ratio"]
    scenes.export_glb(request["target"], apply_modifiers=True)
    return {}
