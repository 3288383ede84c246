"""What the Tools panel asks for: which objects go where, which steps, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import bpy
from mathutils import Vector

from ..catalog import Field, InvalidRequest, Kind, Mode, Operation, Outcome, get
from ..catalog.encoders import result_of
from ..catalog.validation import grouped
from ..jobs import chains
from ..jobs.chains import PREVIOUS, Plan, Step
from ..jobs.job import Export, Job
from ..service.limits import LARGE_UPLOAD_BYTES, MAX_UPLOAD_BYTES
from ..service.names import safe_name
from . import account, checks, paths, readiness, session, view, worker_link
from .draft import Draft, make_draft
from .properties import SceneSettings, draft_of, settings_of
from .readiness import Need, Obstacle
from .scene import send_out
from .scene.send_out import Selection

MAIN: Final = "main"
"""The model whose place the result takes."""
OTHER: Final = "other"
"""The model that gives its textures."""


@dataclass(frozen=True, slots=True)
class Order:
    """Steps on the selected objects; ``models`` has no entry for what is not selected yet."""

    steps: tuple[Step, ...]
    drafts: tuple[Draft, ...]
    models: Mapping[str, Selection]

    @property
    def outcome(self) -> Outcome:
        """What the last step's result is."""
        return self.drafts[-1].operation.outcome

    def plan(self, exports: Mapping[str, Export] | None = None) -> Plan:
        """The jobs; without ``exports`` only to know their price. Raises InvalidRequest."""
        someone = chains.placeholder(Path("selection.glb"))
        return chains.plan(self.steps, exports or {MAIN: someone, OTHER: someone})


def order_of(context: bpy.types.Context) -> Order:
    """What the panel's settings and the selection ask for."""
    settings = settings_of(context)
    names = [step.tool for step in settings.chain] or [settings.tool]
    drafts = tuple(tool_draft(settings, get(name)) for name in names)
    steps = tuple(_step(number, draft) for number, draft in enumerate(drafts))
    return Order(steps, drafts, _models(context, settings, steps))


def tool_draft(settings: SceneSettings, operation: Operation) -> Draft:
    """The tool's settings, as if started from a model that is at hand."""
    values = dict(draft_of(settings, operation, Mode.MODEL).values)
    values.update({f.name: result_of("selection") for f in operation.model_fields()})
    return make_draft(operation, Mode.MODEL, values)


def setting_fields(draft: Draft) -> list[Field]:
    """The fields to show: all but those that take the selected objects."""
    return [field for field in draft.visible_fields() if field.kind is not Kind.MODEL]


def _step(number: int, draft: Draft) -> Step:
    fields = draft.operation.model_fields()
    names = {field.name for field in fields}
    values = {name: value for name, value in draft.values.items() if name not in names}
    return Step(draft.operation.name, values, _sources(number, fields))


def _sources(number: int, fields: Sequence[Field]) -> dict[str, str]:
    """Of two models the first gives, the last takes; later steps go on with the result."""
    *givers, taker = fields
    giver = OTHER if number == 0 else MAIN
    return {
        **{field.name: giver for field in givers},
        taker.name: MAIN if number == 0 else PREVIOUS,
    }


def _models(
    context: bpy.types.Context, settings: SceneSettings, steps: Sequence[Step]
) -> dict[str, Selection]:
    chosen = send_out.selected(context, children_too=settings.with_children)
    wanted = {source for step in steps for source in step.sources.values()}
    groups = {MAIN: chosen}
    if OTHER in wanted:
        groups = {MAIN: chosen[:1], OTHER: chosen[1:]}
    if settings.with_children:
        groups = {key: send_out.with_children(objects) for key, objects in groups.items()}
    return {
        key: Selection(tuple(objects), settings.apply_modifiers)
        for key, objects in groups.items()
        if objects
    }


def find_obstacle(context: bpy.types.Context, order: Order) -> Obstacle | None:
    """The first thing that keeps the order from being sent."""
    current = view.current()
    for draft in order.drafts:
        found = readiness.find_obstacle(current, account.online(), draft)
        if found is not None and found.need is not Need.CREDITS:
            return found
    missing = _missing_models(order)
    if missing:
        return Obstacle(Need.SETTINGS, missing)
    bytes_to_send = total_bytes(context, order)
    if bytes_to_send > MAX_UPLOAD_BYTES:
        return Obstacle(
            Need.SETTINGS,
            f"About {bytes_to_send / 1e6:.0f} MB are more than can be sent (200 MB): "
            "use a Decimate modifier or smaller textures.",
        )
    return _too_expensive(current, order)


def _missing_models(order: Order) -> str:
    if MAIN not in order.models:
        return "Select an object first."
    wanted = {source for step in order.steps for source in step.sources.values()}
    if OTHER in wanted and OTHER not in order.models:
        return "Select the high poly object first, then the low poly object as well."
    return ""


