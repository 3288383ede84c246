"""What people are told of a model for a printer."""

from collections.abc import Mapping
from typing import Any, Final

from ...catalog.messages import Message, joined
from ...catalog.validation import grouped
from ...printing import scales
from ...printing.findings import KINDS, WORST
from ...printing.printers import printer_of
from ...printing.words import number
from ..core.translation import translate
from ..scene import mesh_checks
from ..settings.print_settings import STUDIO3D_PG_printing, wanted_height

CUBIC_MILLIMETRE: Final = 1e-9
"""In cubic metres."""

FIXED: Final[Mapping[str, str]] = {
    "doubles": "{n} doubles merged",
    "loose": "{n} crumbs removed",
    "holes": "{n} holes closed",
    "voxel": "made anew of {n} faces",
    "flat": "foot cut flat",
    "normals": "{n} faces turned",
    "base": "put on a base",
}
"""What is said of a step that changed something, by its name."""


def done_words(name: str, said: Mapping[str, Any]) -> str:
    """What was done to the model, from a report of ``background.printing.selected``."""
    fixed = said.get("fixed", {})
    steps = [
        Message(FIXED[step], n=grouped(count))
        for step, count in fixed.items()
        if step in FIXED and count
    ]
    if "hollow" in said:
        done = said["hollow"]
        hollow = "{n} drain holes, {grams:.1f} g saved"
        steps.append(Message(hollow, n=done["holes"], grams=done["grams"]))
    if "split" in said:
        done = said["split"]
        steps.append(Message("{n} parts, {m} pins", n=done["parts"], m=done["pins"]))
    if not steps:
        return Message("{name}: nothing had to be mended", name=name)
    return Message("{name}: {steps}", name=name, steps=joined("{first}, {then}", steps))


def finding_words(finding: Mapping[str, Any]) -> str:
    """What a finding is, and how many there are, in the interface's language."""
    label = translate(KINDS[finding["kind"]].label)
    return f"{label}: {grouped(finding['count'])}"


def worst_words(finding: Mapping[str, Any]) -> str:
    """Its worst figure, in the interface's language; "" if it has none."""
    kind = finding["kind"]
    return f"{number(finding['worst'], grouped)} {translate(WORST[kind])}" if kind in WORST else ""


def figure_words(figures: Mapping[str, Any], printer: str) -> list[tuple[str, str]]:
    """Labels and values of what was measured; ``printer`` is the key of the chosen one."""
    if "sides" not in figures:
        return []
    weight = translate(
        "{grams:.1f} g, costs {cost:.2f}", grams=figures["grams"], cost=figures["cost"]
    )
    said = [
        ("Size", size_words(figures["sides"])),
        ("Volume", mesh_checks.volume_words(figures["volume"] * CUBIC_MILLIMETRE)),
        ("Weight", weight),
        ("Watertight", translate("Yes") if figures["watertight"] else translate("No")),
    ]
    chosen = printer_of(printer)
    if chosen is not None:
        fits = chosen.key in figures["printers"]
        said.append(("Fits", translate("Yes") if fits else translate("No")))
    else:
        count = len(figures["printers"])
        said.append(("Fits", translate("{n} of the known printers", n=count)))
    return said


def size_words(sides: Any) -> str:
    """Sides in millimetres."""
    return " x ".join(f"{side:.1f}" for side in sides) + " mm"


def scale_words(settings: STUDIO3D_PG_printing) -> str:
    """How large it is printed, and in which scale that is, in the interface's language."""
    height = wanted_height(settings)
    scale = scales.label_of(height, settings.real)
    return translate(
        "{scale}, {height:.1f} mm for {real:.4g} m in reality",
        scale=scale,
        height=height,
        real=settings.real,
    )
