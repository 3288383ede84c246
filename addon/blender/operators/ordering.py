"""What all buttons that spend credits have in common."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty

from ...catalog import Estimate, InvalidRequest
from ...catalog.messages import error_message
from ...jobs import inputs
from ...jobs.placement_options import PlacementOptions
from ..core import account
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import preflight, recent_orders, submission
from ..settings import prompt_history
from ..settings.interface_state import give_name, given_name
from ..settings.preferences import preferences_of
from ..settings.properties import SceneSettings, settings_of
from ..snapshot import snapshot
from ..widgets import photo_cautions
from ..widgets.text import paragraph
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ..settings.draft import Draft


class SpendingOperator(bpy.types.Operator):
    """Base: asks before it spends much, or what nobody knows."""

    # A job is no part of the .blend: undo must neither take it back nor bring it again.
    bl_options = set()
    clicked = False
    """Whether a person has called it; see ``is_second_click``."""

    if TYPE_CHECKING:
        agree_to_unknown_price: bool
    else:
        agree_to_unknown_price: BoolProperty(
            name="Agree to Unknown Price",
            description="Order it although nobody knows what it costs",
            options={"HIDDEN", "SKIP_SAVE"},
        )

    def ask(self, context: bpy.types.Context, price: Estimate, action: str) -> set[OperatorReturn]:
        """Ask whether it is to be ordered; ``action`` is what the button says."""
        self.agree_to_unknown_price = not price.is_known
        return window_manager_of(context).invoke_props_dialog(
            self,
            title=preflight.price_question(price, action),
            confirm_text=action,
        )


class OrderOperator(SpendingOperator):
    """Base: says why it cannot order, and orders what is drafted, all or nothing."""

    @classmethod
    def draft(cls, settings: SceneSettings) -> "Draft":
        """What would be ordered now."""
        raise NotImplementedError

    @classmethod
    def drafts(cls, settings: SceneSettings) -> "tuple[Draft, ...]":
        """The same, one for each result of which one is chosen."""
        return (cls.draft(settings),)

    @classmethod
    def action(cls, _draft: "Draft") -> str:
        """What the button says."""
        return cls.bl_label

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        drafts = cls.drafts(settings_of(context))
        blocker = preflight.find_blocker_of_all(snapshot.current(), account.online(), drafts)
        if blocker is not None:
            cls.poll_message_set(translate(blocker.message))
        return blocker is None

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self.clicked = True
        drafts = self.drafts(settings_of(context))
        price = preflight.estimate_of_all(drafts)
        if self.agree_to_unknown_price or not needs_confirmation(context, price):
            return self.execute(context)
        return self.ask(context, price, self.action(drafts[0]))

    def draw(self, context: bpy.types.Context) -> None:
        drafts = self.drafts(settings_of(context))
        price = preflight.estimate_of_all(drafts)
        column = draw_question(layout_of(self), context, price)
        photo_cautions.draw_photo_cautions(column, context, *drafts)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        drafts = self.drafts(settings_of(context))
        group = drafts[0].operation.group
        ended = place_orders(self, context, drafts, given_name(context, group))
        if ended == {"FINISHED"}:
            give_name(context, group, "")  # the next order is about something else
        return ended


def place_order(
    operator: SpendingOperator,
    context: bpy.types.Context,
    draft: "Draft",
    name: str = "",
    chosen: PlacementOptions | None = None,
) -> set[OperatorReturn]:
    """Add the job; as ``place_orders``."""
    return place_orders(operator, context, [draft], name, chosen)


def place_orders(
    operator: SpendingOperator,
    context: bpy.types.Context,
    drafts: "Sequence[Draft]",
    name: str = "",
    chosen: PlacementOptions | None = None,
) -> set[OperatorReturn]:
    """Add the jobs, and let ``operator`` report them or why they cannot be.

    ``chosen`` is how the result is to be placed, if it is not for the operation's form to say.
    Raises PriceUnknown and ServiceError.
    """
    blocker = preflight.find_blocker_of_all(snapshot.current(), account.online(), drafts)
    if blocker is not None:  # things may have changed since a dialog was opened
        operator.report({"WARNING"}, translate(blocker.message))
        return {"CANCELLED"}
    try:
        plans = [draft.plan() for draft in drafts]
        post, budget = drafts[0].post(), drafts[0].budget
        submission.check_budget(plans, budget)
        notes = list(dict.fromkeys(note for plan in plans for note in inputs.check_inputs(plan)))
    except InvalidRequest as error:
        operator.report({"WARNING"}, translate(error_message(error)))
        return {"CANCELLED"}
    order = recent_orders.key_of([step for plan in plans for step in plan.steps])
    if is_second_click(operator, order):
        return {"CANCELLED"}
    jobs = submission.submit_all(
        context,
        plans,
        name=name,
        chosen=chosen,
        agreed_to_unknown_price=operator.agree_to_unknown_price,
        post=post,
        budget=budget,
    )
    recent_orders.note(order)
    prompt_history.remember(plans[0].own.request)
    named = ", ".join(job.name for job in jobs)
    waiting = translate("{name}: waiting to be sent", name=named)
    operator.report({"INFO"}, ". ".join([waiting, *map(translate, notes)]))
    return {"FINISHED"}


def is_second_click(operator: SpendingOperator, order: Hashable) -> bool:
    """Whether a double click would order the same twice; then that is reported.

    Who calls operators from a script may want several of the same: only clicks count.
    """
    if not operator.clicked or not recent_orders.is_repeated(order):
        return False
    operator.report({"INFO"}, "Ordered once: the second click came within a second")
    return True


def needs_confirmation(context: bpy.types.Context, price: Estimate) -> bool:
    """Whether it is more than what is spent without asking, or nobody knows."""
    return not price.is_known or price.total > preferences_of(context).confirm_above


def draw_question(
    layout: bpy.types.UILayout, context: bpy.types.Context, price: Estimate
) -> bpy.types.UILayout:
    """What there is to know of the price; returns where more can be said."""
    column = layout.column(align=True)
    column.label(text=preflight.price_words(snapshot.current(), price), translate=False)
    paragraph(column, context, preflight.price_parts(price))
    return column
