"""A scene taken apart into placed meshes and put together again."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import trimesh
from PIL import Image
from trimesh.visual import ColorVisuals, TextureVisuals
from trimesh.visual.material import PBRMaterial

_PICTURES = (
    "baseColorTexture",
    "metallicRoughnessTexture",
    "normalTexture",
    "occlusionTexture",
    "emissiveTexture",
)


def placed(scene: trimesh.Scene) -> list[trimesh.Trimesh]:
    """Copies of all meshes in world coordinates, each with its ``metadata["name"]``."""
    found = []
    # trimesh lists nodes in the order of a hash table; the file's order is that of the geometry.
    order = {name: number for number, name in enumerate(scene.geometry)}
    nodes = scene.graph.nodes_geometry
    for node in sorted(nodes, key=lambda node: (order[scene.graph[node][1]], str(node))):
        matrix, geometry = scene.graph[node]
        original = scene.geometry[geometry]
        if not isinstance(original, trimesh.Trimesh) or len(original.faces) == 0:
            continue
        mesh = original.copy()
        if isinstance(original.visual, TextureVisuals):
            # A copied picture would forget that it is a JPEG and be stored as a large PNG.
            mesh.visual = TextureVisuals(original.visual.uv, material=original.visual.material)
        mesh.apply_transform(matrix)
        mesh.metadata["name"] = str(node)
        found.append(mesh)
    return found


def assembled(meshes: Iterable[trimesh.Trimesh]) -> trimesh.Scene:
    """One scene with a node per mesh, named by ``metadata["name"]``."""
    scene = trimesh.Scene()
    for mesh in meshes:
        name = str(mesh.metadata.get("name", "model"))
        scene.add_geometry(mesh, node_name=name, geom_name=name)
    return scene


def concatenated(meshes: Sequence[trimesh.Trimesh]) -> trimesh.Trimesh:
    """One mesh with the colours of all."""
    joined = trimesh.util.concatenate(list(meshes))
    if not isinstance(joined, trimesh.Trimesh):
        raise TypeError("meshes only")
    return joined


def bare(scene: trimesh.Scene) -> trimesh.Trimesh:
    """All triangles as one mesh without colours, equal positions merged."""
    meshes = placed(scene)
    offsets = np.cumsum([0] + [len(mesh.vertices) for mesh in meshes])[:-1]
    joined = trimesh.Trimesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.faces + offset for mesh, offset in zip(meshes, offsets, strict=True)]),
        process=False,
    )
    joined.merge_vertices()
    joined.update_faces(joined.nondegenerate_faces())
    joined.remove_unreferenced_vertices()
    joined.metadata["name"] = "model"
    return joined


def material_of(mesh: trimesh.Trimesh) -> PBRMaterial | None:
    """The mesh's material as glTF knows it; None for vertex colours."""
    if not isinstance(mesh.visual, TextureVisuals):
        return None
    material = mesh.visual.material
    return material if isinstance(material, PBRMaterial) else material.to_pbr()


def texture_of(mesh: trimesh.Trimesh) -> Image.Image | None:
    """The base colour picture when the mesh has UVs to show it with."""
    material = material_of(mesh)
    uv = getattr(mesh.visual, "uv", None)
    if material is None or uv is None:
        return None
    texture: Image.Image | None = material.baseColorTexture
    return texture


def with_vertex_colours(mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    """A copy whose colours, textures included, are vertex colours."""
    visual = mesh.visual
    if isinstance(visual, TextureVisuals):
        texture = texture_of(mesh)
        material = material_of(mesh)
        if texture is not None:
            colours = sample(texture, np.asarray(visual.uv))
            if material is not None and material.baseColorFactor is not None:
                colours = colours * (np.asarray(material.baseColorFactor) / 255.0)
        else:
            colours = np.tile(main_colour(material), (len(mesh.vertices), 1))
        visual = ColorVisuals(vertex_colors=np.round(colours).astype(np.uint8))
    return trimesh.Trimesh(
        mesh.vertices, mesh.faces, visual=visual, metadata=mesh.metadata, process=False
    )


def main_colour(material: PBRMaterial | None) -> np.ndarray:
    """Base colour factor as four numbers of 0-255; white when there is none."""
    if material is None or material.baseColorFactor is None:
        return np.full(4, 255.0)
    return np.asarray(material.baseColorFactor, dtype=np.float64)


def sample(texture: Image.Image, uv: np.ndarray) -> np.ndarray:
    """(n, 4) colours of 0-255 at (n, 2) UVs, V up, repeating."""
    pixels = np.asarray(texture.convert("RGBA"))
    rows, columns = pixels.shape[:2]
    # The far edge is an edge, not the beginning of the next repetition.
    inside = np.where((uv < 0) | (uv > 1), uv % 1.0, uv)
    x = np.floor(inside[:, 0] * columns).astype(int).clip(0, columns - 1)
    y = np.floor((1.0 - inside[:, 1]) * rows).astype(int).clip(0, rows - 1)
    return np.asarray(pixels[y, x], dtype=np.float64)


def as_jpeg(picture: Image.Image, quality: int = 92) -> Image.Image:
    """The picture as a JPEG, which exporters then store as such: a tenth of a PNG's time."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=quality, subsampling=0)
    buffer.seek(0)
    return Image.open(buffer)


def store_textures(scene: trimesh.Scene, kind: str = "JPEG", most: int | None = None) -> int:
    """In place: every picture of every material becomes ``kind`` (JPEG or PNG).

    Pictures are shrunk to ``most`` pixels a side; transparent ones stay PNG. Returns their number.
    """
    done: dict[int, Image.Image] = {}
    for mesh in scene.geometry.values():
        visual: Any = mesh.visual
        material = material_of(mesh)
        if material is None:
            continue
        for slot in _PICTURES:
            picture = getattr(material, slot)
            if picture is not None:
                if id(picture) not in done:
                    done[id(picture)] = _stored(picture, kind, most)
                setattr(material, slot, done[id(picture)])
        visual.material = material
    return len(done)


def _stored(picture: Image.Image, kind: str, most: int | None) -> Image.Image:
    copy = picture.copy()
    if most is not None:
        copy.thumbnail((most, most), Image.Resampling.LANCZOS)
    transparent = "A" in copy.getbands() and np.asarray(copy.getchannel("A")).min() < 255
    # A copy has no format of its own and is stored as PNG.
    return as_jpeg(copy, quality=85) if kind == "JPEG" and not transparent else copy
