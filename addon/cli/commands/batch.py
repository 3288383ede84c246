"""``batch``: from a list or a folder of pictures to finished assets, restartable at any point."""

from ...batch.folder import BatchFolder
from ...jobs.file_locks import FilesBusy
from ...service.whole_files import InUse
from ..batch.checking import check, read
from ..batch.options import PHASES
from ..batch.processing import process, report
from ..batch.running import make
from ..exits import ExitStatus, Refused
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Run all of a batch, or the phase that is named first."""
    inputs = list(session.arguments.inputs)
    phase = inputs.pop(0) if inputs and inputs[0] in PHASES else ""
    folder = BatchFolder(session.path(session.arguments.out))
    try:
        if phase == "process":
            return process(session, folder)
        if phase == "report":
            return report(session, folder)
        session.refuse_too_deep(folder.root)
        rows = read(session, inputs)
        if session.arguments.check:
            return check(session, folder, rows)
        with folder.lock():
            return make(session, folder, rows, fetch_only=phase == "fetch")
    except FilesBusy as busy:
        raise Refused(
            "folder_busy",
            f"{folder.root} is being worked on by {busy}. Nothing was sent.",
            "Wait until that has ended, or choose another folder with --out.",
        ) from None
    except InUse as error:
        raise Refused(
            "file_in_use", f"{error}.", "Then start it again: nothing is paid for twice."
        ) from None
    except OSError as error:
        raise Refused(
            "folder_unusable",
            f"{folder.root} cannot be worked in: {error}",
            "See to space and permissions and start again: nothing is paid for twice.",
        ) from None
