"""The one worker process of this Blender: when it runs and what it is told.

It starts when there is something to do, never while the extension is being enabled and never by
itself in background mode. All of this happens on the main thread and waits for nothing.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from ..core import account, memory, paths, session
from ..core.memory import Part
from ..snapshot.snapshot import WorkerState

if TYPE_CHECKING:
    from ...worker.process import WorkerProcess
    from ...worker.settings import WorkerSettings


class _Host(Part):
    process: "WorkerProcess | None" = None

    def end(self) -> None:
        if self.process is not None:
            self.process.stop()


def _process() -> "WorkerProcess | None":
    return memory.of(_Host).process


def ensure() -> None:
    """Start the worker unless it runs, and keep its settings current.

    Without a key there is work for it only where a sample is on its way.
    """
    found = account.current()
    if found.key is None and not _any_sample():
        stop(patience=0.0)  # people go on working: it ends by itself
        return
    settings = _settings(found.address, "" if found.key is None else found.key.key)
    host = memory.of(_Host)
    if host.process is None:
        # Late: enabling the extension must not load what only a started worker needs.
        from ...worker.process import WorkerProcess

        host.process = WorkerProcess(worker_command(), settings)
    else:
        host.process.update(settings)
    host.process.ensure()


def _any_sample() -> bool:
    from ...service.addresses import SAMPLES_ADDRESS  # late: enabling needs no addresses

    return session.has_jobs() and session.store().any_active(SAMPLES_ADDRESS)


def nudge() -> None:
    """Tell the worker that a job was added or changed."""
    ensure()
    process = _process()
    if process is not None:
        process.nudge()


def check() -> None:
    """Have the worker ask for the balance, which also shows whether key and address are good."""
    ensure()
    process = _process()
    if process is not None:
        process.check()


def stop(patience: float = 2.0) -> None:
    """End the worker and wait up to ``patience`` seconds; jobs at the service go on."""
    host = memory.of(_Host)
    if host.process is not None:
        host.process.stop(patience)
        host.process = None


def is_running() -> bool:
    """Whether the worker was started and not stopped."""
    return _process() is not None


def state() -> WorkerState:
    """How the worker is doing."""
    process = _process()
    if process is None:
        return WorkerState.IDLE
    if process.gave_up:
        return WorkerState.GAVE_UP
    return WorkerState.RUNNING if process.alive else WorkerState.IDLE


def trouble() -> str:
    """What keeps the worker from working, in words; "" when nothing does."""
    process = _process()
    if process is not None and process.gave_up:
        return process.gave_up
    return account.current().trouble


def _settings(address: str, key: str) -> "WorkerSettings":
    from ...worker.settings import WorkerSettings

    return WorkerSettings(
        store=paths.places().store,
        address=address,
        key=key,
        prepare_command=prepare_command(),
        export_command=export_command(),
        fit_command=_background_command("fit_picture.py"),
        online=account.online().allowed,
        user_agent=user_agent(),
        log_file=paths.places().logs / "worker.log",
    )


def python_command(script: Path) -> list[str]:
    """What starts a script in a Python of its own; it is told where the libraries are."""
    return [sys.executable, *bpy.app.python_args, str(script), str(paths.libraries())]


def worker_command() -> list[str]:
    """What starts the worker, in a Python of its own."""
    return python_command(paths.worker_script())


def clean_up_command() -> list[str]:
    """The same for a clean-up."""
    return [*worker_command(), "clean_up"]


def prepare_command() -> list[str]:
    """What starts a background Blender of this version on the script that prepares results."""
    return _background_command("prepare_blend.py")


def export_command() -> list[str]:
    """The same on the script that exports models."""
    return _background_command("export_model.py")


def views_command() -> list[str]:
    """The same on the script that renders the views of an object."""
    return _background_command("render_views.py")


def comparison_command() -> list[str]:
    """The same on the script that renders results side by side."""
    return _background_command("render_comparison.py")


def print_command() -> list[str]:
    """The same on the script that looks at models for printers."""
    return _background_command("print_model.py")


def asset_command() -> list[str]:
    """The same on the script that makes assets."""
    return _command(paths.asset_script())


def _background_command(script_name: str) -> list[str]:
    return _command(paths.background_script(script_name))


def _command(path: Path) -> list[str]:
    from ...worker import background  # late: enabling the extension needs no processes

    return background.command(bpy.app.binary_path or sys.executable, path)


def user_agent() -> str:
    """Names program and Blender, nothing of the user."""
    blender = ".".join(str(part) for part in bpy.app.version)
    return f"studio3d Blender/{blender}"