def _too_expensive(current: view.JobsView, order: Order) -> Obstacle | None:
    balance = readiness.balance_of(current)
    try:
        price = order.plan().credits
    except InvalidRequest as error:
        return Obstacle(Need.SETTINGS, str(error))
    if balance is None or balance >= price:
        return None
    return Obstacle(
        Need.CREDITS, f"This needs {grouped(price)} credits; the balance is {grouped(balance)}."
    )


def send(context: bpy.types.Context, order: Order, *, save_as: Path | None = None) -> list[Job]:
    """Write the selection down and queue the jobs; returns at once.

    Raises InvalidRequest, SendFailed and StoreUnusable.
    """
    name = order.models[MAIN].main.name
    folder = paths.new_job_folder(name)
    exports = {
        key: Export(
            blend=folder / f"{safe_name(name)}-{key}.blend",
            to=folder / f"{safe_name(name)}-{key}.glb",
            settings=send_out.export_settings(context, selection),
        )
        for key, selection in order.models.items()
    }
    plan = order.plan(exports)
    for key, selection in order.models.items():
        send_out.write_blend(selection, exports[key].blend)
    main = exports[MAIN]
    geometry = {"blend": str(main.blend), "settings": main.settings}
    described = send_out.describe(context, order.models[MAIN]) | {"geometry": geometry}
    jobs = chains.add(
        session.store(),
        plan,
        name=name,
        service_address=account.current().address,
        folder=folder,
        origin={**session.origin(context), "sent": described},
        wishes=chains.Wishes(settings_of(context).import_converted, save_as),
    )
    worker_link.jobs_changed(context)
    return jobs


def count_triangles(context: bpy.types.Context, selection: Selection) -> int:
    """Triangles as they would be sent; reads what is evaluated already, in no time."""
    return sum(_figures(context, obj, selection)[0] for obj in selection.objects)


def estimate_bytes(context: bpy.types.Context, selection: Selection) -> int:
    """About how large the file will be: geometry, and pictures packed into the .blend."""
    geometry = 0
    pictures: dict[str, int] = {}
    for obj in selection.objects:
        triangles, corners = _figures(context, obj, selection)
        geometry += triangles * INDEX_BYTES + corners * VERTEX_BYTES
        for slot in obj.material_slots:
            pictures |= _packed(slot.material)
    return geometry + sum(pictures.values())


INDEX_BYTES: Final = 12
VERTEX_BYTES: Final = 32
"""Position, normal and UV, each corner of a face counted as about half a vertex of its own."""


def _figures(
    context: bpy.types.Context, obj: bpy.types.Object, selection: Selection
) -> tuple[int, int]:
    """Triangles and vertices as exported, without evaluating anything."""
    mesh = obj.data
    layer = cast(bpy.types.ViewLayer, context.view_layer)
    if selection.apply_modifiers and obj.modifiers and layer.depsgraph is not None:
        mesh = obj.evaluated_get(layer.depsgraph).data
    if not isinstance(mesh, bpy.types.Mesh):
        return 0, 0
    triangles = len(mesh.loops) - 2 * len(mesh.polygons)
    return triangles, min(len(mesh.loops), 2 * len(mesh.vertices))


def _packed(material: bpy.types.Material | None) -> dict[str, int]:
    if material is None or material.node_tree is None:
        return {}
    return {
        node.image.name: node.image.packed_file.size
        for node in material.node_tree.nodes
        if isinstance(node, bpy.types.ShaderNodeTexImage)
        and node.image is not None
        and node.image.packed_file is not None
    }


def is_large(context: bpy.types.Context, order: Order) -> bool:
    """Tell whether the upload is worth a warning."""
    return total_bytes(context, order) > LARGE_UPLOAD_BYTES


def total_bytes(context: bpy.types.Context, order: Order) -> int:
    """About how much is uploaded."""
    return sum(estimate_bytes(context, selection) for selection in order.models.values())


def size_words(context: bpy.types.Context, order: Order) -> str:
    """Triangles and size of what is sent, for example ``12 400 triangles, about 1.2 MB``."""
    triangles = sum(count_triangles(context, one) for one in order.models.values())
    size = checks.bytes_words(total_bytes(context, order))
    return f"{grouped(triangles)} triangles, about {size}"


def extent_words(context: bpy.types.Context, obj: bpy.types.Object) -> str:
    """Width, depth and height of the object as it stands in the scene, in real units."""
    metres = send_out.metres_per_unit(cast(bpy.types.Scene, context.scene))
    corners = [obj.matrix_world @ Vector(corner) for corner in obj.bound_box]
    sides = [max(c[axis] for c in corners) - min(c[axis] for c in corners) for axis in range(3)]
    return checks.size_words([side * metres for side in sides])
