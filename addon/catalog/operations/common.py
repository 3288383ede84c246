"""Fields that several operations share, word for word."""

from ..conditions import Mode
from ..encoders import DataUri, Encoder
from ..fields import Choice, Field, Kind

PROMPT_LENGTH = 1024
VERSION = r"\d{1,2}(\.\d{1,2}){0,2}"
"""What a version looks like that this declaration does not know yet."""


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
