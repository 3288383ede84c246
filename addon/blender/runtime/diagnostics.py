"""What who mends a fault has to know of this Blender, in English, to be pasted anywhere.

It holds no key, no name, no path of the user's, no prompt and no name of a job: what could be one
of these is not collected at all, and what is left goes through ``redact`` and ``anonymous``.
"""

import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

import bpy

from ...service import whole_files
from ...service.addresses import DEFAULT_ADDRESS, is_loopback
from ...service.anonymous import anonymous
from ...service.changelog import channel, shipped
from ...service.keys import IN_KEY_FILE
from ...service.path_room import room
from ...service.redaction import redact
from ...service.version import version
from ...worker.told_logs import without_messages
from ..core import account, options, paths
from ..core.access import blender_preferences_of
from ..snapshot import snapshot
from . import worker_host

FAILURES: Final = 10
LOG_LINES: Final = 40
LOG_BYTES: Final = 64 * 1024
"""Of the end of a log that are looked at."""


def report() -> str:
    """The whole text, a fact a line."""
    text = "\n".join([*_programs(), *_account(), *_jobs(), *_log()])
    key = account.current().key
    return anonymous(redact(text, () if key is None else (key.key,)))


def _programs() -> Iterator[str]:
    own = version()
    yield f"3D AI Studio {own} ({channel(own, shipped())})"
    built = bpy.app.build_hash.decode(errors="replace")
    yield f"Blender {bpy.app.version_string} ({built}), Python {sys.version.split()[0]}"
    yield f"{platform.system()} {platform.release()}, {platform.machine()}"
    if bpy.app.background:
        yield "Without a window"
    else:
        import gpu  # late: there is none without a window

        yield f"{gpu.platform.renderer_get()}, {gpu.platform.version_get()}"
    view = blender_preferences_of(bpy.context).view
    yield f"Interface: {bpy.app.translations.locale or 'en_US'}, scale {view.ui_scale:.2f}"


def _account() -> Iterator[str]:
    current, online = account.current(), account.online()
    source = "none" if current.key is None else "found in the environment or a .env file"
    if current.key_source == IN_KEY_FILE:
        source = "saved by the extension"
    yield f"Key: {source}"
    address = "another one"
    if current.address == DEFAULT_ADDRESS:
        address = "the service's own"
    elif current.address and is_loopback(current.address):
        address = "on this machine"
    yield f"Address: {address}{'; not usable' if current.trouble else ''}"
    yield f"Online access: {'yes' if online.allowed else 'no'}"
    note = snapshot.current().wallet
    if note is not None and note.failure is not None:
        yield f"The account, when last asked: {note.failure.code}"
    yield f"Worker: {worker_host.state().lower()}"


def _jobs() -> Iterator[str]:
    results = paths.downloads()
    where = "chosen" if options.read().downloads_folder else "the usual one"
    yield f"Results folder: {where}, {room(results)} characters left for names"
    jobs = [row.job for row in snapshot.current().rows]
    counts = Counter(str(job.state) for job in jobs)
    counted = ", ".join(f"{state} {n}" for state, n in sorted(counts.items()))
    yield f"Jobs listed: {counted or 'none'}"
    failed = [job for job in jobs if job.failure is not None][:FAILURES]
    for job in failed:
        day = time.strftime("%Y-%m-%d %H:%M", time.gmtime(job.updated_at))
        code = "" if job.failure is None else job.failure.code
        yield f"  {day} UTC, {job.operation}: {job.state}, {code}"


def _log() -> Iterator[str]:
    newest = paths.newest_log()
    if newest is None:
        yield "Log: none"
        return
    try:
        with whole_files.open_to_read(newest) as file:
            file.seek(max(0, newest.stat().st_size - LOG_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError as error:  # another process may just begin a new one
        yield f"Log: cannot be read, {type(error).__name__}"
        return
    yield "Log, without its messages:"
    yield from list(without_messages(lines))[-LOG_LINES:]
