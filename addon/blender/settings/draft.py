"""The request that the sidebar's settings stand for, before it is made. Plain data, no bpy."""

from dataclasses import dataclass

from ...catalog import (
    Estimate,
    Field,
    InvalidRequest,
    Kind,
    Mode,
    Operation,
    Problem,
    Request,
    Settings,
    Values,
    build_request,
    estimate_settings,
)
from ...jobs.planner import PREVIOUS, Plan, Step, estimate_steps
from ...recipes.orders import plan_with, steps_of
from ...recipes.post import BadStep, Post, parse_post


@dataclass(frozen=True, slots=True)
class Draft:
    """An operation with the values its visible fields have now."""

    operation: Operation
    mode: Mode | None
    values: Values
    cut_out: Operation | None = None
    """What takes the background off the picture first, in the same order."""
    then: str = ""
    """What is done with the result, as ``recipes.post`` reads it."""
    budget: int = 0
    """Credits that the order may take in all, with what it is compared with; 0: no budget."""

    @property
    def settings(self) -> Settings:
        """The values as the catalogue's conditions see them, defaults filled in."""
        return Settings(self.mode, {**self.operation.defaults(), **self.values})

    def visible_fields(self) -> tuple[Field, ...]:
        """The fields that mean something now, in declared order."""
        return self.operation.visible_fields(self.settings)

    def offered_fields(self) -> tuple[Field, ...]:
        """Those of them in which there is something to choose."""
        return tuple(field for field in self.visible_fields() if not _is_settled(field))

    def has_source(self) -> bool:
        """Whether there is anything to start from."""
        return any(
            field.source is not None and field.source == self.mode and field.name in self.values
            for field in self.operation.fields
        )

    def estimate(self) -> Estimate:
        """The price of exactly these settings, with all that is ordered around it."""
        try:
            following = steps_of(self.post())
        except BadStep:  # it is told as a problem
            following = ()
        if self.cut_out is None and not following:
            return estimate_settings(self.operation, self.mode, self.values)
        return estimate_steps([*self._first(), *following])

    def _first(self) -> tuple[Step, ...]:
        """The operation, and before it what makes its picture."""
        if self.cut_out is None:
            return (Step(self.operation.name, self.values, self.mode),)
        taken, own = self.cut_out.reference_field, self.operation.reference_field
        if taken is None or own is None:
            raise LookupError(f"{self.cut_out.name} or {self.operation.name} takes no picture")
        picture = self.values.get(own.name, "")
        values = {**self.values, **self.operation.for_cut_outs, own.name: PREVIOUS}
        return (
            Step(self.cut_out.name, {taken.name: picture}),
            Step(self.operation.name, values, self.mode),
        )

    def post(self) -> Post:
        """What is done with the result; raises BadStep."""
        return parse_post(self.then)

    def request(self) -> Request:
        """Build the request; raises InvalidRequest."""
        return build_request(self.operation.name, self.values, self.mode)

    def plan(self) -> Plan:
        """All it takes to order it; raises InvalidRequest."""
        return plan_with(self._first(), self.then)

    def problems(self) -> tuple[Problem, ...]:
        """What keeps it from being sent."""
        try:
            self.request()
            if self.then:
                self.plan()
        except InvalidRequest as error:
            return error.problems
        return ()


def _is_settled(field: Field) -> bool:
    """Whether its only choice is taken unless another is written into a list or a command."""
    only_one = len(field.offered_choices()) == 1 and not field.pattern
    return field.kind is Kind.CHOICE and only_one and field.default is not None


def make_draft(operation: Operation, mode: Mode | None, values: Values) -> Draft:
    """Keep those of ``values`` whose fields are visible.

    Hiding one field can hide another that depends on it, hence the loop.
    """
    draft = Draft(operation, mode, values)
    while True:
        shown = {field.name for field in draft.visible_fields()}
        kept = {name: value for name, value in draft.values.items() if name in shown}
        if len(kept) == len(draft.values):
            return draft
        draft = Draft(operation, mode, kept)


def offered_views(draft: Draft, field: Field) -> tuple[str, ...]:
    """The views of a VIEWS field that can be given with the other settings as they are.

    A view that a rule of the operation refuses (another engine version has it) is left out,
    unless it is given already: then it must stay in sight to be cleared.
    """
    given = draft.values.get(field.name, {})
    views = given if isinstance(given, dict) else {}
    return tuple(
        choice.value
        for choice in field.choices
        if choice.value in views or not _refused(draft, field, choice.value)
    )


def _refused(draft: Draft, field: Field, view: str) -> bool:
    probe = Settings(draft.mode, {**draft.settings.values, field.name: {view: view}})
    return any(
        rule.field == field.name and rule.when.holds(probe) for rule in draft.operation.rules
    )
