"""What the Tools panel asks for: which objects go where, which steps, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import bpy

from ...catalog import Estimate, Field, InvalidRequest, Mode, Operation, Outcome, get
from ...catalog.encoders import result_of
from ...catalog.messages import Message, error_message
from ...jobs.job import Export
from ...jobs.planner import (
    MAKES_SURFACE,
    PREVIOUS,
    Plan,
    Step,
    estimate_steps,
    make_plan,
    placeholder,
)
from ...service.limits import MAX_UPLOAD_BYTES
from ..core import account
from ..scene import export_selection, upload_size
from ..scene.export_selection import Selection
from ..settings import steps as steps_of_panel
from ..settings.draft import Draft, make_draft
from ..settings.properties import SceneSettings, draft_of, settings_of
from ..snapshot import snapshot
from . import preflight
from .preflight import Blocker, Need

MAIN: Final = "main"
"""The model whose place the result takes."""
OTHER: Final = "other"
"""The model that gives its textures."""

STAND_INS: Final = dict.fromkeys((MAIN, OTHER), placeholder(Path("selection.glb")))
"""Models that are only priced, not sent."""


@dataclass(frozen=True, slots=True)
class Order:
    """Steps on the selected objects: once on all of them, or once on each."""

    steps: tuple[Step, ...]
    drafts: tuple[Draft, ...]
    runs: tuple[Mapping[str, Selection], ...]
    """The models of each time the steps are run; no entry for what is not selected yet."""
    divisible: bool
    """Whether each of the objects could be sent as a model of its own."""

    @property
    def models(self) -> Mapping[str, Selection]:
        """The models of the only run, or of the first."""
        return self.runs[0]

    @property
    def selections(self) -> list[Selection]:
        """Every model of every run: each is uploaded for itself."""
        return [selection for models in self.runs for selection in models.values()]

    @property
    def outcome(self) -> Outcome:
        """What the last step's result is."""
        return self.drafts[-1].operation.outcome

    def plan(self, exports: Mapping[str, Export] | None = None) -> Plan:
        """The jobs; without ``exports`` only to look at them. Raises InvalidRequest."""
        return make_plan(self.steps, exports or STAND_INS)

    def estimate(self) -> Estimate:
        """What all of it is expected to cost, also while something is wrong or missing."""
        return estimate_steps(self.steps, STAND_INS).repeated(len(self.runs))


def order_of(context: bpy.types.Context, tool: str = "") -> Order:
    """What the panel's settings and the selection ask for, or that one ``tool`` with them."""
    settings = settings_of(context)
    names = [tool] if tool else steps_of_panel.tools(settings)
    drafts = tuple(tool_draft(settings, get(name)) for name in names)
    steps = tuple(_step(number, draft) for number, draft in enumerate(drafts))
    chosen = export_selection.selected(context, children_too=settings.with_children)
    divisible = not _takes_pair(steps) and len(chosen) > 1
    if divisible and settings.one_by_one:
        groups = [{MAIN: [obj]} for obj in _apart(chosen, settings)]
    elif _takes_pair(steps):
        groups = [{MAIN: chosen[:1], OTHER: chosen[1:]}]
    else:
        groups = [{MAIN: chosen}]
    return Order(steps, drafts, tuple(_models(settings, group) for group in groups), divisible)


def is_anything_selected(context: bpy.types.Context) -> bool:
    """Whether there is an object a tool could take."""
    return bool(export_selection.selected(context, children_too=settings_of(context).with_children))


def tool_draft(settings: SceneSettings, operation: Operation) -> Draft:
    """The tool's settings, as if started from a model that is at hand."""
    values = dict(draft_of(settings, operation, Mode.MODEL).values)
    values.update({f.name: result_of("selection") for f in operation.model_fields()})
    return make_draft(operation, Mode.MODEL, values)


def may_lack_textures(tool: Operation) -> bool:
    """Whether the tool's result can come back without the textures of what was sent."""
    return tool.outcome in MAKES_SURFACE and not tool.is_textured


