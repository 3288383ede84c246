"""What a request body is made of: the base class, the recurring field types, the recurring rules.

One class per operation holds its fields, its cross-field rules and its price. Unknown fields,
wrong JSON types and ``null`` are errors on purpose: the real service may overlook them, but a
stand-in that does so would hide a client's mistakes.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from scripts.sandbox.contract.pictures import check_data_uri
from scripts.sandbox.work import Engine

Expected = Literal["image", "model"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart body, already on disk; ``filename`` is the client's name of it."""

    path: Path
    filename: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where one input file comes from: a data URI, an http(s) address or an upload."""

    origin: str | Upload
    expects: Expected


@dataclass(frozen=True, slots=True)
class FileInput:
    """Marks a field as the file that engines find under ``name``."""

    name: str
    expects: Expected


def _check_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("Enter a valid URL.")
    return value


def _check_address_or_data_uri(value: str) -> str:
    return check_data_uri(value) if value.startswith("data:") else _check_address(value)


def _form_boolean(value: object) -> object:
    """In a multipart body exactly ``true`` and ``false`` are booleans, not ``yes`` or ``1``."""
    if isinstance(value, str) and value not in {"true", "false"}:
        raise ValueError("Must be a valid boolean.")
    return value


def _check_upload(value: object) -> object:
    if not isinstance(value, Upload):
        raise PydanticCustomError("not_a_file", "Send the file as a part of a multipart body.")
    return value


def text(limit: int | None = None) -> Any:
    """A non-blank string of at most ``limit`` characters."""
    return StringConstraints(min_length=1, max_length=limit, pattern=r"\S")


Flag = Annotated[bool, BeforeValidator(_form_boolean)]
Seed = Annotated[int, Field(ge=0)]
Address = Annotated[str, AfterValidator(_check_address)]
DataUri = Annotated[str, AfterValidator(check_data_uri)]
AddressOrDataUri = Annotated[str, AfterValidator(_check_address_or_data_uri)]
Part = Annotated[Upload, BeforeValidator(_check_upload)]

_IMAGE = FileInput("image", "image")
_MODEL = FileInput("model", "model")
ImageUri = Annotated[DataUri | None, _IMAGE]
ImageAddress = Annotated[Address | None, _IMAGE]
ImagePart = Annotated[Part | None, _IMAGE]
ModelAddress = Annotated[Address | None, _MODEL]
ModelPart = Annotated[Part | None, _MODEL]


class Fields(BaseModel):
    """A JSON object of the contract: known fields only, none of them null."""

    model_config = ConfigDict(
        extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True, frozen=True
    )

    @model_validator(mode="before")
    @classmethod
    def _no_nulls(cls, data: object) -> object:
        items = data.items() if isinstance(data, Mapping) else ()
        if nulls := [name for name, value in items if value is None]:
            raise ValueError(f"{', '.join(nulls)}: This field may not be null.")
        return data


class Body(Fields, ABC):
    """The fields of one POST, and what it costs."""

    file_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields holding files in a shape of their own; such a class overrides ``sources``."""

    @abstractmethod
    def price(self) -> int:
        """Credits taken at submission."""

    def sources(self) -> dict[str, Source]:
        """Input files under the names that engines look for."""
        found = {}
        for name, marker in _file_inputs(type(self)).items():
            value = getattr(self, name)
            if value is not None:
                found[marker.name] = Source(value, marker.expects)
        return found

    def parameters(self) -> dict[str, Any]:
        """Everything but files, under the contract's names, defaults filled in."""
        files = self.file_fields | _file_inputs(type(self)).keys()
        return self.model_dump(mode="json", by_alias=True, exclude=set(files))


def _file_inputs(body: type[Body]) -> dict[str, FileInput]:
    return {
        name: mark
        for name, info in body.model_fields.items()
        for mark in info.metadata
        if isinstance(mark, FileInput)
    }


def given(body: Fields, *names: str) -> list[str]:
    """Those of ``names`` that carry a value."""
    return [name for name in names if getattr(body, name) is not None]


def exactly_one(*names: str) -> Any:
    """A rule: one of ``names`` and only one must be there."""

    def check(body: Fields) -> Fields:
        if len(given(body, *names)) != 1:
            raise ValueError(f"Provide exactly one of: {', '.join(names)}.")
        return body

    return model_validator(mode="after")(check)


def at_most_one(*names: str) -> Any:
    """A rule: ``names`` exclude each other."""

    def check(body: Fields) -> Fields:
        if len(given(body, *names)) > 1:
            raise ValueError(f"Provide only one of: {', '.join(names)}.")
        return body

    return model_validator(mode="after")(check)


def only_with(name: str, condition: Callable[[Any], bool], explanation: str) -> Any:
    """A rule: ``name`` may be sent (a flag: be true) only where ``condition`` holds."""

    def check(body: Fields) -> Fields:
        sent = name in body.model_fields_set and getattr(body, name) is not False
        if sent and not condition(body):
            raise ValueError(f"{name} is only allowed {explanation}.")
        return body

    return model_validator(mode="after")(check)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One POST path of the contract.

    ``kind`` names the work, and ``engine`` does it: a function of a module, or ``module:function``
    of the folder ``engines``, which is imported when it is first used.
    ``seconds`` is the usual span of the work; ``fixed`` are parameters that the path itself says.
    """

    path: str
    kind: str
    engine: Engine | str
    body: type[Body]
    seconds: tuple[float, float]
    multipart: bool = False
    shows_progress: bool = True
    fixed: Mapping[str, Any] = field(default_factory=dict)
