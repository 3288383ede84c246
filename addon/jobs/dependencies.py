"""What a job starts from that is not there when it is queued: an exported file, others' results."""

from ..catalog import Request, get
from ..catalog.encoders import job_of
from ..catalog.messages import Message
from ..service.answers import Asset
from ..service.errors import Charged, InputUnreadable, NotFound
from ..service.file_types import MODEL_SUFFIXES, named_suffix
from .errors import UnknownJob
from .job import STEP_FAILED, Failure, Job
from .runner_deps import RunnerDeps
from .states import NOT_SENT, State
from .store import Store
from .task_words import declared

HAVE_RESULT = frozenset({State.DOWNLOADING, State.PREPARING, State.READY, State.PLACED})
LOST = frozenset({State.FAILED, State.EXPIRED, State.ABANDONED})


def are_ready(context: RunnerDeps, job: Job) -> bool:
    """Tell whether the job can be sent now; if not, what it waits for is written down."""
    for needed in job_ids(job.request):
        try:
            before = context.store.get(needed)
        except UnknownJob:
            context.end(job, State.FAILED, _step_failed("The step before it is gone.", ""))
            return False
        if not has_result(before):
            if before.state in LOST:
                context.end(job, State.FAILED, _failed_after(before))
            else:
                _wait_for_step(context, job)
            return False
    if job.export is not None and not job.export.to.is_file():
        context.change(job, State.EXPORTING, next_at=context.clock.now(), failure=None)
        return False
    return True


def with_addresses(context: RunnerDeps, job: Job) -> Request:
    """The job's request with the present addresses of the results it starts from.

    They are asked for at the last moment: a signed address lives about an hour. Raises
    ServiceError.
    """
    values = dict(job.values)
    for name, value in job.values.items():
        needed = job_of(value)
        if needed is not None:
            values[name] = _address(context, context.store.get(needed))
    return Request(job.operation, values, job.mode)


def job_ids(request: Request) -> list[str]:
    """The jobs whose results the request starts from."""
    found = (job_of(value) for value in request.values.values())
    return [job_id for job_id in found if job_id is not None]


def needs_export(store: Store, job: Job) -> bool:
    """Whether a Blender has to export a model before the job can be sent."""
    if job.task_id is not None:
        return False
    return job.export is not None or any(needs_export(store, one) for one in _before(store, job))


def stands_still(store: Store, job: Job) -> bool:
    """Whether the job waits for a step that only a person can decide about."""
    if job.state not in NOT_SENT:
        return False
    before = _before(store, job)
    return any(one.state is State.UNKNOWN or stands_still(store, one) for one in before)


def _before(store: Store, job: Job) -> list[Job]:
    needed = job_ids(job.request)
    return store.some(needed) if needed else []


def has_result(job: Job) -> bool:
    """Tell whether the service has finished the job with a result."""
    return job.state in HAVE_RESULT or (job.state is State.FAILED and bool(job.files))


def _address(context: RunnerDeps, job: Job) -> str:
    try:
        status = context.service.status(job.task_id or "")
    except NotFound as error:
        raise _gone(job) from error
    assets = [asset for asset in status.results if asset.url]
    if not assets:
        raise _gone(job)
    return min(assets, key=lambda asset: _rank(job, asset)).url or ""


def _rank(job: Job, asset: Asset) -> tuple[int, int]:
    """The wanted type first, then the format that carries most."""
    operation = declared(job)
    kinds = [] if operation is None else [str(kind) for kind in operation.results]
    kind = kinds.index(asset.asset_type) if asset.asset_type in kinds else len(kinds)
    suffix = named_suffix(asset.url or "")
    known = suffix in MODEL_SUFFIXES
    return kind, MODEL_SUFFIXES.index(suffix) if known else len(MODEL_SUFFIXES)


def _gone(job: Job) -> InputUnreadable:
    return InputUnreadable(
        Message("The service no longer has the result of {label}.", label=Message(_label(job))),
        hint="It keeps results for 24 hours: start again from the beginning.",
    )


def _wait_for_step(context: RunnerDeps, job: Job) -> None:
    """Look again soon; nothing to tell: the step before says how far it is."""
    soon = context.clock.now() + context.pace.min_poll
    context.change(job, job.state, next_at=soon, failure=None)


def _failed_after(before: Job) -> Failure:
    return _step_failed(
        Message("The step before it, {label}, has no result.", label=Message(_label(before))),
        "Try that step again first, then this one; finished steps are kept.",
    )


def _step_failed(message: str, hint: str) -> Failure:
    return Failure(STEP_FAILED, message, hint, Charged.NO)


def _label(job: Job) -> str:
    operation = declared(job)
    return job.operation if operation is None else get(job.operation).label
