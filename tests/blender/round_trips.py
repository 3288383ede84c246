"""Sending objects to a sandbox and waiting for what comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bmesh
import bpy
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from tests.blender.conftest import part
from tests.blender.results import own_home
from tests.patience import until
from tests.sandboxes import Sandbox

MEASURED = 2000


@contextmanager
def at_service(folder: Path, sandbox: Sandbox) -> Iterator[Any]:
    """A job list of the test's own whose worker talks to the sandbox; gives the store."""
    environment = {"STUDIO3D_API_KEY": sandbox.key, "STUDIO3D_API_URL": sandbox.address}
    with own_home(folder, **environment) as store:
        part("blender.runtime.build_snapshot").refresh(bpy.context)
        yield store


def select(*objects: bpy.types.Object) -> None:
    """Make the objects the selection, the last one active."""
    bpy.context.view_layer.update()
    for obj in bpy.context.view_layer.objects:
        obj.select_set(obj in objects)
    bpy.context.view_layer.objects.active = objects[-1]


def settings(tool: str, **values: Any) -> Any:
    """Choose a tool in the panel's settings and set its fields; gives the settings."""
    chosen = part("blender.settings.properties").settings_of(bpy.context)
    chosen.tool = tool
    group = getattr(chosen, part("blender.settings.field_properties").rna_name(tool))
    for name, value in values.items():
        setattr(group, name, value)
    return chosen


def send(**options: Any) -> list[Any]:
    """Press the button; gives the jobs it queued."""
    before = {job.id for job in part("blender.core.session").store().all()}
    assert bpy.ops.studio3d.send(**options) == {"FINISHED"}
    jobs = part("blender.core.session").store().all()
    return [job for job in reversed(jobs) if job.id not in before]


def wait_for(job: Any) -> Any:
    """Look, as the watch does, until nothing more happens by itself; gives the job as it ended."""
    watch, store = part("blender.runtime.job_monitor"), part("blender.core.session").store()
    until(
        lambda: not watch.poll_once(bpy.context).expects_more,
        usual=200,
        what=lambda: f"the end of {store.get(job.id)}",
    )
    return store.get(job.id)


def round_trip(tool: str, **values: Any) -> Any:
    """Send the selection through one tool and bring the result back; gives the last job."""
    settings(tool, **values)
    return wait_for(send()[-1])


def world_mesh(obj: bpy.types.Object) -> bmesh.types.BMesh:
    """The object's mesh as it stands in the world, without modifiers."""
    mesh = bmesh.new()
    mesh.from_mesh(obj.data)
    mesh.transform(obj.matrix_world)
    return mesh


def volume(obj: bpy.types.Object) -> float:
    mesh = world_mesh(obj)
    bmesh.ops.triangulate(mesh, faces=mesh.faces)
    return mesh.calc_volume(signed=True)


def open_edges(obj: bpy.types.Object) -> int:
    """Edges that do not have two faces, once vertices at one place count as one."""
    mesh = bmesh.new()
    mesh.from_mesh(obj.data)  # in the world a small object far out would lose precision
    size = max(
        max(places) - min(places) for places in zip(*(v.co for v in mesh.verts), strict=True)
    )
    bmesh.ops.remove_doubles(mesh, verts=mesh.verts, dist=size * 1e-6)
    return sum(len(edge.link_faces) != 2 for edge in mesh.edges)


def bounds(obj: bpy.types.Object) -> tuple[Vector, Vector]:
    corners = [obj.matrix_world @ vertex.co for vertex in obj.data.vertices]
    low = Vector([min(corner[axis] for corner in corners) for axis in range(3)])
    high = Vector([max(corner[axis] for corner in corners) for axis in range(3)])
    return low, high


def distance(one: bpy.types.Object, other: bpy.types.Object) -> float:
    """Hausdorff distance of the surfaces, measured from ``MEASURED`` vertices of each."""
    return max(_one_way(one, other), _one_way(other, one))


def _one_way(one: bpy.types.Object, other: bpy.types.Object) -> float:
    tree = BVHTree.FromBMesh(world_mesh(other))
    vertices = list(one.data.vertices)  # which can be sliced with a step
    some = vertices[:: max(1, len(vertices) // MEASURED)]
    corners = (one.matrix_world @ vertex.co for vertex in some)
    return max(tree.find_nearest(corner)[3] or 0.0 for corner in corners)
