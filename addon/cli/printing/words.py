"""What people are told of a model for a printer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...catalog.validation import grouped
from ...printing.findings import KINDS, WORST, Severity


def worst_of(figurines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Labels of what keeps a model from being printed as it is."""
    return [
        KINDS[finding["kind"]].label
        for figurine in figurines
        for finding in figurine["findings"]
        if finding["severity"] == Severity.ERROR
    ]


def lines(file: str, unit: str, figurines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A table of what was found."""
    for figurine in figurines:
        yield f"{file}: {figurine['name']} (read in {unit})"
        yield from _figures(figurine["figures"])
        for step, count in figurine.get("fixed", {}).items():
            yield f"  fixed    {step}: {grouped(count)}"
        yield from _bodies(figurine)
        for finding in figurine["findings"]:
            yield f"  {finding['severity']:8} {said(finding)}"
        if not figurine["findings"]:
            yield "  ok       nothing found"


def _bodies(figurine: Mapping[str, Any]) -> Iterator[str]:
    """What became of its inside, and what it is a part of."""
    if hollow := figurine.get("hollow"):
        yield (
            f"  hollow   {counted(hollow['cavities'], 'space')}, "
            f"{counted(hollow['holes'], 'drain hole')}, "
            f"{hollow['saved'] / 1000:.2f} cm³ ({hollow['grams']:.1f} g) saved"
        )
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


def said(finding: Mapping[str, Any]) -> str:
    """One finding in words."""
    kind = finding["kind"]
    worst = f" ({finding['worst']:.4g} {WORST[kind]})" if kind in WORST else ""
    return f"{KINDS[kind].label}: {grouped(finding['count'])}{worst}"


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
