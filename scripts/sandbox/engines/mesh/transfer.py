"""Colours carried from one surface to another by nearest points, into a new atlas."""

from typing import Any

import numpy as np
import trimesh
from PIL import Image
from scipy.spatial import cKDTree
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from scripts.sandbox.engines.geometry import atlas
from scripts.sandbox.engines.geometry.surface import Floats, Ints, surface_of
from scripts.sandbox.engines.mesh import parts

_SAMPLES = 400_000
_CANDIDATES = 5
_CHUNK = 100_000
_PADDING = 6


class Colours:
    """The base colour of a scene at any point near its surface."""

    def __init__(self, scene: trimesh.Scene) -> None:
        self._meshes = parts.placed(scene)
        self._owner = np.repeat(np.arange(len(self._meshes)), [len(m.faces) for m in self._meshes])
        self._triangles = np.concatenate([m.triangles for m in self._meshes])
        self._first = np.cumsum([0] + [len(m.faces) for m in self._meshes])
        whole = trimesh.Trimesh(
            self._triangles.reshape(-1, 3), np.arange(3 * len(self._owner)).reshape(-1, 3),
            process=False,
        )  # fmt: skip
        points, self._face = trimesh.sample.sample_surface(whole, _SAMPLES, seed=1)
        self._tree = cKDTree(points)

    def at(self, points: Floats) -> Floats:
        """(n, 4) colours of 0-255 for (n, 3) points."""
        colours = np.empty((len(points), 4))
        for start in range(0, len(points), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            face, weights = self._nearest(points[chunk])
            colours[chunk] = self._colours_in(face, weights)
        return colours

    def _nearest(self, points: Floats) -> tuple[Ints, Floats]:
        """The triangle next to each point and the barycentric weights of the nearest place in it.

        The nearest sample alone would mix up surfaces that lie closer than the samples do, such
        as a pane and the body behind it.
        """
        _, nearest = self._tree.query(points, k=_CANDIDATES)
        candidates = self._face[nearest]
        face = candidates[:, 0].copy()
        weights, best = self._place(face, points)
        for column in range(1, _CANDIDATES):
            other = np.flatnonzero(candidates[:, column] != face)
            tried, distance = self._place(candidates[other, column], points[other])
            better = distance < best[other]
            at = other[better]
            best[at], weights[at] = distance[better], tried[better]
            face[at] = candidates[at, column]
        return face, weights

    def _place(self, face: Ints, points: Floats) -> tuple[Floats, Floats]:
        """Barycentric weights of the place next to each point in its triangle, and its distance."""
        corners = self._triangles[face]
        weights = trimesh.triangles.points_to_barycentric(corners, points)
        weights = np.nan_to_num(weights, nan=1 / 3).clip(0, 1)
        weights /= weights.sum(axis=1, keepdims=True)
        place = np.einsum("nc,nci->ni", weights, corners)
        return weights, np.linalg.norm(place - points, axis=1)

    def _colours_in(self, face: Ints, weights: Floats) -> Floats:
        colours = np.empty((len(face), 4))
        for number, mesh in enumerate(self._meshes):
            here = self._owner[face] == number
            if here.any():
                local = face[here] - self._first[number]
                colours[here] = _colours(mesh, local, weights[here])
        return colours


def _colours(mesh: trimesh.Trimesh, face: Ints, weights: Floats) -> Floats:
    """Colours at barycentric ``weights`` within triangles of one mesh."""
    visual: Any = mesh.visual
    texture = parts.texture_of(mesh)
    if texture is not None:
        corners = np.asarray(visual.uv)[mesh.faces[face]]
        tint = parts.main_colour(parts.material_of(mesh)) / 255
        return parts.sample(texture, np.einsum("nc,nci->ni", weights, corners)) * tint
    if isinstance(visual, TextureVisuals):
        return np.tile(parts.main_colour(parts.material_of(mesh)), (len(face), 1))
    corners = np.asarray(visual.vertex_colors, dtype=np.float64)[mesh.faces[face]]
    return np.asarray(np.einsum("nc,nci->ni", weights, corners))


def single_colour(scene: trimesh.Scene) -> Floats | None:
    """The one colour (4 numbers of 0-255) that the whole scene has; None if there are more."""
    found = []
    for mesh in parts.placed(scene):
        if parts.texture_of(mesh) is not None:
            return None
        if isinstance(mesh.visual, TextureVisuals):
            found.append(parts.main_colour(parts.material_of(mesh))[None])
        elif mesh.visual is not None and mesh.visual.kind is not None:
            found.append(np.asarray(mesh.visual.vertex_colors, dtype=np.float64))
        else:
            found.append(np.full((1, 4), 200.0))
    colours = np.concatenate(found)
    same = bool((np.ptp(colours, axis=0) == 0).all())
    return np.asarray(colours[0], dtype=np.float64) if same else None


def painted(
    surface: trimesh.Trimesh, source: trimesh.Scene, resolution: int, texels: int
) -> trimesh.Trimesh:
    """``surface`` with new UVs and a square texture that repeats the colours of ``source``.

    The picture has ``resolution`` pixels a side, enlarged from ``texels`` if these are fewer. A
    source of one colour gives a plain material and no picture.
    """
    plain = single_colour(source)
    if plain is not None:
        material = PBRMaterial(
            baseColorFactor=plain.astype(np.uint8), metallicFactor=0.0, roughnessFactor=0.8
        )
        visual = TextureVisuals(material=material)
        return trimesh.Trimesh(
            surface.vertices, surface.faces, visual=visual, metadata=surface.metadata, process=False
        )
    texels = min(resolution, texels)
    uv = unwrapped(surface, texels)
    picture = _picture(surface, uv, texels, Colours(source))
    if texels != resolution:
        picture = picture.resize((resolution, resolution), Image.Resampling.BICUBIC)
    return textured(surface, uv, picture)


def unwrapped(surface: trimesh.Trimesh, texels: int) -> Floats:
    """(m, 3, 2) UVs of a new atlas for a picture of ``texels`` a side."""
    return atlas.lay_out([surface_of(surface)], texels).uvs[0]


def _picture(surface: trimesh.Trimesh, uv: Floats, texels: int, colours: Colours) -> Image.Image:
    covered = atlas.cover(uv, texels, _PADDING)
    weights = covered.weights.clip(0, 1)
    weights /= weights.sum(axis=1, keepdims=True)
    points = np.einsum("nc,nci->ni", weights, surface.triangles[covered.triangle])
    pixels = np.full((texels * texels, 3), 128, dtype=np.uint8)
    pixels[covered.texel] = np.round(colours.at(points)[:, :3]).astype(np.uint8)
    return Image.fromarray(pixels.reshape(texels, texels, 3))


def textured(surface: trimesh.Trimesh, uv: Floats, picture: Image.Image) -> trimesh.Trimesh:
    """``surface`` with one UV per corner: vertices are split where corners disagree."""
    corner = np.asarray(surface.faces, dtype=np.int64).reshape(-1)
    flat = uv.reshape(-1, 2)
    keys = np.concatenate([corner[:, None], np.round(flat * 1e6).astype(np.int64)], axis=1)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    material = PBRMaterial(
        baseColorTexture=parts.as_jpeg(picture), metallicFactor=0.0, roughnessFactor=0.8
    )
    return trimesh.Trimesh(
        surface.vertices[corner[first]],
        inverse.reshape(-1, 3),
        vertex_normals=surface.vertex_normals[corner[first]],
        visual=TextureVisuals(flat[first], material=material),
        metadata=surface.metadata,
        process=False,
    )
