"""The worker process: reads the parent's messages from stdin and keeps a runner going.

It ends when told to, or when stdin closes, which is what the death of the parent looks like.
"""

import json
import logging
import os
import queue
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import Any, BinaryIO

from ..jobs.backoff import Pace
from ..jobs.factory import make_runner
from ..jobs.job import Failure
from ..jobs.runner import Runner
from ..jobs.scheduler import Scheduler
from ..jobs.store import Store
from ..samples.recorded import RecordedFiles, RecordedService
from ..service import whole_files
from ..service.addresses import SAMPLES_ADDRESS
from ..service.errors import ServiceError
from ..service.stopping import Stop
from . import stdin_pipe, streams
from .blenders import Blenders
from .ending import CTRL_C, KILLS, heard
from .export import BlenderExporter
from .logs import start_log
from .memory_limit import keep_to_limit
from .pictures import BlenderPictures
from .prepare import BlenderPreparer
from .settings import MAX_MESSAGE_BYTES, WorkerSettings

log = logging.getLogger(__name__)

SAMPLES_PACE = Pace(min_poll=0.5, max_poll=0.5)
"""Nobody is asked over a network."""

Message = Mapping[str, Any]


def main() -> None:
    """Run until the end, which is the end of the process."""
    keep_to_limit()
    streams.in_utf8()
    whole_files.may_wait()
    messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
    reader = threading.Thread(
        target=read_messages, args=(stdin_pipe.opened(), messages.put), name="stdin", daemon=True
    )
    reader.start()
    code = 0
    try:
        # Not at once: an order that is being sent has its receipt waited for, as always.
        with heard(lambda: messages.put(None), (CTRL_C, *KILLS)):
            first = messages.get()
            if first is not None and "settings" in first:
                Worker(WorkerSettings.from_json(first["settings"]), messages).run()
    except ServiceError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        code = 2
    except Exception:  # noqa: BLE001 - process boundary; the parent reads the last line of stderr
        traceback.print_exc()
        code = 1
    logging.shutdown()
    sys.stderr.flush()
    # Not sys.exit: threads in the middle of a download or in a read of stdin would hold it up.
    os._exit(code)


def read_messages(stream: BinaryIO, put: Any) -> None:
    """Hand over one message per line, and None when the stream ends."""
    while line := stream.readline(MAX_MESSAGE_BYTES):
        try:
            message = json.loads(line)
        except ValueError:
            log.warning("a message could not be read")
            continue
        if isinstance(message, dict):
            put(message)
    put(None)


class Worker:
    """One store, one account beside the samples, one loop."""

    def __init__(
        self, settings: WorkerSettings, messages: "queue.SimpleQueue[Message | None]"
    ) -> None:
        self._messages = messages
        self._formatter = start_log(settings.log_file)
        self._stop = Stop()
        self._preparer: BlenderPreparer | None = None
        self._blenders = Blenders.of_machine()
        self._store = Store(settings.store)
        self._drive = Scheduler(*self._runners(settings), blenders=self._blenders.count)

    def run(self) -> None:
        """Work until told to end."""
        log.info("worker started")
        listener = threading.Thread(target=self._listen, name="messages", daemon=True)
        listener.start()
        self._drive.run()
        self._drive.end()
        if self._preparer is not None:
            self._preparer.end()
        log.info("worker ended")

    def _listen(self) -> None:
        while (message := self._messages.get()) is not None and "stop" not in message:
            try:
                self._handle(message)
            except (ServiceError, TypeError, KeyError):
                log.exception("a message could not be followed")
        self._drive.stop()

    def _handle(self, message: Message) -> None:
        if "settings" in message:
            self._drive.runners = self._runners(WorkerSettings.from_json(message["settings"]))
        if "check" in message:
            self._drive.submit(self._check_wallet)
        self._drive.nudge()

    def _runners(self, settings: WorkerSettings) -> tuple[Runner, ...]:
        """Of the account, if there is a key, and of the recorded samples."""
        if self._preparer is not None:
            self._preparer.end()
        preparer = exporter = None
        if settings.prepare_command and settings.export_command:
            limit = settings.prepare_timeout
            how = limit, self._stop, self._blenders
            preparer = BlenderPreparer(settings.prepare_command, *how)
            self._preparer = preparer
            exporter = BlenderExporter(settings.export_command, *how)
        samples = make_runner(
            self._store,
            address=SAMPLES_ADDRESS,
            key="",
            user_agent=settings.user_agent,
            preparer=preparer,
            pace=SAMPLES_PACE,
            stop=self._stop,
            service=RecordedService(),
            fetcher=RecordedFiles(),
        )
        if not settings.key:
            return (samples,)
        self._formatter.add_secret(settings.key)
        fit = settings.fit_command
        of_account = make_runner(
            self._store,
            address=settings.address,
            key=settings.key,
            user_agent=settings.user_agent,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            preparer=preparer,
            exporter=exporter,
            fitter=BlenderPictures(fit, self._stop) if fit else None,
            pace=Pace(min_poll=settings.min_poll, max_poll=settings.max_poll),
            stop=self._stop,
            online=settings.online,
        )
        return of_account, samples

    def _check_wallet(self) -> None:
        runner = self._drive.runners[0]
        if not runner.online or runner.context.service.address == SAMPLES_ADDRESS:
            return
        service = runner.context.service
        try:
            self._store.save_wallet(service.address, service.wallet())
        except ServiceError as error:
            failure = Failure(error.code, error.message, error.hint)
            self._store.save_wallet(service.address, None, failure)
