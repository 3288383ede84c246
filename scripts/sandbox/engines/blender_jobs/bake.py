"""Colours and fine relief of one model baked onto another with Cycles."""

from typing import Any

import bpy

from . import scenes

Refused = scenes.Refused

_REACH = 0.04


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Bake the GLB ``original`` onto the GLB ``retopo``; ``size`` is the textures' side.

    Writes the model to ``target`` and its textures to the PNG files ``colour`` and ``normal``.
    The answer's ``unwrapped`` says that the retopo had no UVs and got new ones.
    """
    scenes.start_empty()
    originals = scenes.import_model(request["original"])
    scenes.show_colours(originals)
    shells = scenes.import_model(request["retopo"])
    scenes.select_only(shells)
    if len(shells) > 1:
        bpy.ops.object.join()
    shell = shells[0]
    unwrapped = _unwrap(shell)
    for material in bpy.data.materials:
        _emit_base_colour(material)
    _set_up(originals, shell)
    nodes = _new_material(shell)
    margin = max(4, request["size"] // 128)
    colour = _target(nodes, request["colour"], request["size"])
    bpy.ops.object.bake(type="EMIT", margin=margin)
    colour.save()
    normal = _target(nodes, request["normal"], request["size"], is_data=True)
    bpy.ops.object.bake(type="NORMAL", margin=margin)
    normal.save()
    for original in originals:
        bpy.data.objects.remove(original)
    scenes.export_glb(request["target"])
    return {"unwrapped": unwrapped}


def _unwrap(shell: bpy.types.Object) -> bool:
    data: Any = shell.data
    if data.uv_layers:
        return False
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.uv.smart_project(island_margin=0.01)
    bpy.ops.object.mode_set(mode="OBJECT")
    return True


def _emit_base_colour(material: bpy.types.Material) -> None:
    """Plain colours without light, which a bake of diffuse light would lose on metals."""
    tree: Any = material.node_tree
    shader = tree and tree.nodes.get("Principled BSDF")
    output = tree and tree.nodes.get("Material Output")
    if not shader or not output:
        return
    emission = tree.nodes.new("ShaderNodeEmission")
    base = shader.inputs["Base Color"]
    emission.inputs["Color"].default_value = base.default_value
    if base.is_linked:
        tree.links.new(base.links[0].from_socket, emission.inputs["Color"])
    tree.links.new(emission.outputs["Emission"], output.inputs["Surface"])


def _set_up(originals: list[bpy.types.Object], shell: bpy.types.Object) -> None:
    scene: Any = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = 1
    scene.render.bake.use_selected_to_active = True
    reach = max(shell.dimensions.x, shell.dimensions.y, shell.dimensions.z) * _REACH
    scene.render.bake.cage_extrusion = reach
    scene.render.bake.max_ray_distance = 2 * reach
    scenes.select_only([shell, *originals])


def _new_material(shell: bpy.types.Object) -> Any:
    """An empty material on the whole shell; its nodes."""
    data: Any = shell.data
    material = bpy.data.materials.new("baked")
    material.use_nodes = True
    data.materials.clear()
    data.materials.append(material)
    tree: Any = material.node_tree
    return tree.nodes


def _target(nodes: Any, path: str, size: int, *, is_data: bool = False) -> bpy.types.Image:
    """A new picture that the next bake fills."""
    image = bpy.data.images.new("baked", size, size, is_data=is_data)
    image.filepath_raw = path
    node = nodes.new("ShaderNodeTexImage")
    node.image = image
    nodes.active = node
    return image
