"""What sort of value a field holds."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of value a field holds; it decides the widget, the option and the column."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    NUMBER = "NUMBER"
    SWITCH = "SWITCH"
    CHOICE = "CHOICE"
    IMAGE = "IMAGE"
    """One picture: a local path or an http(s) address."""
    IMAGES = "IMAGES"
    """Several pictures, in order."""
    VIEWS = "VIEWS"
    """Pictures by view name, for example ``{"front": "a.png", "left": "b.png"}``."""
    MODEL = "MODEL"
    """One 3D file: a local path or an http(s) address."""
    NUMBERS = "NUMBERS"
    """Several numbers, in order, held as text."""
