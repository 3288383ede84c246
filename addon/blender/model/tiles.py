"""Pictures of several tiles (UDIM), which no file for the service has: each tile becomes one.

Blender's exporter tells tiles apart as well, but reads them from their files alone, and only some
kinds of these.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import bpy
import numpy as np

from ..core.access import color_space_of, copy_of, mesh_of
from .arrays import corners_of, set_slots, slots_of
from .shading import feeding, nodes_of, tree_of

FIRST: Final = 1001
IN_A_ROW: Final = 10


def to_pictures(objects: Sequence[bpy.types.Object]) -> None:
    """Let the objects, whose meshes are their own, look the same without tiled pictures.

    What lies on a tile wears a material of its own, and lies in its picture as on the tile.
    """
    made = _Made()
    for obj in objects:
        mesh = mesh_of(obj)
        slots: Any = mesh.materials
        for slot, material in enumerate(list(slots)):
            if any(_tiled(material)) and len(mesh.uv_layers):
                _part(mesh, slot, material, made)


def _tiled(material: bpy.types.Material | None) -> Iterator[Any]:
    """The nodes of the material that show a tiled picture."""
    for node in nodes_of(tree_of(material)):
        image = getattr(node, "image", None)
        if node.type == "TEX_IMAGE" and image is not None and image.source == "TILED":
            yield node


def _part(mesh: bpy.types.Mesh, slot: int, material: bpy.types.Material, made: "_Made") -> None:
    """Give what lies on each tile its material."""
    layer: Any = _layer(mesh, material)
    uvs = np.empty((len(mesh.loops), 2), dtype=np.float32)
    layer.uv.foreach_get("vector", uvs.ravel())
    # A number beyond the last slot means the last.
    slots, corners = np.minimum(slots_of(mesh), len(mesh.materials) - 1), corners_of(mesh)
    counts = np.bincount(corners.polygons, minlength=len(slots))[:, None]
    middles = np.stack(
        [np.bincount(corners.polygons, side, minlength=len(slots)) for side in uvs.T], axis=1
    )
    places = np.floor(middles / np.maximum(counts, 1)).astype(np.int64)
    places[:, 0] = places[:, 0].clip(0, IN_A_ROW - 1)
    places[:, 1] = places[:, 1].clip(0)
    ours = slots == slot
    materials: Any = mesh.materials
    for number, place in enumerate(np.unique(places[ours], axis=0)):
        on_tile = ours & (places == place).all(axis=1)
        uvs[on_tile[corners.polygons]] -= place
        worn = made.material(material, FIRST + int(place[0]) + IN_A_ROW * int(place[1]))
        if number == 0:
            materials[slot] = worn
        else:
            materials.append(worn)
            slots[on_tile] = len(materials) - 1
    layer.uv.foreach_set("vector", uvs.ravel())
    set_slots(mesh, slots)


def _layer(mesh: bpy.types.Mesh, material: bpy.types.Material) -> Any:
    """The UV map that the tiles lie on."""
    fed = (one for node in _tiled(material) for one, _ in feeding(node.inputs["Vector"], ()))
    named = [getattr(one, "uv_map", "") for one in fed]
    layers: Any = mesh.uv_layers
    found = next((layers[name] for name in named if name in layers), None)
    return found or next((one for one in layers if one.active_render), layers[0])


class _Made:
    """Materials and pictures of single tiles, each made once."""

    def __init__(self) -> None:
        self._materials: dict[tuple[bpy.types.Material, int], bpy.types.Material] = {}
        self._pictures: dict[tuple[bpy.types.Image, int], bpy.types.Image | None] = {}
        self._groups: dict[tuple[bpy.types.NodeTree, int], bpy.types.NodeTree] = {}

    def material(self, material: bpy.types.Material, tile: int) -> bpy.types.Material:
        """The material with the tile in place of all of them."""
        found = self._materials.get((material, tile))
        if found is None:
            found = self._materials[material, tile] = copy_of(material)
            self._fill_in(tree_of(found), tile)
        return found

    def _fill_in(self, tree: Any, tile: int) -> None:
        for node in tree.nodes:
            if node.type == "GROUP" and node.node_tree is not None:
                node.node_tree = self._group(node.node_tree, tile)
            elif node.type == "TEX_IMAGE" and node.image and node.image.source == "TILED":
                node.image = self._picture(node.image, tile)

    def _group(self, tree: bpy.types.NodeTree, tile: int) -> bpy.types.NodeTree:
        found = self._groups.get((tree, tile))
        if found is None:
            found = self._groups[tree, tile] = copy_of(tree)
            self._fill_in(found, tile)
        return found

    def _picture(self, image: bpy.types.Image, tile: int) -> bpy.types.Image | None:
        if (image, tile) not in self._pictures:
            self._pictures[image, tile] = _picture(image, tile)
        return self._pictures[image, tile]


def _picture(image: Any, tile: int) -> bpy.types.Image | None:
    """The picture of one tile, packed or from its file; None if there is none."""
    packed = next((one for one in image.packed_files if one.tile_number == tile), None)
    name = f"{image.name}.{tile}"
    if packed is not None:
        data = bytes(packed.packed_file.data)
        made = bpy.data.images.new(name, 1, 1)
        made.pack(data=data, data_len=len(data))
        made.source = "FILE"
    else:
        path = bpy.path.abspath(image.filepath, library=image.library)
        file = Path(path.replace("<UDIM>", str(tile)))
        if not file.is_file():
            return None
        made = bpy.data.images.load(str(file))
        made.name = name
    color_space_of(made).name = color_space_of(image).name
    made.alpha_mode = image.alpha_mode
    return made


def packed(tiles: Mapping[int, bytes], name: str, folder: Path) -> bpy.types.Image:
    """A tiled picture of files' contents, by tile; ``folder`` is for the time it takes."""
    ending = "png" if next(iter(tiles.values())).startswith(b"\x89PNG") else "exr"
    for tile, data in tiles.items():
        (folder / f"tile.{tile}.{ending}").write_bytes(data)
    first, *others = sorted(tiles)
    image = bpy.data.images.load(str(folder / f"tile.{first}.{ending}"))
    image.source, image.name = "TILED", name
    image.filepath = str(folder / f"tile.<UDIM>.{ending}")
    for tile in others:
        image.tiles.new(tile)
    image.pack()
    return image
