"""Models larger than the bed: closed parts that fit it, and pins that go into holes."""

from types import ModuleType
from typing import Any

import pytest
from mathutils import Matrix

from tests.blender.conftest import part
from tests.blender.test_print_check import ball, box, built, checked, hole, kinds, ring, slab

pytestmark = pytest.mark.oldest_and_newest

ASIDE = 0.0137
"""Millimetres that a cut is beside the middle, where symmetric models have corners."""
BED = (30.0, 20.0, 25.0)


def printer(sides: tuple[float, float, float] = BED) -> Any:
    return part("printing.printers").Printer("small", "Small", *sides)


def parted(mesh: Any, sides: tuple[float, float, float] = BED, **wanted: Any) -> Any:
    order = part("printing.orders").Split(**wanted)
    return part("blender.print.split").split(mesh, order, printer(sides))


BODIES: dict[str, Any] = {
    "ball": (ball(24.0),),
    "box": (box(40.0),),
    "ring": (ring,),
    "hollow ball": (ball(24.0), ball(18.0, inwards=True)),
    "two in one": (ball(20.0), box(30.0, (14.0, 1.0, 2.0))),
}


def whole(report: Any) -> None:
    """It is closed, and nothing of it is wrong."""
    assert report.figures["watertight"]
    assert not kinds(report) & {"inside_out", "non_manifold_edges", "loose_shells", "open_edges"}


@pytest.mark.parametrize("name", BODIES)
def test_the_parts_fit_and_are_all_of_it(extension: ModuleType, name: str) -> None:
    mesh = built(*BODIES[name])
    part("blender.print.booleans").unite(mesh)
    volume = checked(mesh).figures["volume"]
    parts = parted(mesh, pin=0.0)
    reports = [checked(one) for one in parts.meshes]
    assert len(reports) > 1
    for one, report in zip(parts.meshes, reports, strict=True):
        whole(report)
        assert printer().fits(report.figures["sides"])
        assert min(vertex.co.z for vertex in one.vertices) == pytest.approx(0.0, abs=1e-4)
    assert sum(report.figures["volume"] for report in reports) == pytest.approx(volume, rel=0.005)


@pytest.mark.parametrize("clearance", [0.2, 0.0])
def test_pins_go_into_holes(extension: ModuleType, clearance: float) -> None:
    """A bar in two: a part with pins, and one with holes that are as much wider."""
    bar = built(slab((24.0, 16.0, 40.0), (0.0, 0.0, 0.0)))
    parts = parted(bar, pin=4.0, clearance=clearance)
    assert parts.pins == 2
    low, high = (checked(one) for one in parts.meshes)
    for report in (low, high):
        whole(report)
        assert printer().fits(report.figures["sides"])
        assert not kinds(report) & {"self_intersections"}
    assert low.figures["sides"][2] == pytest.approx(20.0 + 4.0, abs=0.05)
    assert high.figures["sides"][2] == pytest.approx(20.0, abs=0.05)
    below, above = (24.0 * 16.0 * height for height in (20.0 + ASIDE, 20.0 - ASIDE))
    share = 0.9936 * 3.14159  # of a circle with 32 corners
    pins = 2 * share * 2.0**2 * 4.0
    holes = 2 * share * (2.0 + clearance) ** 2 * (4.0 + clearance)
    assert low.figures["volume"] - below == pytest.approx(pins, rel=0.01)
    assert above - high.figures["volume"] == pytest.approx(holes, rel=0.01)


def test_there_are_no_pins_where_the_cut_is_small(extension: ModuleType) -> None:
    thin = slab((5.8, 5.8, 60.0), (0.0, 0.0, 0.0))
    assert parted(built(thin), pin=4.0).pins == 0
    assert parted(built(thin), pin=1.5).pins > 0
    shell = built(ball(24.0), ball(22.5, inwards=True))
    assert parted(shell, pin=4.0).pins == 0


def test_what_stands_apart_is_a_part_of_its_own(extension: ModuleType) -> None:
    """Two legs below a body."""
    legs = [slab((4.0, 4.0, 24.0), (x, 0.0, -11.0)) for x in (-8.0, 8.0)]
    parts = parted(built(slab((28.0, 10.0, 22.0), (0.0, 0.0, 11.0)), *legs), pin=0.0)
    assert len(parts.meshes) == 3
    for one in parts.meshes:
        whole(checked(one))


def test_a_part_lies_on_its_cut(extension: ModuleType) -> None:
    """A long egg in two by an upright plane: the half behind it lies on what was cut."""
    egg = built(ball(10.0))
    egg.transform(Matrix.Diagonal((1.7, 1.0, 1.0, 1.0)))
    parts = parted(egg, (30.0, 22.0, 30.0), pin=0.0)
    heights = [checked(one).figures["sides"][2] for one in parts.meshes]
    assert heights == pytest.approx([20.0, 17.0], abs=0.1)


def test_what_fits_stays_whole(extension: ModuleType) -> None:
    mesh = built(box(18.0))
    parts = parted(mesh)
    assert (parts.meshes, parts.pins) == ([mesh], 0)


def test_what_is_open_is_refused(extension: ModuleType) -> None:
    failure = part("blender.model.failure").PreparationFailed
    with pytest.raises(failure, match="closed surface"):
        parted(built(ball(30.0), hole))
