"""A scene that pictures are baked in, and what it takes to bake them."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import bpy
from mathutils import Matrix

from ...core.access import mesh_of, pixels_of, present, size_of
from ...model.channels import Channel
from ...model.shading import tree_of

if TYPE_CHECKING:
    from ...model.arrays import Floats, Numbers
    from .dressing import Baked

LONGEST: Final = 400.0
"""Seconds that all pictures of a model may take."""
MARGIN: Final = 128
"""Share of a picture's side by which colors go on beyond the edges of what they are for."""
MARGIN_LEAST: Final = 4
"""Pixels."""
NUMBER: Final = "studio3d_number"
"""Attribute of the corners of a copy: which of all that are baked together each one is."""


class NoCycles(Exception):
    """This Blender comes without it."""


class TooLong(Exception):
    """All pictures would take longer than they may."""


@contextmanager
def opened() -> Iterator[bpy.types.Scene]:
    """A scene to bake in, as the context's; it and its objects are gone afterwards.

    Raises NoCycles.
    """
    window = present(bpy.context.window, "window")
    seen = window.scene
    scene = window.scene = bpy.data.scenes.new("Bake")
    try:
        _set_up(scene)
        scene.frame_set(seen.frame_current, subframe=seen.frame_subframe)
        yield scene
    finally:
        window.scene = seen
        meshes = [obj.data for obj in scene.objects if obj.data is not None]
        bpy.data.batch_remove([*scene.objects, *meshes, scene])


def select(
    scene: bpy.types.Scene, active: bpy.types.Object, others: Sequence[bpy.types.Object]
) -> None:
    """Let operators work on ``active``, with ``others`` selected beside it."""
    layer = scene.view_layers[0]
    for obj in scene.objects:
        obj.select_set(obj == active or obj in others, view_layer=layer)
    layer.objects.active = active


def _set_up(scene: bpy.types.Scene) -> None:
    render: Any = scene.render  # the stubs do not know engines that are add-ons
    try:
        render.engine = "CYCLES"
    except TypeError as error:
        raise NoCycles from error
    cycles: Any = scene.path_resolve("cycles")
    cycles.device = "CPU"
    cycles.use_adaptive_sampling = False
    cycles.use_denoising = False


def placed(
    scene: bpy.types.Scene, mesh: bpy.types.Mesh, name: str, world: Matrix
) -> bpy.types.Object:
    """A new object of the scene."""
    obj = bpy.data.objects.new(name, mesh)
    scene.collection.objects.link(obj)
    obj.matrix_world = world
    return obj


def joined(scene: bpy.types.Scene, objects: Sequence[bpy.types.Object]) -> bpy.types.Object:
    """One object of all of them: the first."""
    if len(objects) > 1:
        select(scene, objects[0], objects)
        bpy.ops.object.join()
    return objects[0]


def numbered(mesh: bpy.types.Mesh, first: int) -> int:
    """Number the corners of a copy from ``first`` on; returns the number after the last."""
    import numpy as np  # late: Blender takes a while to load it

    end = first + len(mesh.loops)
    attribute: Any = mesh.attributes.new(NUMBER, "INT", "CORNER")
    attribute.data.foreach_set("value", np.arange(first, end, dtype=np.int32))
    return end


def numbers_of(mesh: bpy.types.Mesh) -> "Numbers":
    """(l,) the numbers of the corners, in whatever sequence joining has left them."""
    from ...model.arrays import data_of, got

    return got(data_of(mesh.attributes[NUMBER]), "value")


def bake_all(
    passes: Sequence[Sequence[Channel]],
    baked: "Baked",
    bake: Callable[[Sequence[Channel], bpy.types.Image], None],
) -> None:
    """Have one pass after the other baked into a picture, and take down what it shows.

    A pass without channels is that of the normals. Raises TooLong.
    """
    began = time.monotonic()
    for number, wanted in enumerate(passes):
        if number and (time.monotonic() - began) / number * len(passes) > LONGEST:
            raise TooLong
        image = _canvas(wanted, baked.width, baked.height)
        bake(wanted, image)
        pixels = _pixels_in(image)
        bpy.data.images.remove(image)
        baked.take(wanted, pixels)


def run(
    scene: bpy.types.Scene,
    wanted: Sequence[Channel],
    image: bpy.types.Image,
    *,
    samples: int,
    **how: Any,
) -> None:
    """Let Cycles bake what is selected into the picture that it has; see ``bake_into``.

    ``how`` are further arguments of Cycles' operator.
    """
    cycles: Any = scene.path_resolve("cycles")
    cycles.samples = samples
    bpy.ops.object.bake(
        type="EMIT" if wanted else "NORMAL",
        margin=max(MARGIN_LEAST, max(size_of(image)) // MARGIN),
        margin_type="EXTEND",
        normal_space="TANGENT",
        target="IMAGE_TEXTURES",
        save_mode="INTERNAL",
        use_clear=False,
        **how,
    )


def _canvas(wanted: Sequence[Channel], width: int, height: int) -> bpy.types.Image:
    """A picture that channels are baked into at once; none of them stands for the normals."""
    import numpy as np  # late: Blender takes a while to load it

    image = bpy.data.images.new(
        "Bake",
        width,
        height,
        alpha=True,
        float_buffer=Channel.EMISSION in wanted,
        is_data=Channel.COLOR not in wanted,
    )
    # An alpha of 0 then tells what was not hit; Blender's own clearing does not.
    pixels_of(image).foreach_set(np.zeros(4 * width * height, dtype=np.float32))
    return image


def bake_into(material: bpy.types.Material | None, image: bpy.types.Image) -> None:
    """Let what wears the material be baked into the picture."""
    tree: Any = tree_of(material)
    node = tree.nodes.active
    if node is None or node.type != "TEX_IMAGE" or node.outputs[0].is_linked:
        node = tree.nodes.active = tree.nodes.new("ShaderNodeTexImage")
    node.image = image


@contextmanager
def wearing(
    sources: Sequence[bpy.types.Object], made: Callable[[bpy.types.Material], bpy.types.Material]
) -> Iterator[None]:
    """Let the sources wear what is made of their materials meanwhile."""
    slots: list[Any] = [mesh_of(obj).materials for obj in sources]
    before = [list(materials) for materials in slots]
    shown: dict[bpy.types.Material, bpy.types.Material] = {}
    for own in slots:
        for index, material in enumerate(own):
            if material not in shown:
                shown[material] = made(material)
            own[index] = shown[material]
    try:
        yield
    finally:
        for own, materials in zip(slots, before, strict=True):
            for index, material in enumerate(materials):
                own[index] = material
        bpy.data.batch_remove(list(shown.values()))


def _pixels_in(image: bpy.types.Image) -> "Floats":
    """(n, 4)."""
    import numpy as np  # late: Blender takes a while to load it

    width, height = size_of(image)
    flat = np.empty(width * height * 4, dtype=np.float32)
    pixels_of(image).foreach_get(flat)
    return flat.reshape(-1, 4)
