"""The original's textures on a result that came back without: baked here, from surface to surface.

What lies nearest to a place of the result is what that place shows: pictures, nodes and colors of
the mesh alike, whether they could be sent or not. Cycles bakes on the CPU, without light.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import bpy
from mathutils import Matrix

from ...core.access import copy_of, mesh_of, pixels_of, present, size_of
from ...model import channels
from ...model.channels import Channel, Value
from ...model.names import MATERIAL_NAME
from ...model.shading import has_pictures, new_material, principled, tree_of
from .. import export
from . import dressing, gaps, unwrapping

if TYPE_CHECKING:
    from ...model.arrays import Floats

LONGEST: Final = 400.0
"""Seconds that all pictures of a model may take."""
SAMPLES: Final = 4
"""Places looked at for each pixel: colors may be finer than the pixels. Normals take one."""
MARGIN: Final = 128
"""Share of a picture's side by which colors go on beyond the edges of what they are for."""
MOST_APART: Final = 32
"""Pieces of the original that are looked through one by one: of more one is made."""
MARGIN_LEAST: Final = 4
"""Pixels."""
NUMBER: Final = "studio3d_number"
"""Attribute of the corners of a copy: which of all the results' corners each one is."""

NO_CYCLES: Final = "The original's textures were not baked: this Blender comes without Cycles."
TOO_LONG: Final = "The original's textures were not baked: it would take too long at this size."


class BakingFailed(Exception):
    """The result goes without; the text says why."""


def is_bare(shapes: Sequence[bpy.types.Object]) -> bool:
    """Whether the meshes have no textures of their own: neither pictures nor colors."""
    meshes = [mesh_of(obj) for obj in shapes]
    materials = {material for mesh in meshes for material in mesh.materials if material is not None}
    return not any(map(has_pictures, materials)) and not any(map(_is_colored, meshes))


def _is_colored(mesh: bpy.types.Mesh) -> bool:
    """Whether colors of the mesh differ from place to place."""
    import numpy as np  # late: Blender takes a while to load it

    from ...model.arrays import got

    layers: Iterable[Any] = mesh.color_attributes
    found = [got(layer.data, "color", 4, kind=np.float32) for layer in layers]
    return any(len(colors) and np.ptp(colors, axis=0).max() > 0.0 for colors in found)


def bake(
    shapes: Sequence[bpy.types.Object],
    original: export.Original,
    name: str,
    size: int,
    *,
    keeps_plain: bool,
) -> bool:
    """Give the results' meshes one material with pictures of ``size`` pixels, as the original is.

    Both stand in the same space. ``keeps_plain``: where the original has several plain materials,
    the scene finds out by itself which of them goes where, if anything tells. False if no picture
    is needed: then nothing changes. Raises BakingFailed, and ExportFailed of the original.
    """
    if not shapes or not is_bare(shapes):
        return False
    pieces = export.pieces(original)
    names = _all_dressed(pieces)
    materials = list(names)
    plan = _plan(materials)
    if not plan.passes() or (keeps_plain and _are_found(shapes, original, names)):
        return False
    return _bake(shapes, pieces, name, size, (plan, materials))


def bake_onto_map(
    shape: bpy.types.Object, pieces: Sequence[export.Piece], name: str, size: int
) -> bool:
    """Give the mesh one material with pictures of ``size`` pixels, as the pieces are dressed.

    They lie on its active UV map, which is ``unwrapping.is_usable``. The pieces do not outlive it.
    False if no picture is needed: then nothing changes. Raises BakingFailed.
    """
    materials = list(_all_dressed(pieces))
    return _bake([shape], pieces, name, size, (_plan(materials), materials))


