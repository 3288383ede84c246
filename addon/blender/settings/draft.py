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
from ...jobs.planner import Plan, plan_one


@dataclass(frozen=True, slots=True)
class Draft:
    """An operation with the values its visible fields have now."""

    operation: Operation
    mode: Mode | None
    values: Values

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
        """The price of exactly these settings."""
        return estimate_settings(self.operation, self.mode, self.values)

    def request(self) -> Request:
        """Build the request; raises InvalidRequest."""
        return build_request(self.operation.name, self.values, self.mode)

    def plan(self) -> Plan:
        """All it takes to order it; raises InvalidRequest."""
        return plan_one(self.operation.name, self.values, self.mode)

    def problems(self) -> tuple[Problem, ...]:
        """What keeps it from being sent."""
        try:
            self.request()
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