def setting_fields(draft: Draft) -> list[Field]:
    """The fields to show: all but what the selected objects, or the scene's unit, decide."""
    tool = draft.operation
    decided = tool.units() | tool.model_formats() | {model.name for model in tool.model_fields()}
    return [field for field in draft.offered_fields() if field.name not in decided]


def _step(number: int, draft: Draft) -> Step:
    fields = draft.operation.model_fields()
    names = {field.name for field in fields}
    values = {name: value for name, value in draft.values.items() if name not in names}
    return Step(draft.operation.name, {**values, **_sources(number, fields)}, draft.mode)


def _sources(number: int, fields: Sequence[Field]) -> dict[str, str]:
    """What stands for each model: of two the first gives, the last takes; later steps go on."""
    *givers, taker = fields
    giver = OTHER if number == 0 else MAIN
    return {
        **{field.name: giver for field in givers},
        taker.name: MAIN if number == 0 else PREVIOUS,
    }


def _takes_pair(steps: Sequence[Step]) -> bool:
    return any(
        step.values.get(field.name) == OTHER
        for step in steps
        for field in get(step.operation).model_fields()
    )


def _apart(chosen: Sequence[bpy.types.Object], settings: SceneSettings) -> list[bpy.types.Object]:
    """The objects to send each for itself: not those that go with one above them anyway."""
    if not settings.with_children:
        return list(chosen)
    covered = {child for obj in chosen for child in obj.children_recursive}
    return [obj for obj in chosen if obj not in covered]


def _models(
    settings: SceneSettings, groups: Mapping[str, Sequence[bpy.types.Object]]
) -> dict[str, Selection]:
    return {
        key: Selection(
            tuple(export_selection.with_children(objects) if settings.with_children else objects),
            settings.apply_modifiers,
        )
        for key, objects in groups.items()
        if objects
    }


def find_blocker(context: bpy.types.Context, order: Order) -> Blocker | None:
    """The first thing that keeps the order from being sent."""
    current = snapshot.current()
    for draft in order.drafts:
        found = preflight.find_blocker(current, account.online(), draft)
        if found is not None and found.need is not Need.CREDITS:
            return found
    missing = _missing_models(context, order) or _missing_uv_map(context, order)
    if missing:
        return Blocker(Need.SETTINGS, missing)
    empty = [one.main.name for one in order.selections if not _shows_faces(context, one)]
    if empty:
        words = Message("{name} has no faces: there is nothing to send.", name=empty[0])
        return Blocker(Need.SETTINGS, words)
    largest = max(upload_size.estimate_bytes(context, one) for one in order.selections)
    if largest > MAX_UPLOAD_BYTES:
        return Blocker(
            Need.SETTINGS,
            Message(
                "About {size:.0f} MB are more than can be sent (200 MB): use a Decimate modifier "
                "or smaller textures.",
                size=largest / 1e6,
            ),
        )
    return _problem(order) or preflight.too_expensive(current, order.estimate())


def _shows_faces(context: bpy.types.Context, selection: Selection) -> bool:
    return upload_size.count_triangles(context, selection) > 0


def _missing_models(context: bpy.types.Context, order: Order) -> str:
    if MAIN not in order.models:
        return export_selection.lack_words(context)
    if _takes_pair(order.steps) and OTHER not in order.models:
        return "Select the high poly object first, then the low poly object as well."
    return ""


def _missing_uv_map(context: bpy.types.Context, order: Order) -> str:
    """Why the UV map that is to be kept cannot be; "" if it can, or none is to be."""
    wanted = settings_of(context).uv_map
    if not wanted or order.outcome is not Outcome.TEXTURES:
        return ""
    for models in order.runs:
        obj = models[MAIN].main
        if len(models[MAIN].objects) > 1:
            return "Several objects cannot keep a UV map together: send One Result Each."
        if not isinstance(obj.data, bpy.types.Mesh) or wanted not in obj.data.uv_layers:
            return Message("{name} has no UV map called {uv_map}.", name=obj.name, uv_map=wanted)
    return ""


def _problem(order: Order) -> Blocker | None:
    """What is wrong between the steps: each for itself was looked at before."""
    try:
        order.plan()
    except InvalidRequest as error:
        return Blocker(Need.SETTINGS, error_message(error))
    return None