def _bake(
    shapes: Sequence[bpy.types.Object],
    pieces: Sequence[export.Piece],
    name: str,
    size: int,
    look: "tuple[_Plan, Sequence[bpy.types.Material]]",
) -> bool:
    """``look``: what of which materials is to be baked."""
    plan, materials = look
    with _studio(shapes, pieces) as studio:
        mesh = mesh_of(studio.target)
        is_mapped = unwrapping.is_usable(mesh)
        if not is_mapped:
            studio.select()
            unwrapping.unwrap(studio.target, size)
        grown = gaps.growth(mesh, studio.sources)
        for source in studio.sources:
            source.matrix_world = grown @ source.matrix_world
        gap = gaps.measure(mesh, studio.sources)
        plan = replace(plan, bends=plan.bends or gap.bends)
        made = dressing.material(name, _baked(studio, plan, gap.width, size), materials)
        if made is not None:
            _hand_over(mesh, shapes, made, map_too=not is_mapped)
    return made is not None


def _are_found(
    shapes: Sequence[bpy.types.Object],
    original: export.Original,
    names: Mapping[bpy.types.Material, str],
) -> bool:
    """Whether the scene knows where plain materials go: by their names, or by their objects."""
    if any(_plan([material]).passes() for material in names):
        return False
    known = {
        "" if material is None else material.get(MATERIAL_NAME, material.name)
        for shape in shapes
        for material in mesh_of(shape).materials or [None]
    }
    return len(original.objects) > 1 or known.issuperset(names.values())


def _all_dressed(pieces: Sequence[export.Piece]) -> dict[bpy.types.Material, str]:
    """The materials that are seen, and their names; "" for what has none.

    Those without nodes give way to some that have them.
    """
    from ...model.arrays import slots_of

    seen: dict[bpy.types.Material, str] = {}
    stand_ins: dict[bpy.types.Material | None, bpy.types.Material] = {}
    named: dict[bpy.types.Material, str] = {}
    for mesh, _, _ in pieces:
        slots: Any = mesh.materials
        if not len(slots):
            slots.append(None)
        for index, material in enumerate(list(slots)):
            if tree_of(material) is None:
                if material not in stand_ins:
                    stand_ins[material] = _with_nodes(material)
                    named[stand_ins[material]] = "" if material is None else material.name
                slots[index] = stand_ins[material]
        last = len(slots) - 1
        for slot in sorted({min(slot, last) for slot in slots_of(mesh).tolist()}):
            seen[slots[slot]] = named.get(slots[slot], slots[slot].name)
    return seen


def _with_nodes(material: bpy.types.Material | None) -> bpy.types.Material:
    """A material that looks like one without nodes, or like none."""
    made = new_material("Plain" if material is None else material.name)
    if material is not None:
        shader = principled(made)
        shader.inputs["Base Color"].default_value = material.diffuse_color
        shader.inputs["Roughness"].default_value = material.roughness
        shader.inputs["Metallic"].default_value = material.metallic
    return made


@dataclass(frozen=True, slots=True)
class _Plan:
    """What there is to bake."""

    varied: Sequence[Channel]
    settled: Mapping[Channel, Value]
    """What is the same everywhere."""
    bends: bool
    """Whether normals are to be baked."""
    mixed: bool
    """Whether not all of what is mixed has a share in all channels."""

    def passes(self) -> list[tuple[Channel, ...]]:
        """What is baked at once; nothing stands for the normals."""
        colors = [(one,) for one in (Channel.COLOR, Channel.EMISSION) if one in self.varied]
        numbers = [one for one in NUMBERS if one in self.varied]
        if self.mixed and set(self.varied) & set(channels.OF_SHARES):
            numbers.append(Channel.SHARE)
        packed = [tuple(numbers[start : start + 3]) for start in range(0, len(numbers), 3)]
        return [*colors, *packed, *([()] if self.bends else [])]


NUMBERS: Final = (Channel.ROUGHNESS, Channel.METALLIC, Channel.ALPHA)


def _plan(materials: Sequence[bpy.types.Material]) -> _Plan:
    varied: list[Channel] = []
    settled: dict[Channel, Value] = {}
    for channel in (Channel.COLOR, *NUMBERS, Channel.EMISSION):
        found = set().union(*(channels.values(material, channel) for material in materials))
        value = next(iter(found), None)
        if len(found) > 1 or None in found:
            varied.append(channel)
        elif value is not None:
            settled[channel] = value
    return _Plan(
        varied,
        settled,
        bends=any(map(channels.has_normals, materials)),
        mixed=any(map(channels.is_mixed, materials)),
    )


