"""What all dialogs have in common in which something is chosen, priced and ordered."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import bpy

from ..core import account
from ..core.access import layout_of, window_manager_of
from ..core.rna_enums import OperatorReturn
from ..core.translation import translate
from ..runtime import preflight
from ..snapshot import snapshot
from ..widgets import order_form
from ..widgets.text import DIALOG_WIDTH
from .ordering import SpendingOperator, place_orders
from .trouble import tells_trouble

if TYPE_CHECKING:
    from ..settings.draft import Draft


class SpendingDialog(SpendingOperator):
    """Base: opens the dialog, which says what it costs; its button orders."""

    button: ClassVar[str]
    """What the button says."""

    def title(self) -> str:
        """What the dialog is called, in the interface's language."""
        raise NotImplementedError

    def begin(self, _context: bpy.types.Context) -> bool:
        """Get ready, once or again; False where nothing can be ordered, which is reported."""
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        self.clicked = True
        if self.agree_to_unknown_price:  # the dialog was seen before, and the price agreed to
            return self.execute(context)
        if not self.begin(context):
            return {"CANCELLED"}
        return window_manager_of(context).invoke_props_dialog(
            self, width=DIALOG_WIDTH, title=self.title(), confirm_text=self.button
        )


class OrderDialog(SpendingDialog):
    """Base of those that order what is drafted, all or nothing."""

    def wanted(self, context: bpy.types.Context) -> "tuple[Draft, ...]":
        """What would be ordered now, one draft for each order; none where ``begin`` says why."""
        raise NotImplementedError

    def draw_form(
        self, layout: bpy.types.UILayout, context: bpy.types.Context, drafts: "Sequence[Draft]"
    ) -> None:
        """What there is to see and to choose, between what is missing and the price."""
        raise NotImplementedError

    def name_of_order(self, _context: bpy.types.Context, _drafts: "Sequence[Draft]") -> str:
        """What the order is called; "" for the name that it gets by itself."""
        return ""

    def note_ordered(self, _context: bpy.types.Context, _drafts: "Sequence[Draft]") -> None:
        """Do what follows from the order, which is queued now."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Where there is a scene; what else is missing, the dialog says."""
        if context.scene is None:
            cls.poll_message_set(translate("There is no scene here"))
        return context.scene is not None

    def draw(self, context: bpy.types.Context) -> None:
        drafts = self.wanted(context)
        if not drafts:  # it went meanwhile
            return
        current = snapshot.current()
        blocker = preflight.find_blocker_of_all(current, account.online(), drafts)
        layout = layout_of(self)
        order_form.draw_notice(layout, context, blocker)
        self.draw_form(layout, context, drafts)
        order_form.draw_price(layout, context, current, preflight.estimate_of_all(drafts), blocker)

    @tells_trouble
    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        if not self.begin(context):
            return {"CANCELLED"}
        drafts = self.wanted(context)
        ended = place_orders(self, context, drafts, self.name_of_order(context, drafts))
        if ended == {"FINISHED"}:
            self.note_ordered(context, drafts)
        return ended
