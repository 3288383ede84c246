"""The meshes that came back, taken to where the surface they lie on is when nothing bends it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import bpy
import numpy as np
from mathutils import Matrix

from ...core.access import copy_of, mesh_of, present, scene_of
from ...model import deforming
from ...model.arrays import SIDES, Integers, Places, got, moved, places_of
from .. import export
from . import binding, originals
from .attributes import Taker
from .originals import EXACT

ROUNDS: Final = 8
"""In which places are corrected: bending interpolated weights is not interpolating the bent."""
NEAR: Final = 1e-3
"""Share of the size within which a place may be beside where it was sent."""
MOST_BESIDE: Final = 0.02
"""Share of the vertices that may be further away; of more, this is not the way they were bent."""
FAR: Final = 0.05
"""Share of the size beyond which it is another place."""
MOST_ASTRAY: Final = 0.5
"""Share of the vertices that may come from another place than the surface around them."""
SLIGHT: Final = 1e-4
"""Weights below do not count."""


class Piece:
    """A mesh that came back.

    Vertices at one place count as one: files split them along seams. Arrays have a row for each
    such place.
    """

    def __init__(self, obj: bpy.types.Object, source: originals.Source) -> None:
        self.obj = obj
        self.mesh = mesh_of(obj)
        if self.mesh.users > 1:
            obj.data = self.mesh = copy_of(self.mesh)
        self.to_file = obj.matrix_world.copy()
        every = moved(places_of(self.mesh).astype(np.float64), self.to_file)
        self.first, self.which = _places_apart(every)
        """A vertex of each place, and the place of each vertex."""
        self.places = every[self.first]
        self.bound = binding.bind(
            self.places, self._normals(), source.given.shape, source.given.tree
        )
        self.unbent = self.places
        """(n, 3) where they are before anything but shape keys bends them."""
        self.rest = self.places
        """(n, 3) the same without these."""

    def _normals(self) -> Places:
        """(n, 3), as long as there are vertices."""
        turn = np.array(self.to_file.to_3x3().inverted_safe())
        normals = got(self.mesh.vertex_normals, "vector", 3, kind=np.float32) @ turn
        sums = [np.bincount(self.which, side, len(self.first)) for side in normals.T]
        return np.stack(sums, axis=1)

    def take_weights(self, source: originals.Source) -> None:
        """Make the vertex groups of the object those of what was sent."""
        groups, weights = source.groups
        self.obj.vertex_groups.clear()
        made = [self.obj.vertex_groups.new(name=group.name) for group in groups]
        for group, vertex_group in zip(groups, made, strict=True):
            vertex_group.lock_weight = group.is_locked
        vertices = np.argsort(self.which, kind="stable").tolist()
        starts = np.append(0, np.cumsum(np.bincount(self.which))).tolist()
        for row, number, value in _weights(self.bound, weights, len(groups)):
            made[number].add(vertices[starts[row] : starts[row + 1]], value, "REPLACE")

    def add_key(self, name: str, places: Places) -> bpy.types.ShapeKey:
        """Add a shape key; ``places`` are in the file's coordinates."""
        key = self.obj.shape_key_add(name=name, from_mix=False)
        self.set(key.data, places, self.to_file.inverted_safe())
        return key

    def set(self, points: Any, places: Places, to_own: Matrix) -> None:
        """Move vertices, or points of shape keys, there."""
        own = moved(places, to_own).astype(np.float32)
        points.foreach_set("co", own[self.which].ravel())

    def take_attributes(self, source: originals.Source) -> None:
        """Give the mesh the attributes it does not have."""
        Taker(self.mesh, self.places[self.which], self.bound.of(self.which), source.given).take()


def _places_apart(places: Places) -> tuple[Integers, Integers]:
    """The first of those at each place, and for each which place it is."""
    flat = np.ascontiguousarray(places.astype(np.float32) + np.float32(0.0))  # -0.0 is 0.0
    rows = flat.view(np.dtype((np.void, flat.itemsize * 3))).ravel()
    _, first, which = np.unique(rows, return_index=True, return_inverse=True)
    order = np.argsort(first)  # as the vertices: one after the other lie near each other
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[which.ravel()]


