"""Fields that several operations share, word for word."""

from typing import Final

from ..conditions import AllOf, Condition, Is
from ..encoders import DataUri, Encoder
from ..fields import Choice, Field
from ..kinds import Kind
from ..messages import Message
from ..operation import Rule
from ..values import Mode

PROMPT_LENGTH = 1024
VERSION = r"\d{1,2}(\.\d{1,2}){0,2}"
"""What a version looks like that this declaration does not know yet."""


QUADS_BY_FORMAT: Final = frozenset({"FBX", "OBJ", "PLY", "USDZ"})
"""Formats whose polygons may have four corners; of GLTF, STL and 3MF all have three."""


def quads_need_format(when: Condition, field: str, formats: Field) -> Rule:
    """That quads, which cost more or are all that was wanted, are not lost in the file.

    ``when`` holds where quads are asked for, in ``field``; ``formats`` is the field of the format.
    """
    values = [choice.value for choice in formats.choices]
    able = [value for value in values if value.upper() in QUADS_BY_FORMAT]
    unable = [value for value in values if value not in able]
    return Rule(
        when=AllOf(when, Is(formats.name, *unable)),
        message=Message("Only these formats can hold quads: {listed}.", listed=", ".join(able)),
        field=field,
    )


def choices(*values: str) -> tuple[Choice, ...]:
    """Choices whose labels are the service's own words."""
    return tuple(Choice(value, value) for value in values)


def prompt(
    *,
    source: Mode | None = Mode.TEXT,
    required: bool = False,
    max_length: int | None = PROMPT_LENGTH,
) -> Field:
    """The text a request starts from."""
    return Field(
        name="prompt",
        kind=Kind.TEXT,
        label="Prompt",
        description="What to make, in words",
        source=source,
        required=required,
        max_length=max_length,
    )


def image(encoder: Encoder | None = None) -> Field:
    """The picture a request starts from."""
    return Field(
        name="image",
        kind=Kind.IMAGE,
        label="Image",
        description="Picture of the object: a file or an http(s) address",
        source=Mode.IMAGE,
        encoder=encoder or DataUri(),
    )
