"""Carries out tasks: fetches their inputs, runs their engine in a process, books the outcome."""

import logging
import multiprocessing
import shutil
import signal
import traceback
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pebble import ProcessPool

from scripts.sandbox.clock import Clock
from scripts.sandbox.database import Database
from scripts.sandbox.inputs import FetchFailed, fetch
from scripts.sandbox.options import Options
from scripts.sandbox.tasks import StoredResult, Task, TaskBook
from scripts.sandbox.wallet import Wallet
from scripts.sandbox.work import Engine, EngineFailed, Result, Work

_log = logging.getLogger(__name__)

_LONGEST_RUN = 900
_SPAWN: Any = multiprocessing.get_context("spawn")  # pebble's types know no Windows
_INTERNAL_ERROR = "internal error"


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: str


def _run_engine(engine: Engine, work: Work) -> list[StoredResult] | _Failure:
    """In the child process; an engine that breaks its promises raises here, like any other bug."""
    try:
        results = engine(work)
    except EngineFailed as failure:
        return _Failure(str(failure))
    if not results:
        raise RuntimeError("the engine gave no result")
    return [_store(result, work.folder) for result in results]


def _store(result: Result, folder: Path) -> StoredResult:
    if result.path is not None and not result.path.is_file():
        raise FileNotFoundError(result.path)
    stored = StoredResult(
        file=None if result.path is None else str(result.path.relative_to(folder)),
        asset_type=result.asset_type,
        metadata={"sandbox": "made by the local sandbox", **result.metadata},
    )
    stored.model_dump_json()  # raises here when the metadata is not JSON
    return stored


def _ignore_interrupt() -> None:
    """Ctrl-C reaches the whole process group; the parent alone decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Runner:
    """Engines run in processes, for their work would hold the interpreter lock of the server."""

    def __init__(
        self,
        options: Options,
        engines: Mapping[str, Engine],
        folder: Path,
        database: Database,
        wallet: Wallet,
        book: TaskBook,
        clock: Clock,
    ) -> None:
        self._options = options
        self._engines = engines
        self._folder = folder
        self._database = database
        self._wallet = wallet
        self._book = book
        self._clock = clock
        self._closing = False
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="sandbox-fetch")
        self._processes = ProcessPool(
            options.processes,
            initializer=_ignore_interrupt,
            context=_SPAWN,
        )

    def can(self, kind: str) -> bool:
        """Whether there is an engine for ``kind``."""
        return kind in self._engines

    def inputs_folder(self, task_id: str) -> Path:
        return self._folder / task_id / "inputs"

    def results_folder(self, task_id: str) -> Path:
        return self._folder / task_id / "results"

    def discard(self, task_id: str) -> None:
        """Forget the files of a submission that did not become a task."""
        shutil.rmtree(self._folder / task_id)

    def start(self, task: Task) -> None:
        """Begin in the background; the outcome goes into the task book."""
        future = self._threads.submit(self._prepare, task)
        future.add_done_callback(lambda done: self._check(task, done))

    def close(self) -> None:
        """Stop at once; unfinished tasks stay unfinished and start again with the next process."""
        self._closing = True
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._processes.stop()  # type: ignore[no-untyped-call]
        self._processes.join()

    def _prepare(self, task: Task) -> None:
        if task.fault == "task-failed":
            self._fail(task, "The provider could not generate this model.")
            return
        inputs = self.inputs_folder(task.id)
        files = {name: inputs / file for name, file in task.files.items()}
        try:
            for name, remote in task.remotes.items():
                files[name] = fetch(name, remote, inputs, self._options.upload_limit)
        except FetchFailed as failure:
            self._fail(task, str(failure))
            return
        results = self.results_folder(task.id)
        shutil.rmtree(results, ignore_errors=True)
        results.mkdir(parents=True)
        work = Work(task.kind, task.parameters, files, results, draft=self._options.draft)
        future = self._processes.schedule(
            _run_engine, args=(self._engines[task.kind], work), timeout=_LONGEST_RUN
        )
        future.add_done_callback(lambda done: self._conclude(task, done))

    def _check(self, task: Task, future: "Future[Any]") -> bool:
        """Whether the step went through; when it raised, the task fails and the log says why."""
        if self._closing or future.cancelled():
            return False
        error = future.exception()
        if error is None:
            return True
        _log.error("%s %s: %s", task.kind, task.id, "".join(traceback.format_exception(error)))
        self._fail(task, _INTERNAL_ERROR)
        return False

    def _conclude(self, task: Task, future: "Future[Any]") -> None:
        if not self._check(task, future):
            return
        outcome: list[StoredResult] | _Failure = future.result()
        if isinstance(outcome, _Failure):
            self._fail(task, outcome.reason)
            return
        ended = {"engine_ended_at": self._clock.now(), "results": outcome}
        self._book.save(task.model_copy(update=ended))

    def _fail(self, task: Task, reason: str) -> None:
        ended = {"engine_ended_at": self._clock.now(), "failure_reason": reason}
        with self._database.transaction():
            self._book.save(task.model_copy(update=ended))
            self._wallet.refund(task.account, task.id, task.price)
