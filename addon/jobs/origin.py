"""Where a job comes from: the scene it was asked for in, its objects, its place in an order.

Plain data of whoever made the job, kept with it as JSON; converted here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from .placement_options import PlacementOptions

Matrix4 = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class OpenFile:
    """What was open in Blender when the job was asked for."""

    blend: str = ""
    """Path of the file; "" if it was not saved."""
    opened: str = ""
    """Names that opening of the file, so an unsaved one is known as long as it stays open."""
    process: str = ""
    """Names that run of Blender."""
    scene: str = ""
    scene_uid: int | None = None
    """Knows the scene as long as the file stays open, renamed or not."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What finds an object, or a collection, of the scene again."""

    name: str
    session_uid: int
    """As long as the file stays open."""
    mark: str = ""
    """A custom property of it, for when the file was opened again; "" if it could not have one."""
    edits: tuple[int, ...] = ()
    """Numbers that differ if its mesh was edited."""


@dataclass(frozen=True, slots=True)
class SentGeometry:
    """What was written of the selection, for the background Blender; see ``background.export``."""

    blend: str
    settings: Mapping[str, Any]


def sent_picture(blend: Path) -> Path:
    """Where a small picture of what was written to ``blend`` lies, if one was drawn."""
    return blend.with_suffix(".png")


@dataclass(frozen=True, slots=True)
class SentSelection:
    """The objects a job is about, the one whose place the result takes first."""

    objects: tuple[Identity, ...]
    origin: tuple[float, float, float]
    """Of the exported file, in scene units."""
    matrix: Matrix4
    """World matrix of the first object, as four rows."""
    scale: float
    """Metres per scene unit."""
    apply_modifiers: bool
    geometry: SentGeometry | None = None
    textures: int = 0
    """Side in pixels of the textures to bake onto a result without; 0: none."""
    uv_map: str = ""
    """UV map of the only object onto which new textures are baked; "": they keep their own."""


@dataclass(frozen=True, slots=True)
class ChainPlace:
    """Which job of an order it is."""

    id: str
    """The last job's."""
    step: int = 1
    steps: int = 1
    last: bool = True
    helper: bool = False
    """Whether it only gets a model to the service."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The place in the scene that was taken for a result when it was ordered."""

    point: tuple[float, float, float]
    """For the middle of its base, in scene units."""
    size: tuple[float, float, float]
    """What it is expected to take along x, y and z, in metres."""


@dataclass(frozen=True, slots=True)
class Placement:
    """How the result is to be placed, and what that refers to."""

    options: PlacementOptions = field(default_factory=PlacementOptions)
    object: Identity | None = None
    """What it is to stand in place of."""
    collection: Identity | None = None
    spot: Spot | None = None
    """None where no scene was open, or nothing of the result enters one."""


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """Which order of a batch it answers."""

    order: str
    """The order's key."""
    asset: str
    """The folder of the row's asset."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Which of several results of one wish it is, of which somebody chooses."""

    orders: tuple[str, ...]
    """The last job of each order of the wish."""
    is_kept: bool | None = None
    """What was decided; None: nothing yet."""

    @property
    def id(self) -> str:
        """What names the wish."""
        return self.orders[0]


@dataclass(frozen=True, slots=True)
class Origin:
    """All that is known; the command line knows next to nothing."""

    file: OpenFile | None = None
    sent: SentSelection | None = None
    chain: ChainPlace | None = None
    placement: Placement | None = None
    batch: BatchPlace | None = None
    alternative: Alternative | None = None
    then: Mapping[str, Any] | None = None
    """What is done in Blender with the result of the last step; see ``recipes.post.Post.local``."""
    recipe: str = ""
    """All that was to go on with the result, as it was written: orders and what is in ``then``."""
    budget: int | None = None
    """Credits that the whole wish may take; nothing of it is sent that would take more."""

    @property
    def placement_options(self) -> PlacementOptions:
        """Those it was ordered with; the usual ones where it was ordered without."""
        return PlacementOptions() if self.placement is None else self.placement.options

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the job."""
        made: dict[str, Any] = {}
        if self.file is not None:
            made |= asdict(self.file)
        if self.batch is not None:
            made |= {ORDER: self.batch.order, ASSET: self.batch.asset}
        if self.sent is not None:
            made["sent"] = _without_none(asdict(self.sent))
        if self.chain is not None:
            made["chain"] = asdict(self.chain)
        if self.alternative is not None:
            made["alternative"] = asdict(self.alternative)
        if self.then is not None:
            made["then"] = dict(self.then)
        if self.recipe:
            made["recipe"] = self.recipe
        if self.budget is not None:
            made["budget"] = self.budget
        if self.placement is not None:
            options = self.placement.options.to_json()
            parts = {name: getattr(self.placement, name) for name in PARTS}
            found = {name: asdict(one) for name, one in parts.items() if one is not None}
            made["placement"] = options | found
        return made

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Origin:
        """The reverse; what newer versions add is left out."""
        return cls(
            file=_known(OpenFile, kept) if "opened" in kept or "blend" in kept else None,
            sent=None if kept.get("sent") is None else _sent(kept["sent"]),
            chain=None if kept.get("chain") is None else _known(ChainPlace, kept["chain"]),
            placement=None if kept.get("placement") is None else _placement(kept["placement"]),
            batch=BatchPlace(kept[ORDER], kept.get(ASSET, "")) if ORDER in kept else None,
            alternative=_alternative(kept.get("alternative")),
            then=None if kept.get("then") is None else dict(kept["then"]),
            recipe=str(kept.get("recipe", "")),
            budget=None if kept.get("budget") is None else int(kept["budget"]),
        )


ORDER: Final = "order"
ASSET: Final = "asset"
PARTS: Final = ("object", "collection", "spot")


def _sent(kept: Mapping[str, Any]) -> SentSelection:
    geometry = kept.get("geometry")
    x, y, z = kept["origin"]
    return SentSelection(
        objects=tuple(_identity(one) for one in kept["objects"]),
        origin=(x, y, z),
        matrix=tuple(tuple(row) for row in kept["matrix"]),
        scale=kept["scale"],
        apply_modifiers=kept["apply_modifiers"],
        geometry=None if geometry is None else _known(SentGeometry, geometry),
        textures=int(kept.get("textures", 0)),
        uv_map=str(kept.get("uv_map", "")),
    )


def _identity(kept: Mapping[str, Any]) -> Identity:
    edits: Sequence[int] = kept.get("edits", ())
    return Identity(kept["name"], kept["session_uid"], kept.get("mark", ""), tuple(edits))


def _alternative(kept: Mapping[str, Any] | None) -> Alternative | None:
    orders = () if kept is None else tuple(map(str, kept["orders"]))
    return Alternative(orders, kept.get("is_kept")) if kept is not None and orders else None


def _placement(kept: Mapping[str, Any]) -> Placement:
    named = {name: _identity(kept[name]) for name in ("object", "collection") if kept.get(name)}
    spot = None if kept.get("spot") is None else _spot(kept["spot"])
    return Placement(PlacementOptions.from_json(kept), **named, spot=spot)


def _spot(kept: Mapping[str, Any]) -> Spot:
    (x, y, z), (width, depth, height) = kept["point"], kept["size"]
    return Spot((x, y, z), (width, depth, height))


def _known(kind: Any, kept: Mapping[str, Any]) -> Any:
    """One of the kind, of those values that it has."""
    names = _names(kind)
    return kind(**{name: value for name, value in kept.items() if name in names})


@cache
def _names(kind: Any) -> frozenset[str]:
    return frozenset(one.name for one in fields(kind))


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
