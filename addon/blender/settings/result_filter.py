"""By what the Results panel can be narrowed down: what a result is, and what made it."""

from typing import Final

from ...catalog import Operation, Outcome, operations

ALL: Final = "ALL"
MODELS: Final = "MODELS"
CHANGED: Final = "CHANGED"
PICTURES: Final = "PICTURES"
FILES: Final = "FILES"
FIGURES: Final = "FIGURES"

KIND_ITEMS: Final = (
    (ALL, "All Kinds", "Whatever the result is"),
    (MODELS, "New Models", "Models made from words or pictures"),
    (CHANGED, "Changed Models", "Models that tools have made of others"),
    (PICTURES, "Pictures", "Pictures made, changed or rendered"),
    (FILES, "Files", "Models saved in another format"),
    (FIGURES, "Figures", "Volumes and other measures"),
)

_BY_OUTCOME: Final = {
    Outcome.REPLACEMENT: CHANGED,
    Outcome.TEXTURES: CHANGED,
    Outcome.PARTS: CHANGED,
    Outcome.FILE: FILES,
    Outcome.FIGURES: FIGURES,
    Outcome.PICTURES: PICTURES,
}


def engine_items() -> list[tuple[str, str, str]]:
    """Everything that makes results, as the items of an enumeration."""
    made_by = [(one.name, one.label, one.summary) for one in operations()]
    return [(ALL, "All Engines", "Whatever engine or tool made it"), *made_by]


def kind_of(operation: Operation) -> str:
    """What the operation's results are."""
    usual = MODELS if operation.makes_model else PICTURES
    return _BY_OUTCOME.get(operation.outcome, usual)


def chosen(kind: str, engine: str) -> frozenset[str] | None:
    """Names of the operations whose results are wanted; None for all there ever were."""
    if kind == ALL and engine == ALL:
        return None
    return frozenset(
        one.name
        for one in operations()
        if kind in {ALL, kind_of(one)} and engine in {ALL, one.name}
    )
