"""One texture set for a whole model: one material, one picture of each kind, one UV map.

What lies in a picture keeps its place in it: of each material's picture the rectangle that is used
is taken over. What lies nowhere, in a picture that repeats too often, or goes by something else
than a picture is unwrapped, and baked as it looks. Nothing is searched for and no ray is shot:
each surface is baked from itself, or from a flat one that shows the same rectangle.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import bpy
import numpy as np
from mathutils import Matrix

from ...core.access import copy_of, mesh_of, present
from ...model import channels, occlusion
from ...model.arrays import Floats, got
from ...model.channels import Channel
from . import atlas, dressing, plans, scenes, unwrapping, uv_users
from .parts import Box, Part, Piece, parts_of, pieces_of

SAMPLES: Final = 4
"""Places looked at for a pixel that shows one of before."""
MOST_SAMPLES: Final = 64
SHOWN: Final = "studio3d shown"
"""UV map of copies: what materials go by that name none."""
TARGET: Final = "studio3d target"
"""UV map of copies: where they are baked to."""
SPECK: Final = 1e-6
"""Side of a box of UVs that has none."""
NOWHERE: Final = -1.0
"""There, in both directions, lies what is not to be baked."""

NO_CYCLES: Final = "The textures were not put together: this Blender comes without Cycles."
TOO_LONG: Final = "The textures were not put together: it would take too long at this size."
TOO_MANY: Final = "The textures were not put together: {n} materials have no room in {size} pixels."
LOST: Final = "The one material does not have what only some of the materials had: {names}."


class NotPutTogether(Exception):
    """The materials stay as they are; the text and its ``parts`` say why."""

    def __init__(self, words: str, **parts: Any) -> None:
        super().__init__(words)
        self.words = words
        self.parts = parts


def put_together(objects: Sequence[bpy.types.Object], name: str, size: int) -> Sequence[str]:
    """Give the meshes one material, with pictures of at most ``size`` pixels along a side.

    A model that has one material keeps it, and its UV maps. Returns the names of the shader's
    inputs that the one material could not take over. Raises NotPutTogether.
    """
    pieces = pieces_of(objects)
    try:
        found = parts_of(pieces, size)
        if len(found) <= 1:
            _wear_one(pieces, [part.material for part in found])
            return ()
        layout = atlas.arrange([one.wanted for one in found], size)
        if layout is None:
            raise NotPutTogether(TOO_MANY, n=len(found), size=size)
        with scenes.opened() as scene:
            return _Set(scene, name, pieces, found, layout).make()
    except scenes.NoCycles as error:
        raise NotPutTogether(NO_CYCLES) from error
    except scenes.TooLong as error:
        raise NotPutTogether(TOO_LONG) from error
    finally:
        bpy.data.batch_remove([one.copy for one in pieces])


def _wear_one(pieces: Sequence[Piece], materials: Sequence[bpy.types.Material]) -> None:
    """Where all materials are alike one of them does for all."""
    worn = {material for piece in pieces for material in piece.own.materials}
    for piece in pieces if len(worn) > 1 else ():
        dressing.wear(piece.own, materials[:1])


class _Set:
    """The one material of a model, while it is made."""

    def __init__(
        self,
        scene: bpy.types.Scene,
        name: str,
        pieces: Sequence[Piece],
        parts: Sequence[Part],
        layout: atlas.Atlas,
    ) -> None:
        self._scene, self._name, self._layout = scene, name, layout
        self._pieces, self._parts = pieces, parts
        self._uvs: list[Floats] = [
            np.zeros((len(one.corners.vertices), 2), dtype=np.float32) for one in pieces
        ]
        """What each piece gets."""

    def make(self) -> Sequence[str]:
        """The names of inputs that it could not take over."""
        materials = [part.material for part in self._parts]
        numbers = self._take_over()
        shown = self._unwrapped(numbers)
        target = self._target(shown, numbers)
        made = dressing.material(self._name, self._baked(target, materials), materials)
        if made is None:  # they do not look different
            _wear_one(self._pieces, materials)
            return ()
        for piece, uvs in zip(self._pieces, self._uvs, strict=True):
            unwrapping.give_map(piece.own, uvs)
            dressing.wear(piece.own, [made])
        return channels.lost_inputs(materials)

    def _take_over(self) -> Sequence[int]:
        """Place the parts that lie in a picture; returns the numbers of the others."""
        left = []
        for number, part in enumerate(self._parts):
            if part.box is None:
                left.append(number)
                continue
            box = part.box
            low = np.array(box[:2])
            sides = np.maximum(np.array(box[2:]) - low, SPECK)
            for place in part.places:
                piece = self._pieces[place.piece]
                names = part.maps or {uv_users.OWN}
                layer = present(uv_users.layer_of(piece.copy, names), "UV map")
                uvs = got(layer.uv, "vector", 2, kind=np.float32)[place.corners]
                self._uvs[place.piece][place.corners] = self._in_cell(number, (uvs - low) / sides)
        return left

    def _in_cell(self, number: int, uvs: Any) -> Floats:
        """(n, 2) on the map of the set, of places in the square of a part."""
        cell, layout = self._layout.cells[number], self._layout
        pixels = np.array((cell.x, cell.y)) + uvs * np.array((cell.width, cell.height))
        found: Floats = (pixels / (layout.width, layout.height)).astype(np.float32)
        return found

    def _unwrapped(self, numbers: Sequence[int]) -> bpy.types.Object | None:
        """Unwrap those parts; returns all that has any of them as one object, None if nothing."""
        wanted = {place.piece for number in numbers for place in self._parts[number].places}
        if not wanted:
            return None
        copies, count = [], 0
        for number, piece in enumerate(self._pieces):
            if number in wanted:
                copies.append(self._copy_of(piece, count))
            count += len(piece.corners.vertices)
        obj = scenes.joined(self._scene, copies)
        mesh = mesh_of(obj)
        layer: Any = present(mesh.uv_layers.new(name=TARGET), "room for a UV map")
        mesh.uv_layers.active = layer
        scenes.select(self._scene, obj, ())
        for number in numbers:
            part, cell = self._parts[number], self._layout.cells[number]
            slot = list(mesh.materials).index(part.material)
            unwrapping.unwrap_slot(obj, slot, min(cell.width, cell.height))
        self._read(mesh, numbers)
        return obj

    def _copy_of(self, piece: Piece, first: int) -> bpy.types.Object:
        """``first``: the number that its first corner gets."""
        mesh: Any = copy_of(piece.copy)
        scenes.numbered(mesh, first)
        own = uv_users.layer_of(mesh, {uv_users.OWN})
        uvs = np.zeros((len(mesh.loops), 2), dtype=np.float32)
        if own is not None:
            uvs = got(own.uv, "vector", 2, kind=np.float32)
        shown = present(mesh.uv_layers.new(name=SHOWN, do_init=False), "room for a UV map")
        shown.uv.foreach_set("vector", uvs.ravel())
        obj = scenes.placed(self._scene, mesh, "Target", piece.world)
        if mesh.shape_keys is not None:
            obj.shape_key_clear()
        return obj

    def _read(self, mesh: bpy.types.Mesh, numbers: Sequence[int]) -> None:
        """Take over where the parts were put, and say in the mesh where they are to be baked."""
        order = scenes.numbers_of(mesh)
        layer: Any = mesh.uv_layers[TARGET]
        found = got(layer.uv, "vector", 2, kind=np.float32)
        ends = np.cumsum([0, *(len(one) for one in self._uvs)])
        lies = np.zeros((ends[-1], 2), dtype=np.float32)
        lies[order] = found
        baked = np.full_like(lies, NOWHERE)
        for number in numbers:
            part = self._parts[number]
            for place in part.places:
                which = ends[place.piece] + place.corners
                there = self._in_cell(number, lies[which])
                self._uvs[place.piece][place.corners] = there
                if not part.is_flat:
                    baked[which] = there
        layer.uv.foreach_set("vector", baked[order].ravel())

    def _target(self, shown: bpy.types.Object | None, numbers: Sequence[int]) -> bpy.types.Object:
        """What is baked: the parts that were unwrapped, and the rectangles of the others."""
        flat = [number for number, part in enumerate(self._parts) if part.is_flat]
        objects = [] if shown is None else [shown]
        if flat:
            mesh = self._rectangles(flat)
            objects.append(scenes.placed(self._scene, mesh, "Target", Matrix.Identity(4)))
        target = scenes.joined(self._scene, objects)
        layers: Any = mesh_of(target).uv_layers
        layers[SHOWN].active_render = True
        layers.active = layers[TARGET]
        scenes.select(self._scene, target, ())
        return target

    def _rectangles(self, numbers: Sequence[int]) -> bpy.types.Mesh:
        """A rectangle for each of those parts, which shows what lies there on its UV map."""
        mesh = bpy.data.meshes.new("Rectangles")
        corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float64)
        places, shown, target = [], [], []
        for number in numbers:
            cell, box = self._layout.cells[number], self._parts[number].box or Box(0, 0, 1, 1)
            size = np.array((cell.width, cell.height), dtype=np.float64)
            # The picture goes on around what is used of it.
            spare = self._layout.around / size
            grown = corners * (1.0 + 2.0 * spare) - spare
            low = np.array(box[:2])
            shown.append(low + grown * (np.array(box[2:]) - low))
            target.append(self._in_cell(number, grown))
            places += [(x, y, 0.0) for x, y in (grown * size + (cell.x, cell.y)).tolist()]
        faces = np.arange(len(places)).reshape(-1, 4).tolist()
        mesh.from_pydata(places, [], faces)
        names = set().union(*(self._parts[number].maps for number in numbers)) - {uv_users.OWN}
        for name, uvs in [(SHOWN, shown), *((one, shown) for one in names), (TARGET, target)]:
            layer = present(mesh.uv_layers.new(name=name, do_init=False), "room for a UV map")
            layer.uv.foreach_set("vector", np.concatenate(uvs).astype(np.float32).ravel())
        materials: Any = mesh.materials
        for number in numbers:
            materials.append(self._parts[number].material)
        mesh.polygons.foreach_set("material_index", list(range(len(numbers))))
        return mesh

    def _baked(
        self, target: bpy.types.Object, materials: Sequence[bpy.types.Material]
    ) -> dressing.Baked:
        """Bake one pass after the other."""
        plan = plans.plan_of(materials)
        passes = plan.passes()
        if any(map(occlusion.has, materials)):
            passes.append((Channel.OCCLUSION,))
        baked = dressing.Baked(self._layout.width, self._layout.height, dict(plan.settled))
        scenes.bake_all(passes, baked, partial(self._bake_pass, target))
        return baked

    def _bake_pass(
        self, target: bpy.types.Object, wanted: Sequence[Channel], image: bpy.types.Image
    ) -> None:
        samples = min(MOST_SAMPLES, max(SAMPLES, round(SAMPLES / self._layout.share**2)))
        with scenes.wearing([target], _showing(wanted)):
            for material in mesh_of(target).materials:
                scenes.bake_into(material, image)
            scenes.run(self._scene, wanted, image, samples=samples, use_selected_to_active=False)


def _showing(wanted: Sequence[Channel]) -> Callable[[bpy.types.Material], bpy.types.Material]:
    """What makes a material glow in these channels; a copy for none of them."""
    if not wanted:
        return copy_of
    if wanted[0] is Channel.OCCLUSION:
        return occlusion.revealed
    return partial(channels.revealed, channels=wanted)
