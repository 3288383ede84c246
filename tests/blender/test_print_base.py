"""A base under a figurine: closed, of the size that was wanted, with the name on it."""

import math
from types import ModuleType
from typing import Any

import bmesh
import pytest
from mathutils import Matrix

from tests.blender.conftest import part
from tests.blender.test_print_check import ball, built, checked, kinds, turned

pytestmark = pytest.mark.oldest_and_newest


def based(**wanted: object) -> object:
    """A ball on a base, looked at."""
    mesh = built(ball(8.0, (50.0, 20.0, 8.0)))
    base = part("blender.print.base")
    base.add_base(mesh, part("printing.orders").Base(**wanted))
    return checked(mesh)


@pytest.mark.parametrize("shape", ["disc", "square", "hex", "plinth"])
@pytest.mark.parametrize("bevel", [0.0, 0.5])
def test_a_base_has_its_size_and_is_closed(extension: ModuleType, shape: str, bevel: float) -> None:
    report = based(shape=shape, diameter=30.0, height=4.0, bevel=bevel)
    assert report.figures["watertight"]
    assert report.figures["shells"] == 1
    assert not kinds(report) & {"self_intersections", "non_manifold_edges", "loose_shells"}
    wide = 30.0 * (1.05 if shape == "plinth" else 1.0)
    assert report.figures["sides"][1] == pytest.approx(wide, abs=0.1)
    assert report.figures["sides"][2] == pytest.approx(4.0 - 0.2 + 16.0, abs=0.1)


@pytest.mark.parametrize("shape", ["square", "hex", "plinth"])
def test_a_name_stands_out_or_goes_in(extension: ModuleType, shape: str) -> None:
    plain = based(shape=shape, diameter=30.0, height=8.0)
    raised = based(shape=shape, diameter=30.0, height=8.0, text="Anna B.")
    engraved = based(shape=shape, diameter=30.0, height=8.0, text="Anna B.", engraved=True)
    volumes = [report.figures["volume"] for report in (engraved, plain, raised)]
    assert volumes[0] < volumes[1] - 1.0
    assert volumes[2] > volumes[1] + 1.0
    for report in (raised, engraved):
        assert report.figures["watertight"]
        assert not kinds(report) & {"self_intersections", "non_manifold_edges", "open_edges"}


def test_parts_that_cut_through_each_other_become_one(extension: ModuleType) -> None:
    mesh = built(ball(6.0, (0.0, 0.0, 14.0)), turned((5, 0), (3, 10)))
    base = part("blender.print.base")
    base.add_base(mesh, part("printing.orders").Base(shape="disc"))
    report = checked(mesh)
    assert report.figures["watertight"]
    assert report.figures["shells"] == 1
    assert report.figures["sides"][0] == pytest.approx(12.0 * 1.1, abs=0.1)


def test_no_part_is_lost_where_corners_meet(extension: ModuleType) -> None:
    """A pawn: cylinders with their corners in the same directions, from the same height, a ball."""

    def rod(radius: float, height: float) -> Any:
        return lambda shape: bmesh.ops.create_cone(
            shape,
            cap_ends=True,
            segments=32,
            radius1=radius,
            radius2=radius,
            depth=height,
            matrix=Matrix.Translation((0.0, 0.0, height / 2)),
        )

    mesh = built(rod(9.0, 6.0), rod(4.5, 26.0), ball(7.0, (0.0, 0.0, 28.0)))
    part("blender.print.booleans").unite(mesh)
    report = checked(mesh)
    assert (report.figures["shells"], report.figures["watertight"]) == (1, True)
    low, bar = (math.pi * radius**2 for radius in (9.0, 4.5))
    # Of the ball, what is above the bar's top and around its side, is the most that is added.
    bare = low * 6.0 + bar * 20.0
    assert bare < report.figures["volume"] < bare + 4 / 3 * math.pi * 7.0**3
    assert report.figures["sides"] == pytest.approx([18.0, 18.0, 35.0], abs=0.1)


def test_a_disc_with_a_name_is_cut_off_flat_where_it_stands(extension: ModuleType) -> None:
    plain, named = (
        based(shape="disc", diameter=30.0, height=8.0, text=text) for text in ("", "Anna B.")
    )
    raised = based(shape="disc", diameter=30.0, height=8.0, text="Anna B.", depth=1.0)
    engraved = based(shape="disc", diameter=30.0, height=8.0, text="Anna B.", engraved=True)
    for report in (named, raised, engraved):
        assert report.figures["watertight"]
        assert report.figures["shells"] == 1
        assert not kinds(report) & {"self_intersections", "non_manifold_edges", "open_edges"}
    assert plain.figures["sides"][1] == pytest.approx(30.0, abs=0.05)
    assert named.figures["sides"][1] == pytest.approx(15.0 + 0.85 * 15.0 + 0.6, abs=0.05)
    volumes = [report.figures["volume"] for report in (engraved, named, raised, plain)]
    assert volumes == sorted(volumes)
