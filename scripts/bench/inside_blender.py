"""The part of the benchmark that runs inside Blender, with the extension installed."""

import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import bpy
import numpy as np

context: Any = bpy.context
data: Any = bpy.data
ops: Any = bpy.ops

MODULE = "bl_ext.user_default.studio3d"
PREPARE_SECONDS = 600.0


def median_ms(act: Callable[[], object], runs: int, after: Callable[[], object]) -> float:
    """Median time of ``act`` in milliseconds; ``after`` tidies up outside the measurement."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
        after()
    return statistics.median(times)


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


def bringing_in(folder: Path, runs: int) -> dict[str, Any]:
    """Append a prepared .blend, against importing the GLB it was made from."""
    glb = folder / "model.glb"
    ops.export_scene.gltf(filepath=str(glb), export_format="GLB")
    prepared = prepare(folder, glb)
    append_result = importlib.import_module(f"{MODULE}.blender.placement.append_result")
    clear()
    return {
        "what": "bringing a result in",
        "ours": "append the prepared .blend",
        "ours_ms": median_ms(lambda: append_result.append_result(context, prepared), runs, clear),
        "direct": "import the GLB",
        "direct_ms": median_ms(
            lambda: ops.import_scene.gltf(filepath=str(glb)), max(1, runs // 2), clear
        ),
    }


def prepare(folder: Path, glb: Path) -> Any:
    """A finished job whose .blend a background Blender has made, as the worker does it."""
    host = importlib.import_module(f"{MODULE}.blender.runtime.worker_host")
    jobs = importlib.import_module(f"{MODULE}.jobs.job")
    states = importlib.import_module(f"{MODULE}.jobs.states")
    run = importlib.import_module(f"{MODULE}.worker.script_run")
    prepared = folder / "prepared.blend"
    work = {"files": [str(glb)], "to": str(prepared), "name": "bench"}
    report = run.ScriptRun(host.prepare_command(), PREPARE_SECONDS, Event()).run(work)
    return jobs.Job(
        id="0" * 32,
        operation="tencent-pro",
        values={"prompt": "bench"},
        mode=None,
        name="bench",
        state=states.State.READY,
        service_address="https://api.3daistudio.com",
        folder=folder,
        created_at=0.0,
        updated_at=0.0,
        prepared=jobs.Prepared(
            prepared,
            tuple(report["blender_version"]),
            report["collection"],
            report["triangles"],
            tuple(report["dimensions"]),
        ),
    )


def sending_out(folder: Path, runs: int) -> dict[str, Any]:
    """Write the selection as .blend, against exporting it as GLB."""
    export_selection = importlib.import_module(f"{MODULE}.blender.scene.export_selection")
    selection = export_selection.Selection((context.object,))
    return {
        "what": "sending the selection out",
        "ours": "write it as .blend",
        "ours_ms": median_ms(
            lambda: export_selection.write_blend(selection, folder / "out.blend"), runs, int
        ),
        "direct": "export it as GLB",
        "direct_ms": median_ms(
            lambda: ops.export_scene.gltf(
                filepath=str(folder / "out.glb"), export_format="GLB", use_selection=True
            ),
            max(1, runs // 2),
            int,
        ),
    }


def looking(runs: int) -> dict[str, Any]:
    """One look of the watch with nothing new, against reading the job list each time."""
    session = importlib.import_module(f"{MODULE}.blender.core.session")
    refresh = importlib.import_module(f"{MODULE}.blender.runtime.build_snapshot")
    catalog = importlib.import_module(f"{MODULE}.catalog")
    store = session.store()
    request = catalog.build_request("tencent-rapid", {"prompt": "bench"})
    for number in range(50):
        store.add(
            request,
            name=f"job {number}",
            estimate=35,
            service_address="https://api.3daistudio.com",
            folder=Path("results"),
        )
    refresh.refresh(context)
    return {
        "what": "one look at 50 jobs",
        "ours": "nothing new: a version number",
        "ours_ms": median_ms(lambda: refresh.refresh(context), 20 * runs, int),
        "direct": "read the list",
        "direct_ms": median_ms(lambda: store.all(50), 20 * runs, int),
    }


def enabling(runs: int) -> dict[str, Any]:
    """Register the extension, against only importing an HTTP library."""
    module = sys.modules[MODULE]

    def again() -> None:
        module.unregister()

    module.unregister()
    ours = median_ms(module.register, runs, again)
    module.register()
    code = "import time; t = time.perf_counter(); import requests; print(time.perf_counter() - t)"
    python = [sys.executable, *bpy.app.python_args, "-c", code]
    direct = [
        1000 * float(subprocess.run(python, check=True, capture_output=True, text=True).stdout)
        for _ in range(runs)
    ]
    return {
        "what": "enabling the extension",
        "ours": "register",
        "ours_ms": ours,
        "direct": "import requests",
        "direct_ms": statistics.median(direct),
    }


def main(request: dict[str, Any]) -> None:
    """Measure everything and write the answer."""
    ops.extensions.package_install_files(
        filepath=request["archive"], repo="user_default", enable_on_install=True
    )
    folder, runs = Path(request["folder"]), request["runs"]
    make_model(request["triangles"], request["texture"])
    rows = [sending_out(folder, runs), bringing_in(folder, runs), looking(runs), enabling(runs)]
    title = (
        f"Blender {bpy.app.version_string}, {request['triangles']} triangles, "
        f"texture {request['texture']} px, median of {runs}"
    )
    answer = json.dumps({"title": title, "rows": rows})
    Path(request["answer"]).write_text(answer, encoding="utf-8")


main(json.loads(Path(sys.argv[-1]).read_text(encoding="utf-8")))
sys.stdout.flush()
os._exit(0)  # the bpy module can hang in its own clean-up at interpreter exit
