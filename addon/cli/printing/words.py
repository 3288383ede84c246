"""What people are told of a model for a printer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ...catalog.validation import grouped
from ...printing.words import said


def lines(file: str, unit: str, figurines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A table of what was found; what was done to a model is told once, with its first part."""
    told = ""
    for figurine in figurines:
        yield f"{file}: {figurine['name']} (read in {unit})"
        yield from _figures(figurine["figures"])
        whole = figurine.get("split", {}).get("of", "")
        if not whole or whole != told:
            yield from _fixed(figurine)
            yield from _bodies(figurine)
        told = whole
        for finding in figurine["findings"]:
            yield f"  {finding['severity']:8} {said(finding, grouped)}"
        if not figurine["findings"]:
            yield "  ok       nothing found"


def _fixed(figurine: Mapping[str, Any]) -> Iterator[str]:
    """What was mended."""
    if "fixed" in figurine:
        done = [f"{step}: {grouped(count)}" for step, count in figurine["fixed"].items() if count]
        yield f"  fixed    {', '.join(done) or 'nothing had to be'}"


def _bodies(figurine: Mapping[str, Any]) -> Iterator[str]:
    """What became of its inside, and what it is a part of."""
    if hollow := figurine.get("hollow"):
        yield (
            f"  hollow   {counted(hollow['cavities'], 'space')}, "
            f"{counted(hollow['holes'], 'drain hole')}, "
            f"{hollow['saved'] / 1000:.2f} cm³ ({hollow['grams']:.1f} g) saved"
        )
        if not hollow["cavities"]:
            yield "           nothing is thick enough: a larger model, or a thinner wall, would be"
    if split := figurine.get("split"):
        yield (
            f"  split    of {split['of']}: {counted(split['parts'], 'part')}, "
            f"{counted(split['pins'], 'pin')}"
        )


def counted(count: int, word: str) -> str:
    """A number of things in words."""
    return f"{grouped(count)} {word}{'' if count == 1 else 's'}"


def plate_line(plate: Mapping[str, Any]) -> str:
    """What stands on the bed."""
    width, depth = plate["sides"]
    return f"plate: {counted(plate['count'], 'model')} on {width:.1f} x {depth:.1f} mm"


def filaments(colors: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What each filament has of the surface."""
    for number, color in enumerate(colors, 1):
        yield f"  filament {number}: {color['color']}, {color['share']:.1%} of the surface"


def _figures(figures: Mapping[str, Any]) -> Iterator[str]:
    if "sides" not in figures:
        return
    sides = " x ".join(f"{side:.1f}" for side in figures["sides"])
    tight = "watertight" if figures["watertight"] else "not watertight"
    yield (
        f"  {sides} mm, {figures['volume'] / 1000:.2f} cm³, surface {figures['surface'] / 100:.1f} "
        f"cm², {figures['grams']:.1f} g, cost {figures['cost']:.2f}, "
        f"{grouped(figures['triangles'])} triangles, {tight}"
    )
    if max(figures["sides"]) < SMALL:
        yield "  size     hardly to be seen: --height gives it a size, --unit says the file's unit"
    elif not figures["printers"]:
        yield "  size     fits on no known printer: --height gives it a size, --unit says the unit"


SMALL: Final = 3.0
"""Millimetres: a model that was measured in another unit rather than one to print."""
