"""One texture atlas: surfaces flattened along the axes, packed by xatlas, drawn into texels."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import xatlas
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .surface import Floats, Ints, Surface, barycentric, edge_pairs, face_normals

MARGIN = 3
_SUBPIXEL_BITS = 4
_DIRECTIONS = np.array(
    [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=np.float64
)
_U_AXES = np.array([[0, 0, -1], [0, 0, 1], [1, 0, 0], [1, 0, 0], [1, 0, 0], [-1, 0, 0]])
_V_AXES = np.array([[0, 1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1], [0, 1, 0], [0, 1, 0]])
_SMOOTHING_ROUNDS = 12
_ISLAND_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """Where every surface lies.

    scale    texels per metre
    uvs      one (m, 3, 2) array per surface, 0-1, V up
    metres   the same in metres, before packing
    copy     whether the surface uses the texels of one before it
    """

    scale: float
    uvs: list[Floats]
    metres: list[Floats]
    copy: list[bool]


@dataclass(frozen=True, slots=True)
class Cover:
    """The texels that show a triangle, and those right beside, in the order of the triangles.

    texel     (n,) row * resolution + column; row 0 is V = 1
    triangle  (n,)
    weights   (n, 3) barycentric
    """

    texel: Ints
    triangle: Ints
    weights: npt.NDArray[np.float32]


def lay_out(
    surfaces: Sequence[Surface], resolution: int, looks: Sequence[Hashable] | None = None
) -> Layout:
    """Flatten and pack all surfaces into a square of ``resolution`` texels.

    Copies of a surface use the same texels, unless their ``looks`` differ.
    """
    owners: dict[tuple[int, Hashable], int] = {}
    named = zip(surfaces, looks or [None] * len(surfaces), strict=True)
    owner = [owners.setdefault((id(s.rest), look), n) for n, (s, look) in enumerate(named)]
    own = [number for number, first in enumerate(owner) if first == number]
    metres, packed, scale = _packed([surfaces[number] for number in own], resolution)
    places = {number: place for place, number in enumerate(own)}
    return Layout(
        scale,
        [packed[places[first]] for first in owner],
        [metres[places[first]] for first in owner],
        [first != number for number, first in enumerate(owner)],
    )


def _packed(surfaces: list[Surface], resolution: int) -> tuple[list[Floats], list[Floats], float]:
    """UVs of each surface in metres and in the atlas, and the texels per metre."""
    firsts = np.cumsum([0, *(len(s.rest) for s in surfaces)])
    triangles = np.concatenate(
        [s.triangles + first for s, first in zip(surfaces, firsts, strict=False)]
    )
    counts = np.array([len(s.triangles) for s in surfaces])
    crumbs = np.repeat(np.maximum(4, counts // 400), counts)
    # xatlas's own charts take minutes on organic shapes, and their directions mean nothing: bricks
    # and cloth need an up.
    uv, chart = flattened(np.concatenate([s.rest for s in surfaces]), triangles, crumbs)
    # Charts share no vertices, and xatlas keeps those of different materials apart.
    corners = (triangles * (int(chart.max()) + 1) + chart[:, None]).ravel()
    _, first, faces = np.unique(corners, return_index=True, return_inverse=True)
    # xatlas leaves out what it finds too small, and a ring is measured in millimetres.
    grown = resolution / max(float(np.ptp(uv, axis=(0, 1)).max()), 1e-9)
    packer = xatlas.Atlas()
    packer.add_uv_mesh(
        (uv.reshape(-1, 2)[first] * grown).astype(np.float32),
        faces.reshape(-1, 3).astype(np.uint32),
        chart.astype(np.uint32)[:, None],
    )
    options = xatlas.PackOptions()
    options.resolution, options.padding = resolution, MARGIN
    # A chart turned by xatlas would be mirrored as well.
    options.rotate_charts = options.rotate_charts_to_axis = False
    packer.generate(pack_options=options)
    side = max(packer.width, packer.height)
    _, faces, found = packer.get_mesh(0)
    atlas = np.asarray(found, dtype=np.float64) * [packer.width / side, packer.height / side]
    ends = np.cumsum(counts)[:-1]
    scale = packer.texels_per_unit * grown * resolution / side
    return np.split(uv, ends), np.split(atlas[faces], ends), scale


def flattened(positions: Floats, triangles: Ints, crumbs: Ints | int = 4) -> tuple[Floats, Ints]:
    """(m, 3, 2) UVs in metres along the six axes, and the (m,) number of each triangle's chart.

    Borders between directions are straightened by voting; charts of fewer triangles than
    ``crumbs`` join their neighbours.
    """
    normals, areas = face_normals(positions, triangles)
    pairs = np.stack(edge_pairs(triangles), axis=1) // 3
    count = len(triangles)
    votes = normals @ _DIRECTIONS.T
    both = np.concatenate([pairs, pairs[:, ::-1]])
    link = coo_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count)).tocsr()
    label = best = votes.argmax(axis=1)
    for _ in range(_SMOOTHING_ROUNDS):
        score = np.asarray(link @ np.eye(6)[label]) + 1.5 * votes
        # A face must not lie backwards in its chart.
        score[votes < 0.2] = -np.inf
        before, label = label, np.where(votes.max(axis=1) >= 0.2, score.argmax(axis=1), best)
        if np.array_equal(before, label):
            break
    label = _without_islands(label, votes, pairs, crumbs)
    chart = _pieces(label, pairs)
    axes = np.stack([_U_AXES[label], _V_AXES[label]], axis=1)
    uv = np.einsum("mci,mji->mcj", positions[triangles], axes)
    # What leans away is seen shortened: every chart gets back the area that it has in space.
    seen = areas * votes[np.arange(count), label]
    stretch = np.sqrt(np.bincount(chart, areas) / np.maximum(np.bincount(chart, seen), 1e-20))
    return uv * np.clip(stretch, 1.0, 2.0)[chart, None, None], chart


def _pieces(label: Ints, pairs: Ints) -> Ints:
    """(m,) number of the connected piece of equal label each triangle belongs to."""
    inside = pairs[label[pairs[:, 0]] == label[pairs[:, 1]]]
    shape = (len(label), len(label))
    same = coo_array((np.ones(len(inside)), (inside[:, 0], inside[:, 1])), shape=shape)
    return np.asarray(connected_components(same, directed=False)[1], dtype=np.int64)


def _without_islands(label: Ints, votes: Floats, pairs: Ints, crumbs: Ints | int) -> Ints:
    """Give pieces of a few triangles to a neighbour unless they would lie backwards there."""
    for _ in range(_ISLAND_ROUNDS):
        piece = _pieces(label, pairs)
        small = np.bincount(piece)[piece] < crumbs
        border = pairs[(label[pairs[:, 0]] != label[pairs[:, 1]])]
        both = np.concatenate([border, border[:, ::-1]])
        take = small[both[:, 0]] & (votes[both[:, 0], label[both[:, 1]]] > 0.05)
        if not take.any():
            break
        label = label.copy()
        label[both[take, 0]] = label[both[take, 1]]
    return label


def cover(uv: Floats, resolution: int, reach: int = MARGIN + 1) -> Cover:
    """Which triangle of (m, 3, 2) UVs every texel shows, up to ``reach`` texels outside."""
    image = _nearest(drawn(uv, resolution), reach).ravel()
    texel = np.flatnonzero(image >= 0)
    texel = texel[np.argsort(image[texel], kind="stable")]
    triangle = image[texel].astype(np.int64)
    row, column = np.divmod(texel, resolution)
    at = np.stack([column + 0.5, resolution - row - 0.5], axis=1) / resolution
    # Slivers would extrapolate without bounds.
    weights = np.clip(barycentric(uv[triangle], at), -2.0, 3.0).astype(np.float32)
    weights[:, 0] = 1 - weights[:, 1] - weights[:, 2]
    return Cover(texel, triangle, weights)


def drawn(uv: Floats, resolution: int) -> npt.NDArray[np.int32]:
    """(resolution, resolution) image of triangle numbers, -1 where none; row 0 is V = 1."""
    return drawn_pixels((uv * [1, -1] + [0, 1]) * resolution - 0.5, resolution, range(len(uv)))


def drawn_pixels(corners: Floats, side: int, order: Sequence[int] | Ints) -> npt.NDArray[np.int32]:
    """(side, side) image of the numbers of (m, 3, 2) triangles, drawn over each other in order."""
    image = np.full((side, side), -1, dtype=np.int32)
    fixed = np.round(corners * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    for number in order:
        cv2.fillConvexPoly(image, fixed[number], int(number), cv2.LINE_8, _SUBPIXEL_BITS)
    return image


def _nearest(image: npt.NDArray[np.int32], reach: int) -> npt.NDArray[np.int32]:
    """Grow the drawn numbers outwards by up to ``reach`` texels."""
    empty = (image < 0).astype(np.uint8)
    distance, label = cv2.distanceTransformWithLabels(
        empty, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(label.max()) + 1, dtype=np.int32)
    owner[label[empty == 0]] = image[empty == 0]
    return np.where(distance <= reach, owner[label], -1).astype(np.int32)
