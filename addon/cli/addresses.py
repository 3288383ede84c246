"""Local models for operations that only take an address.

The service has no upload of its own: the file is passed through the cheapest tool that answers
with an address, which costs credits and is therefore asked for.
"""

from typing import Any

from ..catalog import Operation, build_request, estimate, get
from ..catalog.encoders import AddressOnly, is_address
from ..catalog.fields import Field
from ..jobs.states import State
from .exits import ExitStatus, Refused, exit_of_failure
from .session import Session
from .waiting import is_settled, work_on


def resolve_local_models(
    session: Session, operation: Operation, values: dict[str, Any]
) -> dict[str, Any]:
    """Replace local files by addresses where the operation takes nothing else."""
    local = [
        (field, field.encoder)
        for field in operation.fields
        if isinstance(field.encoder, AddressOnly)
        and field.name in values
        and not is_address(values[field.name])
    ]
    if not local:
        return values
    agree(session, operation, [encoder for _, encoder in local])
    addresses = {
        field.name: address_of(session, field, encoder, values[field.name])
        for field, encoder in local
    }
    return {**values, **addresses}


def agree(session: Session, operation: Operation, encoders: list[AddressOnly]) -> None:
    """Say what the detour costs and get a yes for it; raises Refused."""
    extra = sum(via_price(encoder) for encoder in encoders)
    tools = " and ".join(dict.fromkeys(get(encoder.via).label for encoder in encoders))
    words = (
        f"{operation.label} takes addresses, not files: each local model first goes through "
        f"{tools}, for about {extra} credits more."
    )
    most = session.arguments.max_credits
    if most is not None and extra > most:
        raise Refused(ExitStatus.CREDITS, "over_max_credits", words, "Raise --max-credits.")
    session.output.say(words)
    if not session.arguments.yes and not session.output.ask("Go on?"):
        raise Refused(
            ExitStatus.USAGE, "not_confirmed", words, "Agree with --yes. Nothing was sent."
        )


def via_price(encoder: AddressOnly) -> int:
    """Credits of the tool that turns a file into an address."""
    values = {"model_file": "model.glb", **encoder.via_values}
    return estimate(build_request(encoder.via, values)).total


def address_of(session: Session, field: Field, encoder: AddressOnly, path: str) -> str:
    """Pass one file through the tool and return the address of its result."""
    request = build_request(encoder.via, {"model_file": path, **encoder.via_values})
    job = session.store.add(
        request,
        name=f"{field.label} for {session.arguments.operation}",
        estimate=via_price(encoder),
        service_address=session.address,
        folder=session.path(session.arguments.output_dir),
    )
    [job] = work_on(session, [job], is_settled, session.arguments.wait_timeout)
    if job.state is not State.READY or job.task_id is None:
        failure = job.failure
        raise Refused(
            exit_of_failure(failure, submitted=job.task_id is not None),
            failure.code if failure else "error",
            f"{field.label} could not be passed on: {failure.message if failure else job.state}",
            failure.hint if failure else "",
        )
    # A fresh link: the one the download used may be about to expire.
    results = session.client.status(job.task_id).results
    return next(asset.url for asset in results if asset.url is not None)