@dataclass(frozen=True, slots=True)
class _Studio:
    """A scene with copies of the surfaces, and nothing else."""

    scene: bpy.types.Scene
    target: bpy.types.Object
    """All results as one mesh."""
    sources: Sequence[bpy.types.Object]

    def select(self, others: Sequence[bpy.types.Object] = ()) -> None:
        """Let operators work on the target, with others selected beside it."""
        _select(self.scene, self.target, others)


def _select(
    scene: bpy.types.Scene, active: bpy.types.Object, others: Sequence[bpy.types.Object]
) -> None:
    layer = scene.view_layers[0]
    for obj in scene.objects:
        obj.select_set(obj == active or obj in others, view_layer=layer)
    layer.objects.active = active


@contextmanager
def _studio(
    shapes: Sequence[bpy.types.Object], pieces: Sequence[export.Piece]
) -> Iterator[_Studio]:
    """Set the scene up, as the context's; it and its objects are gone afterwards."""
    window = present(bpy.context.window, "window")
    seen = window.scene
    scene = window.scene = bpy.data.scenes.new("Bake")
    try:
        _set_up(scene)
        scene.frame_set(seen.frame_current, subframe=seen.frame_subframe)
        sources = [_placed(scene, *piece) for piece in pieces]
        if len(sources) > MOST_APART:
            sources = [_joined(scene, sources)]
        yield _Studio(scene, _target(scene, shapes), sources)
    finally:
        window.scene = seen
        meshes = [obj.data for obj in scene.objects if obj.data is not None]
        bpy.data.batch_remove([*scene.objects, *meshes, scene])


def _set_up(scene: bpy.types.Scene) -> None:
    render: Any = scene.render  # the stubs do not know engines that are add-ons
    try:
        render.engine = "CYCLES"
    except TypeError as error:
        raise BakingFailed(NO_CYCLES) from error
    cycles: Any = scene.path_resolve("cycles")
    cycles.device = "CPU"
    cycles.use_adaptive_sampling = False
    cycles.use_denoising = False


def _placed(
    scene: bpy.types.Scene, mesh: bpy.types.Mesh, name: str, world: Matrix
) -> bpy.types.Object:
    obj = bpy.data.objects.new(name, mesh)
    scene.collection.objects.link(obj)
    obj.matrix_world = world
    return obj


def _joined(scene: bpy.types.Scene, objects: Sequence[bpy.types.Object]) -> bpy.types.Object:
    """One object of all of them: the first."""
    if len(objects) > 1:
        _select(scene, objects[0], objects)
        bpy.ops.object.join()
    return objects[0]


def _target(scene: bpy.types.Scene, shapes: Sequence[bpy.types.Object]) -> bpy.types.Object:
    """The results as one object, whose corners know which they are."""
    import numpy as np

    copies: list[bpy.types.Object] = []
    count = 0
    for shape in shapes:
        mesh = copy_of(mesh_of(shape))
        numbers = np.arange(count, count + len(mesh.loops), dtype=np.int32)
        attribute: Any = mesh.attributes.new(NUMBER, "INT", "CORNER")
        attribute.data.foreach_set("value", numbers)
        count += len(mesh.loops)
        mesh.materials.clear()
        export.bake(mesh, shape.matrix_world)
        copies.append(_placed(scene, mesh, "Target", Matrix.Identity(4)))
    return _joined(scene, copies)


def _baked(studio: _Studio, plan: _Plan, width: float, size: int) -> dressing.Baked:
    """Bake one pass after the other."""
    began = time.monotonic()
    baked = dressing.Baked(size, dict(plan.settled))
    passes = plan.passes()
    for number, wanted in enumerate(passes):
        if number and (time.monotonic() - began) / number * len(passes) > LONGEST:
            raise BakingFailed(TOO_LONG)
        image = _canvas(studio.target, wanted, size)
        with _showing(studio.sources, wanted):
            _run(studio, "EMIT" if wanted else "NORMAL", width, size)
        pixels = _pixels(image)
        bpy.data.images.remove(image)
        if wanted:
            baked.take(wanted, pixels)
        else:
            baked.take_normals(pixels)
    return baked


