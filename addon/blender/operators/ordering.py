"""What all buttons that order one thing from the service have in common."""

from collections.abc import Hashable

import bpy

from ...catalog import InvalidRequest
from ...catalog.messages import error_message
from ...jobs.inputs import check_inputs
from ...jobs.placement_options import PlacementOptions
from ..core import account
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import preflight, recent_orders, submission
from ..settings import prompt_history
from ..settings.draft import Draft
from ..settings.interface_state import give_name, given_name
from ..settings.preferences import preferences_of
from ..settings.properties import SceneSettings, settings_of
from ..snapshot import snapshot
from ..widgets.text import paragraph
from .trouble import tells_trouble


class OrderOperator(bpy.types.Operator):
    """Base: asks before expensive orders, says why it cannot, and adds exactly one job."""

    # A job is no part of the .blend: undo must neither take it back nor bring it again.
    bl_options = set()
    clicked = False
    """Whether a person has called it; see ``is_second_click``."""

    @classmethod
    def draft(cls, settings: SceneSettings) -> Draft:
        """What would be ordered now."""
        raise NotImplementedError

    @classmethod
    def action(cls, _draft: Draft) -> str:
        """What the button says."""
        return cls.bl_label

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        draft = cls.draft(settings_of(context))
        blocker = preflight.find_blocker(snapshot.current(), account.online(), draft)
        if blocker is not None:
            cls.poll_message_set(translate(blocker.message))
        return blocker is None

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self.clicked = True
        draft = self.draft(settings_of(context))
        if not needs_confirmation(context, draft):
            return self.execute(context)
        return window_manager_of(context).invoke_props_dialog(
            self,
            title=preflight.price_question(draft, self.action(draft)),
            confirm_text=self.action(draft),
        )

    def draw(self, context: bpy.types.Context) -> None:
        draft = self.draft(settings_of(context))
        column = layout_of(self).column(align=True)
        column.label(text=preflight.price_words(snapshot.current(), draft), translate=False)
        paragraph(column, context, preflight.price_parts(draft))

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        draft = self.draft(settings_of(context))
        group = draft.operation.group
        ended = place_order(self, context, draft, given_name(context, group))
        if ended == {"FINISHED"}:
            give_name(context, group, "")  # the next order is about something else
        return ended


def place_order(
    operator: bpy.types.Operator,
    context: bpy.types.Context,
    draft: Draft,
    name: str = "",
    chosen: PlacementOptions | None = None,
) -> set[OperatorReturn]:
    """Add the job, and let ``operator`` report it or why it cannot be; raises ServiceError.

    ``chosen`` is how the result is to be placed, if it is not for the operation's form to say.
    """
    try:
        plan = draft.plan()
        notes = check_inputs(plan)
    except InvalidRequest as error:
        operator.report({"WARNING"}, translate(error_message(error)))
        return {"CANCELLED"}
    order = recent_orders.key_of(plan.steps)
    if is_second_click(operator, order):
        return {"CANCELLED"}
    job = submission.submit(context, plan, name=name, chosen=chosen)
    recent_orders.note(order)
    prompt_history.remember(plan.last.request)
    waiting = translate("{name}: waiting to be sent", name=job.name)
    operator.report({"INFO"}, ". ".join([waiting, *map(translate, notes)]))
    return {"FINISHED"}


def is_second_click(operator: bpy.types.Operator, order: Hashable) -> bool:
    """Whether a double click would order the same twice; then that is reported.

    Who calls operators from a script may want several of the same: only clicks count.
    """
    if not getattr(operator, "clicked", False) or not recent_orders.is_repeated(order):
        return False
    operator.report({"INFO"}, "Ordered once: the second click came within a second")
    return True


def needs_confirmation(context: bpy.types.Context, draft: Draft) -> bool:
    """Whether it costs more than what is spent without asking, or nobody knows what."""
    price = draft.estimate()
    return not price.is_known or price.total > preferences_of(context).confirm_above