def _weights(
    bound: binding.Bound, weights: originals.Weights, count: int
) -> Iterable[tuple[int, int, float]]:
    """Row, group and weight of what is bound; ``count`` groups there are."""
    vertices = int(bound.corners.max(initial=-1)) + 1
    many = np.bincount(weights.vertices, minlength=vertices)
    first = np.cumsum(many) - many
    corners, shares = bound.corners.ravel(), bound.shares.ravel()
    repeats = many[corners]
    row = np.repeat(np.arange(len(corners)), repeats)
    within = np.arange(len(row)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    entry = first[corners][row] + within
    pair = (row // SIDES) * count + weights.groups[entry]
    pairs, which = np.unique(pair, return_inverse=True)
    values = np.bincount(which.ravel(), shares[row] * weights.values[entry], len(pairs))
    much = values > SLIGHT
    rows, groups = np.divmod(pairs[much], max(count, 1))
    return zip(rows.tolist(), groups.tolist(), np.minimum(values[much], 1.0).tolist(), strict=True)


def lie_on(pieces: Sequence[Piece], source: originals.Source) -> bool:
    """Whether most of the pieces is where the surface is."""
    gaps = np.concatenate([np.linalg.norm(piece.bound.offsets, axis=1) for piece in pieces])
    return bool(np.median(gaps) <= FAR * source.size)


def bend_back(pieces: Sequence[Piece], source: originals.Source, original: export.Original) -> bool:
    """Find where the pieces' places are before anything bends them; False if that is nowhere."""
    main, world = original.objects[0], original.worlds[0]
    if original.apply_modifiers and deforming.hangs_in(main) and deforming.is_copied(main):
        return False
    if not source.is_bent:
        return True
    if abs(world.determinant()) == 0.0:
        return False
    beside = astray = total = 0
    for piece in pieces:
        shift = piece.bound.mean(source.unbent - source.rest) if source.basis else None
        probe = _Probe(piece, main, world, shift, apply=original.apply_modifiers)
        turns = binding.turns(piece.bound, source.posed, source.unbent)
        guess = binding.bent(piece.bound, turns, source.unbent)
        piece.unbent, off = _solved(probe, piece.places, guess, turns, source.size)
        far = np.linalg.norm(piece.unbent - guess, axis=1)
        beside += int((off > NEAR * source.size).sum())
        astray += int((far > FAR * source.size).sum())
        total += len(off)
    return beside <= MOST_BESIDE * total and astray <= MOST_ASTRAY * total


class _Probe:
    """A piece in the original's stead, to see where its vertices go."""

    def __init__(
        self,
        piece: Piece,
        main: bpy.types.Object,
        world: Matrix,
        shift: Places | None,
        *,
        apply: bool,
    ) -> None:
        """``shift`` (n, 3) is what shape keys do, if there are any."""
        self._to_file, self._to_main = world, world.inverted()
        self._piece, self._shift = piece, shift
        self._mesh = copy_of(piece.mesh)
        self._obj = copy_of(main)
        self._obj.data = self._mesh
        for hook in list(deforming.hooks(self._obj)):
            deforming.hold_by_group(hook)
        going_on = [one.name for one in deforming.going_on(self._obj)]
        for modifier in list(self._obj.modifiers):
            if not apply or modifier.name not in going_on:
                self._obj.modifiers.remove(modifier)
        scene_of(bpy.context).collection.objects.link(self._obj)
        if shift is not None:
            self._obj.show_only_shape_key = False
            names = (deforming.REST, deforming.POSED)
            self._keys = [self._obj.shape_key_add(name=name) for name in names]
            self._keys[1].value = 1.0

    def bent(self, places: Places) -> Places:
        """Where the original's modifiers take these places; (n, 3) in the file's coordinates."""
        rest = places if self._shift is None else places - self._shift
        self._piece.set(self._mesh.vertices, rest, self._to_main)
        if self._shift is not None:
            self._piece.set(self._keys[0].data, rest, self._to_main)
            self._piece.set(self._keys[1].data, places, self._to_main)
        self._mesh.update()
        shown = originals.shown_places(self._obj)[self._piece.first]
        return moved(shown, self._to_file)


def _solved(
    probe: _Probe, wanted: Places, guess: Places, turns: Places, size: float
) -> tuple[Places, Places]:
    """Places that are bent to those ``wanted``, and by how far they miss them.

    Newton's way, with the turns of the surface in place of the derivative; where a step does not
    help, a shorter one is tried.
    """
    best, off = guess, wanted - probe.bent(guess)
    miss = np.linalg.norm(off, axis=1)
    length = np.ones((len(wanted), 1))
    for _ in range(ROUNDS):
        if miss.max(initial=0.0) <= EXACT * size:
            break
        tried = best + length * (turns @ off[:, :, None])[:, :, 0]
        still_off = wanted - probe.bent(tried)
        still_misses = np.linalg.norm(still_off, axis=1)
        better = still_misses < miss
        best = np.where(better[:, None], tried, best)
        off = np.where(better[:, None], still_off, off)
        miss = np.where(better, still_misses, miss)
        length = np.where(better[:, None], length, length / 2)
    return best, miss


def write_shapes(pieces: Sequence[Piece], source: originals.Source, in_mesh: str) -> None:
    """Give the pieces the shape keys, and one that shows them as they were sent.

    Their vertices themselves stay where they were sent. All pieces get the same keys: they may
    become one mesh.
    """
    for piece in pieces:
        piece.mesh[deforming.AT_REST] = in_mesh
    if not source.is_bent and not source.basis:
        return
    for piece in pieces:
        piece.rest = piece.unbent - piece.bound.mean(source.unbent - source.rest)
        piece.add_key(source.basis or deforming.REST, piece.rest)
    for name in source.relations:
        difference = source.difference(name)
        for piece in pieces:
            piece.add_key(name, piece.rest + piece.bound.mean(difference))
    for piece in pieces:
        blocks: Any = present(piece.mesh.shape_keys, "shape keys").key_blocks
        for name, relative_to in source.relations.items():
            blocks[name].relative_key = blocks[
                relative_to if relative_to in source.relations else source.basis
            ]
        piece.add_key(deforming.POSED, piece.places).value = 1.0
