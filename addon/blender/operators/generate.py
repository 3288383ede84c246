"""Sending what the Generate panel asks for."""

from pathlib import Path

import bpy

from ...catalog import InvalidRequest, Request, get
from ...catalog.encoders import is_address
from ...catalog.fields import Kind
from .. import account, ids, readiness, submission, view
from ..draft import Draft
from ..preferences import preferences_of
from ..properties import generate_draft, settings_of
from ..rna_enums import OperatorReturn


class STUDIO3D_OT_generate(bpy.types.Operator):
    bl_idname = ids.OperatorId.GENERATE
    bl_label = "Generate"
    bl_description = "Send the request to the service; the result is placed when it is ready"
    # A job is no part of the .blend: undo must neither take it back nor bring it again.
    bl_options = set()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        obstacle = readiness.find_obstacle(view.current(), account.online(), _draft(context))
        if obstacle is not None:
            cls.poll_message_set(obstacle.message)
        return obstacle is None

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[OperatorReturn]:
        if not needs_confirmation(context):
            return self.execute(context)
        price = _draft(context).estimate().total
        return context.window_manager.invoke_props_dialog(
            self, title=f"Generate for {price} Credits?", confirm_text="Generate"
        )

    def draw(self, context: bpy.types.Context) -> None:
        draft = _draft(context)
        column = self.layout.column(align=True)
        column.label(text=readiness.price_words(view.current(), draft), translate=False)
        column.label(text=readiness.price_parts(draft), translate=False)

    def execute(self, context: bpy.types.Context) -> set[OperatorReturn]:
        draft = _draft(context)
        try:
            request = draft.request()
        except InvalidRequest as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        missing = missing_file(request)
        if missing is not None:
            self.report({"WARNING"}, f"There is no file {missing}")
            return {"CANCELLED"}
        job = submission.submit(context, request)
        self.report({"INFO"}, f"{job.name}: waiting to be sent")
        return {"FINISHED"}


def needs_confirmation(context: bpy.types.Context) -> bool:
    """Whether it costs more than what is spent without asking."""
    return _draft(context).estimate().total > preferences_of(context).confirm_above


def _draft(context: bpy.types.Context) -> Draft:
    return generate_draft(settings_of(context))


def missing_file(request: Request) -> Path | None:
    """The first local file of the request that does not exist."""
    operation = get(request.operation)
    for name, value in request.values.items():
        kind = operation.field(name).kind
        if kind in {Kind.IMAGE, Kind.MODEL}:
            locations = [value]
        elif kind is Kind.IMAGES and isinstance(value, tuple):
            locations = list(value)
        elif kind is Kind.VIEWS and isinstance(value, dict):
            locations = list(value.values())
        else:
            continue
        for location in locations:
            if isinstance(location, str) and not is_address(location):
                path = Path(location)
                if not path.is_file():
                    return path
    return None


CLASSES = (STUDIO3D_OT_generate,)
