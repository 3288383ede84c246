"""What an ended job leaves of work that broke off: parts of downloads, archives half unpacked."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from ..service import whole_files
from ..service.names import safe_name
from ..service.path_room import short
from .file_locks import FilesBusy, files_of

if TYPE_CHECKING:
    from .job import Job

log = logging.getLogger(__name__)

PART = ".part"
"""In the names of what is not finished, alone or before another ending."""
START: Final = 44
"""Characters of a result's name that say whose it is: the task, and some of the operation."""


def remove_unfinished(job: Job) -> None:
    """Remove it. Left alone while another works on the job's files, who does it in the end."""
    if job.task_id is None:
        return
    try:
        with files_of(job):
            _remove(job)
    except FilesBusy as busy:
        log.info("the files of job %s are worked on by %s", job.id, busy)
    except FileNotFoundError:
        return  # there is no folder yet
    except OSError:
        # Open in another program, for one: it is in nobody's way.
        log.warning("something of job %s cannot be deleted", job.id, exc_info=True)


def _remove(job: Job) -> None:
    begin = short(safe_name(f"{job.task_id}-{job.operation}"), START)
    written = {path for file in job.files for path in (file.path, *file.contents)}
    for path in job.folder.iterdir():
        if not path.name.startswith(begin) or PART not in path.suffixes or path in written:
            continue
        if path.is_dir() and not path.is_symlink():
            whole_files.discard_folder(path)
        else:
            whole_files.remove(path)
