"""What a job's operation and the service's answer say of its task; a look at one needs no more."""

from typing import TYPE_CHECKING

from ..catalog import AssetType, UnknownOperation, get
from ..catalog.messages import Message
from ..service.answers import Asset, ended
from ..service.errors import Charged
from .job import Failure, Job

if TYPE_CHECKING:
    from ..catalog import Operation


def declared(job: Job) -> "Operation | None":
    """The job's operation; None if it was made by a newer version."""
    try:
        return get(job.operation)
    except UnknownOperation:
        return None


def is_there(operation: "Operation | None", asset: Asset) -> bool:
    """Whether a result is more than announced: a file that can be had, or figures.

    An unknown operation's figures are told by their type. They may be called a model all the same:
    then no file has come with them after as long as files take.
    """
    is_figures = (
        asset.asset_type not in set(AssetType) if operation is None else operation.metadata_only
    )
    return bool(asset.url or (asset.metadata and is_figures))


def task_failure(reason: str | None, charged: Charged) -> Failure:
    """Why the service did not do it, in its own words."""
    said = ended(reason) if reason else Message("it gave no reason.")
    return Failure(
        "task_failed",
        Message("The service could not do it: {said}", said=said),
        "Change the input or the settings and submit again.",
        charged,
    )
