"""What was found on models, in words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from .findings import KINDS, WORST, Severity


def worst_of(figurines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Labels of what keeps a model from being printed as it is."""
    return [
        KINDS[finding["kind"]].label
        for figurine in figurines
        for finding in figurine["findings"]
        if finding["severity"] == Severity.ERROR
    ]


def said(finding: Mapping[str, Any], grouped: Callable[[int], str]) -> str:
    """One finding: what, how many, and how bad the worst is."""
    kind = finding["kind"]
    worst = f" ({number(finding['worst'], grouped)} {WORST[kind]})" if kind in WORST else ""
    return f"{KINDS[kind].label}: {grouped(finding['count'])}{worst}"


def number(value: float, grouped: Callable[[int], str]) -> str:
    """Three digits of a small one, whole ones of a large one."""
    return grouped(round(value)) if value >= WHOLE else f"{value:.3g}"


WHOLE: Final = 100.0
"""From here on nobody looks at fractions."""
