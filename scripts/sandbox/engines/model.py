"""A model as engines build it (parts with finishes) and as exporters write it (one mesh)."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .geometry.surface import Floats, Ints, Surface
from .textures.texels import Finish

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Part:
    """A closed surface of one material."""

    name: str
    surface: Surface
    finish: Finish


@dataclass(frozen=True, slots=True)
class Textures:
    """(n, n, 3) images; ``orm`` holds occlusion, roughness and metallic as glTF wants them."""

    base_colour: Image
    orm: Image | None = None
    normal: Image | None = None


@dataclass(frozen=True, slots=True)
class Mesh:
    """Vertices split at seams and hard edges.

    positions  (n, 3) metres, Y up
    normals    (n, 3)
    uvs        (n, 2) 0-1, V up
    triangles  (m, 3)
    part       (m,) index into ``part_names``
    """

    positions: Floats
    normals: Floats
    uvs: Floats
    triangles: Ints
    part: Ints
    part_names: tuple[str, ...]
    textures: Textures | None = field(default=None)


def mesh_of(parts: list[Part], normals: list[Floats], uvs: list[Floats]) -> Mesh:
    """One mesh from parts; corners that agree in position, normal and UV become one vertex."""
    corners = np.concatenate([p.surface.positions[p.surface.triangles] for p in parts])
    keys = np.concatenate([corners, np.concatenate(normals), _padded(np.concatenate(uvs))], axis=2)
    flat = keys.reshape(-1, 9)
    # Parts that touch must not share vertices.
    owner = np.repeat(np.arange(len(parts)), [len(p.surface.triangles) for p in parts])
    flat[:, 8] = np.repeat(owner, 3)
    rounded = np.round(flat * 1e6).astype(np.int64)
    packed = np.ascontiguousarray(rounded).view([("", np.int64)] * 9).reshape(-1)
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    chosen = flat[first]
    names = list(dict.fromkeys(p.name for p in parts))
    name_index = np.array([names.index(p.name) for p in parts])
    return Mesh(
        chosen[:, 0:3],
        chosen[:, 3:6],
        chosen[:, 6:8],
        np.asarray(inverse.reshape(-1, 3), dtype=np.int64),
        name_index[owner],
        tuple(names),
    )


def _padded(uv: Floats) -> Floats:
    return np.concatenate([uv, np.zeros((*uv.shape[:2], 1))], axis=2)
