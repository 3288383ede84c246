"""Taking the background off a picture first, in the same order as what is made of it."""

from dataclasses import replace

from ...catalog import Group, Kind, Mode, Operation, operations
from .draft import Draft


def cut_out_tool() -> Operation | None:
    """What cuts the subject out of a picture."""
    return next((tool for tool in operations(Group.IMAGE_TOOL) if tool.cuts_out), None)


def can_cut_out(draft: Draft) -> bool:
    """Whether it starts from one picture, and there is a tool that takes the background off."""
    field = draft.operation.reference_field
    is_one = draft.mode is Mode.IMAGE and field is not None and field.kind is Kind.IMAGE
    return is_one and cut_out_tool() is not None


def with_cut_out(draft: Draft, *, wanted: bool) -> Draft:
    """The same with the background taken off first, where that is wanted and possible."""
    return replace(draft, cut_out=cut_out_tool()) if wanted and can_cut_out(draft) else draft
