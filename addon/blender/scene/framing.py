"""Moving the view to objects."""

import bpy


def frame_selected(context: bpy.types.Context) -> bool:
    """Frame the selection in the window's 3D viewport, if there is one; tells whether."""
    window = context.window
    if window is None or bpy.app.background:
        return False
    areas = [context.area, *window.screen.areas]
    area = next((area for area in areas if area is not None and area.type == "VIEW_3D"), None)
    if area is None:
        return False
    region = next(region for region in area.regions if region.type == "WINDOW")
    with context.temp_override(window=window, area=area, region=region):
        bpy.ops.view3d.view_selected()
    return True
