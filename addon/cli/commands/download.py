"""``download``: fetch the results of a finished task."""

from ...jobs.job import Job
from ...service.answers import TaskState, TaskStatus
from ..exits import ExitStatus, Refused
from ..reports import file_document
from ..session import Session
from ..tasks import FETCHED, end_with, files_in, follow
from ..waiting import TimedOut, is_settled

AT_WORK = frozenset({TaskState.PENDING, TaskState.IN_PROGRESS})


def run(session: Session) -> ExitStatus:
    """Download every result; each under a name of its own. Files that are late are waited for."""
    task_id = session.arguments.task_id
    folder = session.writable(session.path(session.arguments.output_dir))
    known = session.store.find_task(session.address, task_id)
    if known is not None and known.state in FETCHED and known.files == files_in(folder, known):
        session.output.say("All of it is there already.")
        session.output.document(
            {
                "task_id": task_id,
                "status": TaskState.FINISHED,
                "files": [file_document(file) for file in known.files],
            }
        )
        return ExitStatus.OK
    try:
        job, said = follow(session, is_enough, folder)
    except TimedOut as late:
        raise late.refused(
            "The results could not be fetched in time; the service keeps them for 24 hours.",
            f"Go on with what is still missing: download --task-id {task_id}",
        ) from None
    if said is not None and said.status in AT_WORK:
        raise Refused(
            "not_finished",
            f"The task is {said.status} ({said.progress} %): there is nothing to download yet.",
            f"Wait for it: status --task-id {task_id} --poll",
        )
    document = {
        "task_id": task_id,
        "status": said.status if said is not None else None,
        "files": [file_document(file) for file in job.files],
    }
    return end_with(session, document, job.failure)


def is_enough(job: Job, said: TaskStatus | None) -> bool:
    """Whether all is fetched, or is not there to be fetched."""
    return is_settled(job) or (said is not None and said.status in AT_WORK)
