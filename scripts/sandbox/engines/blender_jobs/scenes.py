"""Empty scenes, imports and exports that are the same for every job."""

from pathlib import Path
from typing import Any

import bpy


class Refused(Exception):
    """The input cannot be worked on; the text is for the user."""


def start_empty() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)


def import_model(path: str, *, merge: bool = False) -> list[bpy.types.Object]:
    """Bring a GLB, FBX or OBJ file into the scene; the new mesh objects.

    ``merge`` joins the vertices that glTF splits at UV seams and hard edges.
    """
    before = set(bpy.data.objects)
    try:
        match Path(path).suffix:
            case ".fbx":
                _import_fbx(path)
            case ".obj":
                bpy.ops.wm.obj_import(filepath=path)
            case _:
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


def show_colours(meshes: list[bpy.types.Object]) -> bool:
    """Make colours that no material mentions visible; whether vertex colours are all there is.

    Blender 4 imports vertex colours without a material, and every version leaves plain
    colours out of the viewport's.
    """
    for material in bpy.data.materials:
        shader: Any = material.node_tree and material.node_tree.nodes.get("Principled BSDF")
        if shader and not shader.inputs["Base Color"].is_linked:
            material.diffuse_color = shader.inputs["Base Color"].default_value
    painted = [mesh for mesh in meshes if _has_vertex_colours(mesh)]
    for mesh in painted:
        _show_vertex_colours(mesh)
    return len(painted) == len(meshes) and not any(image.users for image in bpy.data.images)


def _has_vertex_colours(mesh: bpy.types.Object) -> bool:
    data = mesh.data
    return isinstance(data, bpy.types.Mesh) and data.color_attributes.active_color is not None


def _show_vertex_colours(mesh: bpy.types.Object) -> None:
    data: Any = mesh.data
    # Workbench shows the attribute marked for rendering, which an import leaves unmarked.
    data.color_attributes.render_color_index = data.color_attributes.active_color_index
    # Newer importers already made such a material.
    if any(data.materials):
        return
    material = bpy.data.materials.new("vertex colours")
    material.use_nodes = True
    tree: Any = material.node_tree
    colour = tree.nodes.new("ShaderNodeVertexColor")
    colour.layer_name = data.color_attributes.active_color.name
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = 0.8
    tree.links.new(colour.outputs["Color"], shader.inputs["Base Color"])
    data.materials.clear()
    data.materials.append(material)
