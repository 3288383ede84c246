"""Empty scenes, imports and exports that are the same for every job."""

from pathlib import Path

import bpy


class Refused(Exception):
    """The input cannot be worked on; the text is for the user."""


def start_empty() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)


def import_model(path: str, *, merge: bool = False) -> list[bpy.types.Object]:
    """Bring a GLB or FBX file into the scene; the new mesh objects.

    ``merge`` joins the vertices that glTF splits at UV seams and hard edges.
    """
    before = set(bpy.data.objects)
    try:
        if Path(path).suffix.lower() == ".fbx":
            _import_fbx(path)
        else:
            bpy.ops.import_scene.gltf(filepath=path, merge_vertices=merge)
    except RuntimeError as error:
        raise Refused(f"Blender could not read {Path(path).name}: {error}") from error
    meshes = [o for o in bpy.data.objects if o not in before and o.type == "MESH"]
    if not meshes:
        raise Refused(f"{Path(path).name} holds no mesh.")
    return meshes


def _import_fbx(path: str) -> None:
    # The importer written in C++ came with Blender 4.5; the older one is Python.
    if hasattr(bpy.types, "WM_OT_fbx_import"):
        bpy.ops.wm.fbx_import(filepath=path)
    else:
        bpy.ops.import_scene.fbx(filepath=path)


def export_glb(path: str, *, apply_modifiers: bool = False) -> None:
    bpy.ops.export_scene.gltf(filepath=path, export_format="GLB", export_apply=apply_modifiers)


def select_only(objects: list[bpy.types.Object]) -> None:
    """Make ``objects`` the selection and the first of them the active one."""
    for other in bpy.data.objects:
        other.select_set(other in objects)
    layer = bpy.context.view_layer
    if layer is not None:
        layer.objects.active = objects[0]