def _canvas(target: bpy.types.Object, wanted: Sequence[Channel], size: int) -> bpy.types.Image:
    """A picture that the next pass is baked into."""
    mesh = mesh_of(target)
    import numpy as np

    image = bpy.data.images.new(
        "Bake",
        size,
        size,
        alpha=True,
        float_buffer=Channel.EMISSION in wanted,
        is_data=Channel.COLOR not in wanted,
    )
    # An alpha of 0 then tells what was not hit; Blender's own clearing does not.
    pixels_of(image).foreach_set(np.zeros(4 * size * size, dtype=np.float32))
    if not mesh.materials:
        mesh.materials.append(new_material("Bake"))
    tree: Any = tree_of(mesh.materials[0])
    node = tree.nodes.active
    if node is None or node.type != "TEX_IMAGE":
        node = tree.nodes.active = tree.nodes.new("ShaderNodeTexImage")
    node.image = image
    return image


@contextmanager
def _showing(sources: Sequence[bpy.types.Object], wanted: Sequence[Channel]) -> Iterator[None]:
    """Let the sources glow in those channels meanwhile, if there are any."""
    slots: list[Any] = [mesh_of(obj).materials for obj in sources]
    before = [list(materials) for materials in slots]
    shown: dict[bpy.types.Material, bpy.types.Material] = {}
    for own in slots if wanted else ():
        for index, material in enumerate(own):
            if material not in shown:
                shown[material] = channels.revealed(material, wanted)
            own[index] = shown[material]
    try:
        yield
    finally:
        for own, materials in zip(slots, before, strict=True):
            for index, material in enumerate(materials):
                own[index] = material
        bpy.data.batch_remove(list(shown.values()))


def _run(studio: _Studio, kind: Literal["EMIT", "NORMAL"], width: float, size: int) -> None:
    cycles: Any = studio.scene.path_resolve("cycles")
    cycles.samples = SAMPLES if kind == "EMIT" else 1
    studio.select(studio.sources)
    bpy.ops.object.bake(
        type=kind,
        use_selected_to_active=True,
        # The rays start all around, also over edges between flat polygons.
        use_cage=True,
        cage_extrusion=width,
        max_ray_distance=2.0 * width,
        margin=max(MARGIN_LEAST, size // MARGIN),
        margin_type="EXTEND",
        normal_space="TANGENT",
        target="IMAGE_TEXTURES",
        save_mode="INTERNAL",
        use_clear=False,
    )


def _pixels(image: bpy.types.Image) -> "Floats":
    """(n, 4)."""
    import numpy as np

    width, height = size_of(image)
    flat = np.empty(width * height * 4, dtype=np.float32)
    pixels_of(image).foreach_get(flat)
    return flat.reshape(-1, 4)


def _hand_over(
    mesh: bpy.types.Mesh,
    shapes: Sequence[bpy.types.Object],
    material: bpy.types.Material,
    *,
    map_too: bool,
) -> None:
    """Give the results the material, and their corners of the map it was made for."""
    import numpy as np

    from ...model.arrays import data_of, got

    numbers = got(data_of(mesh.attributes[NUMBER]), "value")
    uvs = np.empty((len(numbers), 2), dtype=np.float32)
    uvs[numbers] = got(present(mesh.uv_layers.active, "UV map").uv, "vector", 2, kind=np.float32)
    start = 0
    for shape in shapes:
        own = mesh_of(shape)
        if map_too and own.users > 1:
            own = shape.data = copy_of(own)
        own.materials.clear()
        own.materials.append(material)
        own.polygons.foreach_set("material_index", [0] * len(own.polygons))
        end = start + len(own.loops)
        if map_too:
            for layer in list(own.uv_layers):
                own.uv_layers.remove(layer)
            made: Any = own.uv_layers.new(name=unwrapping.NAME, do_init=False)
            made.uv.foreach_set("vector", uvs[start:end].ravel())
        present(own.uv_layers.active, "UV map").active_render = True  # what the material goes by
        start = end
