"""What a request is made of: a mode, and values for fields."""

from collections.abc import Mapping
from enum import StrEnum

Value = str | int | float | bool | tuple[str, ...] | Mapping[str, str]
Values = Mapping[str, Value]


class Mode(StrEnum):
    """What a request starts from."""

    TEXT = "TEXT"
    IMAGE = "IMAGE"
    MULTI_VIEW = "MULTI_VIEW"
    MODEL = "MODEL"
