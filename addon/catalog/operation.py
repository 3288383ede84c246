"""How one operation of the service is declared."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from typing import Final

from .asset_types import AssetType
from .conditions import Condition, Settings
from .encoders import AddressOnly
from .fields import Field
from .goals import Goals
from .group import Group
from .kinds import Kind
from .messages import Message
from .prices import Estimate, Price
from .values import Mode, Value, Values

MODELS: Final = frozenset({AssetType.MODEL, AssetType.SCALED_MODEL, AssetType.ARCHIVE})
"""What can be brought into a scene."""

PICTURES: Final = frozenset({AssetType.IMAGE, AssetType.EDITED_IMAGE})
"""What is looked at, and may be what another operation starts from."""

RESULT_LABELS: Final[Mapping[str, str]] = {
    AssetType.EDITED_IMAGE: "Edited Picture",
    AssetType.IMAGE: "Picture",
    AssetType.MODEL: "Model",
    AssetType.SCALED_MODEL: "Scaled Model",
    AssetType.ARCHIVE: "Archive",
}
"""What each type of result is, in the order that people see them."""


class Outcome(StrEnum):
    """What a result is to the model or the settings it was made from."""

    MODEL = "MODEL"
    """A model of its own."""
    REPLACEMENT = "REPLACEMENT"
    """The same model made anew: it takes the place of the one it was made from."""
    TEXTURES = "TEXTURES"
    """The same model with other textures."""
    PARTS = "PARTS"
    """The same model in several pieces."""
    FILE = "FILE"
    """The same model in another file format."""
    PICTURES = "PICTURES"
    FIGURES = "FIGURES"


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint; ``path`` may name fields in braces. The first route that holds is used."""

    path: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A combination the service refuses: while ``when`` holds, ``message`` is a problem."""

    when: Condition
    message: str
    field: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Everything the product knows about one operation of the service.

    ``results`` are the asset types to expect, the most wanted first; ``seconds`` the usual
    shortest and longest duration. ``shorthands`` are switches of the command line that set
    several fields at once, for example ``enable_pbr`` where the service has another name for it;
    ``value_aliases`` are other spellings of a field's choices.
    """

    name: str
    label: str
    summary: str
    group: Group
    routes: tuple[Route, ...]
    fields: tuple[Field, ...]
    price: Price
    results: tuple[AssetType, ...]
    seconds: tuple[float, float]
    order: int = 1000
    """Its place in the group; after those that have one if not given."""
    outcome: Outcome = Outcome.MODEL
    file_format: str = ""
    """Format of the resulting model, where that is certain; may name a field in braces."""
    is_textured: bool = False
    """Whether the result always has textures: they are what is ordered."""
    rules: tuple[Rule, ...] = ()
    shorthands: Mapping[str, Values] = field(default_factory=dict)
    value_aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    simple_below: int = 0
    """Triangles; a model with fewer may come back with no fewer than it has."""
    metadata_only: bool = False
    """A finished result may carry figures in its metadata and no file at all."""
    button: str = ""
    """What its button says, where the label alone does not say what will be done."""
    task: str = ""
    """What is done, where the label names the engine as well; see ``task_label``."""
    purpose: str = ""
    """What to choose it for among others of its group; the summary if not given."""
    result_labels: Mapping[str, str] = field(default_factory=dict)
    """What results are by their type, where ``RESULT_LABELS`` does not say enough."""
    goals: Goals = field(default_factory=dict)
    """The goals it serves, each with the settings for it."""
    cuts_out: bool = False
    """Whether, with its defaults, it leaves nothing of a picture but its subject."""
    for_cut_outs: Values = field(default_factory=dict)
    """What has to be set where the picture was cut out: some engines refuse what is transparent."""
    always_form: bool = False
    """The endpoint takes multipart/form-data even without a file."""
    confidence: str = "A"
    """How well it is known, and all of it that does not say otherwise; see ``Field.confidence``."""

    @property
    def words(self) -> Message:
        """The label as part of a sentence."""
        return Message(self.label)

    @property
    def action(self) -> str:
        """What its button says."""
        return self.button or self.label

    @property
    def task_label(self) -> str:
        """What is done, whoever does it."""
        return self.task or self.label

    @property
    def good_for(self) -> str:
        """What to choose it for."""
        return self.purpose or self.summary

    def field(self, name: str) -> Field:
        """Return the field of that name or alias; raises KeyError."""
        for candidate in self.fields:
            if name == candidate.name or name in candidate.aliases:
                return candidate
        raise KeyError(name)

    def confidence_in(self, part: Field | Price) -> str:
        """How well a field or the price is known."""
        return part.confidence or self.confidence

    @property
    def modes(self) -> tuple[Mode, ...]:
        """What a request can start from, in the order the fields declare it."""
        found = dict.fromkeys(f.source for f in self.fields if f.source is not None)
        return tuple(found)

    def labels(self) -> dict[str, str]:
        """Field labels by name, for messages."""
        return {f.name: f.label for f in self.fields}

    def defaults(self) -> dict[str, Value]:
        """The product's default of every field that has one."""
        return {f.name: f.default for f in self.fields if f.default is not None}

    def belongs(self, candidate: Field, mode: Mode | None) -> bool:
        """Tell whether a field takes part in requests of this mode."""
        if candidate.source is not None and not candidate.modes:
            return candidate.source == mode
        return not candidate.modes or mode in candidate.modes

    def visible_fields(self, settings: Settings) -> tuple[Field, ...]:
        """The fields that mean something for these settings, in declared order."""
        return tuple(
            f
            for f in self.fields
            if self.belongs(f, settings.mode) and (f.when is None or f.when.holds(settings))
        )

    def model_fields(self) -> tuple[Field, ...]:
        """The fields that take a model, the one a request starts from first."""
        models = [f for f in self.fields if f.kind is Kind.MODEL]
        return tuple(sorted(models, key=lambda f: f.source is None))

    @property
    def makes_model(self) -> bool:
        """Whether the result is something for a scene, and for another operation on models."""
        is_about = self.outcome in {Outcome.PICTURES, Outcome.FIGURES}
        return not is_about and bool(MODELS.intersection(self.results))

    @property
    def makes_pictures(self) -> bool:
        """Whether pictures are all that comes of it."""
        return not self.makes_model and bool(PICTURES.intersection(self.results))

    @property
    def count_field(self) -> Field | None:
        """The field that says how many results one order makes; each has the same price."""
        return self.field(self.price.per) if self.price.per else None

    @property
    def reference_field(self) -> Field | None:
        """The field that takes a picture to start from, if there is one."""
        pictures = (Kind.IMAGE, Kind.IMAGES)
        found = (f for f in self.fields if f.source is Mode.IMAGE and f.kind in pictures)
        return next(found, None)

    def cheapest(self, mode: Mode | None, values: Values) -> dict[str, Value]:
        """These values with the choices that cost least; of those that cost the same, the first.

        Of an engine that makes pictures, those are the smallest ones.
        """
        made = dict(values)
        for name in self.price.fields():

            def total(value: str, name: str = name) -> int:
                chosen = {**self.defaults(), **made, name: value}
                return self.price.estimate(Settings(mode, chosen)).total

            one = self.field(name)
            if one.kind is Kind.CHOICE:
                made[name] = min((choice.value for choice in one.offered_choices()), key=total)
        return made

    def result_format(self, values: Values) -> str:
        """The format the model comes in, such as ``glb``, or ``zip`` for one in an archive.

        "" where the documentation does not say.
        """
        named = self.file_format.format_map({**self.defaults(), **values}).lower()
        return "zip" if named.endswith("_zip") else {"gltf": "glb"}.get(named, named)

    def units(self) -> frozenset[str]:
        """Names of the fields that only say in which unit others are."""
        return frozenset(f.length_in for f in self.fields if f.length_in)

    def ordered_height(self, mode: Mode | None, values: Values) -> float | None:
        """The height of the result in meters, where these values order one."""
        shown = self.visible_fields(Settings(mode, {**self.defaults(), **values}))
        heights = (
            value * field.height_in_metres
            for field in shown
            if field.height_in_metres and isinstance(value := values.get(field.name), int | float)
        )
        return next(heights, None)

    def wants_whole_figure(self, values: Values) -> bool:
        """Whether these values ask for a subject from head to foot."""
        return any(
            choice.whole_figure and values.get(field.name) == choice.value
            for field in self.fields
            for choice in field.choices
        )

    def model_formats(self) -> frozenset[str]:
        """Names of the fields that only say in which format a model is given."""
        encoders = (field.encoder for field in self.model_fields())
        return frozenset(
            one.format_field
            for one in encoders
            if isinstance(one, AddressOnly) and one.format_field
        )

    def unverified(self, values: Values) -> tuple[Message, ...]:
        """What in these values has no known price, for example ``Version 3.2``."""
        return tuple(
            Message("{field} {value}", field=f.words, value=values[f.name])
            for f in self.fields
            if f.is_unverified(values.get(f.name))
        )

    def estimate(self, settings: Settings) -> Estimate:
        """What these settings are expected to cost."""
        found = self.price.estimate(settings)
        return replace(found, unverified=self.unverified(settings.values))

    def price_range(self) -> tuple[int, int]:
        """The least and the most one piece can cost, over every combination of what prices name."""
        names = self.price.fields()
        domains = [self.field(name).price_domain() for name in names]
        totals = [
            self.price.estimate(
                Settings(mode, {**self.defaults(), **dict(zip(names, picked, strict=True))})
            ).each
            for mode in self.modes
            for picked in product(*domains)
        ]
        return min(totals), max(totals)

    def route(self, settings: Settings) -> Route:
        """The endpoint for these settings; the declaration always ends in one that holds."""
        for candidate in self.routes:
            if candidate.when is None or candidate.when.holds(settings):
                return candidate
        raise LookupError(f"no route of {self.name} fits these settings")
