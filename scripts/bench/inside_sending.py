"""Inside Blender, with the extension installed: what sending the selection out takes.

``inside_sending.py -- request.json``; it names ``archive``, ``folder``, ``triangles``, ``texture``,
``runs`` and ``answer``.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
import numpy as np

context: Any = bpy.context
data: Any = bpy.data
ops: Any = bpy.ops

MODULE = "bl_ext.user_default.studio3d"


def times_of(act: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each; the first is not counted."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return times[1:]


def make_model(triangles: int, side: int) -> None:
    """A textured, bumpy sheet of about that many triangles, alone in the scene."""
    clear()
    steps = round((triangles / 2) ** 0.5)
    ops.mesh.primitive_grid_add(x_subdivisions=steps, y_subdivisions=steps, size=2)
    obj = context.object
    count = len(obj.data.vertices)
    points = np.empty(count * 3, dtype=np.float32)
    obj.data.vertices.foreach_get("co", points)
    points[2::3] = 0.1 * np.sin(9 * points[::3]) * np.cos(7 * points[1::3])
    obj.data.vertices.foreach_set("co", points)
    image = data.images.new("texture", side, side)
    image.pixels.foreach_set(np.random.default_rng(1).random(side * side * 4, dtype=np.float32))
    image.pack()
    material = data.materials.new("material")
    material.use_nodes = True
    nodes = material.node_tree.nodes
    node = nodes.new("ShaderNodeTexImage")
    node.image = image
    shader = nodes["Principled BSDF"]
    material.node_tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])
    obj.data.materials.append(material)


def clear() -> None:
    """An empty scene without leftovers."""
    for obj in list(data.objects):
        data.objects.remove(obj)
    for collection in list(data.collections):
        data.collections.remove(collection)
    data.orphans_purge(do_recursive=True)


def main(request: dict[str, Any]) -> None:
    """Measure both ways and write the answer."""
    ops.extensions.package_install_files(
        filepath=request["archive"], repo="user_default", enable_on_install=True
    )
    folder, runs = Path(request["folder"]), request["runs"]
    make_model(request["triangles"], request["texture"])
    export_selection = importlib.import_module(f"{MODULE}.blender.scene.export_selection")
    selection = export_selection.Selection((context.object,))
    glb = str(folder / "out.glb")
    answer = {
        "ours": times_of(
            lambda: export_selection.write_blend(selection, folder / "out.blend"), runs
        ),
        "direct": times_of(
            lambda: ops.export_scene.gltf(filepath=glb, export_format="GLB", use_selection=True),
            runs,
        ),
    }
    Path(request["answer"]).write_text(json.dumps(answer), encoding="utf-8")


main(json.loads(Path(sys.argv[-1]).read_text(encoding="utf-8")))
sys.stdout.flush()
os._exit(0)  # the bpy module can hang in its own clean-up at interpreter exit
