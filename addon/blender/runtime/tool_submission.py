"""Sending the selected objects to tools: written down, then queued."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import bpy

from ...catalog import Outcome
from ...catalog.messages import Message
from ...jobs import names
from ...jobs.inputs import check_inputs
from ...jobs.job import Export, Job
from ...jobs.origin import SentGeometry, SentSelection
from ...jobs.planner import Enters, Plan, store_plan
from ...service.names import safe_name
from ..core import account, paths, session
from ..core.translation import translate
from ..scene import export_selection
from ..scene.export_selection import Selection
from ..settings.properties import settings_of
from . import worker_link
from .submission import check_agreed
from .tool_orders import MAIN, Order


def send(
    context: bpy.types.Context,
    order: Order,
    *,
    save_as: Path | None = None,
    agreed_to_unknown_price: bool = False,
) -> list[Job]:
    """Write the selection down and queue the jobs; returns at once.

    ``save_as`` is where a file is wanted; several are told apart by their objects' names. Raises
    InvalidRequest, PriceUnknown, SendFailed and StoreUnusable.
    """
    check_inputs(order.plan())
    check_agreed(order.estimate(), agreed=agreed_to_unknown_price)
    # All is written before anything is queued: who has no room for the last pays for none.
    parcels = [_pack(context, order, models) for models in order.runs]
    store = session.store()
    imported = settings_of(context).import_converted
    enters = Enters.CHANGES if imported else Enters.CHANGES_ONLY
    jobs: list[Job] = []
    with store.as_one():  # none is sent if another of them cannot be queued
        for parcel in parcels:
            jobs += store_plan(
                store,
                parcel.plan,
                name=names.of_text(parcel.name) or translate(names.MODEL),
                service_address=account.current().address,
                folder=parcel.folder,
                origin=replace(session.origin(context), sent=parcel.sent),
                enters=enters,
                save_as=save_as if len(parcels) == 1 else _named(save_as, parcel.name),
            )
    worker_link.jobs_changed(context)
    return jobs


def picture_notes(order: Order) -> tuple[Message, ...]:
    """What is to be said of pictures that do not go as they are; raises InvalidRequest."""
    return check_inputs(order.plan())


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One run of the steps, its models written down."""

    name: str
    """Of the first object."""
    folder: Path
    plan: Plan
    sent: SentSelection


def _pack(context: bpy.types.Context, order: Order, models: Mapping[str, Selection]) -> _Parcel:
    name = models[MAIN].main.name
    folder = paths.new_job_folder(name)
    exports = {
        key: Export(
            blend=folder / f"{safe_name(name)}-{key}.blend",
            to=folder / f"{safe_name(name)}-{key}.glb",
            settings=export_selection.export_settings(context, selection),
        )
        for key, selection in models.items()
    }
    plan = order.plan(exports)
    for key, selection in models.items():
        export_selection.write_blend(selection, exports[key].blend)
    main = exports[MAIN]
    sent = replace(
        export_selection.describe(context, models[MAIN]),
        geometry=SentGeometry(str(main.blend), main.settings),
        textures=int(settings_of(context).texture_size),
        uv_map=settings_of(context).uv_map if order.outcome is Outcome.TEXTURES else "",
    )
    return _Parcel(name, folder, plan, sent)


def _named(save_as: Path | None, name: str) -> Path | None:
    if save_as is None:
        return None
    return save_as.with_name(f"{save_as.stem} {safe_name(name)}{save_as.suffix}")
