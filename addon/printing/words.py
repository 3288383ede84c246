"""What was found on models, in words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

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
    worst = f" ({finding['worst']:.4g} {WORST[kind]})" if kind in WORST else ""
    return f"{KINDS[kind].label}: {grouped(finding['count'])}{worst}"
