"""A store, a scripted service and a clock whose hands the test turns."""

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from addon.catalog import Request, build_request
from addon.jobs.factory import make_runner
from addon.jobs.job import Job, Prepared
from addon.jobs.origin import OpenFile, Origin
from addon.jobs.runner import Runner
from addon.jobs.runner_deps import NoReader, PreparationFailed
from addon.jobs.states import State
from addon.jobs.store import Store
from tests.patience import seconds
from tests.service.scripted_server import Answer, ScriptedServer, json_answer

KEY = "a-key-for-tests"
RAPID = "/v1/3d-models/tencent/generate/rapid/"
WALLET = "/account/user/wallet/"
EPOCH = 1_800_000_000.0


def status_path(task_id: str = "t-1") -> str:
    return f"/v1/generation-request/{task_id}/status/"


def glb(size: int = 400) -> bytes:
    return b"glTF" + struct.pack("<II", 2, size) + b"\0" * (size - 12)


def obj_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("model.obj", "mtllib model.mtl\nv 0 0 0\n")
        archive.writestr("model.mtl", "newmtl a\n")
        archive.writestr("texture.png", b"\x89PNG\r\n\x1a\n")
    return stream.getvalue()


class HandClock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.time = EPOCH

    def now(self) -> float:
        return self.time


class FilePreparer:
    """Writes a file instead of a .blend, or fails as often as it is told to.

    It has no reader for the ``unread`` suffixes.
    """

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.unread: set[str] = set()
        self.seen: list[list[str]] = []
        self.expected: list[str] = []

    def expect(self, job: Job) -> None:
        self.expected.append(job.id)

    def prepare(
        self, job: Job, files: Sequence[Path], to: Path, before: Sequence[Path] = ()
    ) -> Prepared:
        del before
        self.seen.append([file.name for file in files])
        if self.failures:
            self.failures -= 1
            raise PreparationFailed("The file cannot be read.", "Try another one.")
        if files[0].suffix in self.unread:
            raise NoReader("It is of a kind that is not read.", "Another program opens it.")
        to.write_bytes(b"BLENDER")
        return Prepared(to, (4, 3, 2), job.name, 12, (1.0, 2.0, 3.0))


class World:
    """Everything a runner needs, with the service's answers in the test's hands."""

    def __init__(self, server: ScriptedServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.clock = HandClock()
        self.store = Store(folder / "jobs.sqlite", clock=self.clock)
        self.preparer = FilePreparer()
        self.runner = self.new_runner()
        server.on("GET", WALLET, json_answer({"balance": "100.00", "rate_limit": 3}))
        server.on("POST", RAPID, json_answer({"task_id": "t-1"}, 201))

    def new_runner(self, *, prepares: bool = True, address: str = "") -> Runner:
        runner = make_runner(
            self.store,
            address=address or self.server.address,
            key=KEY,
            user_agent="studio3d-test/1",
            connect_timeout=seconds(2),
            read_timeout=seconds(10),
            preparer=self.preparer if prepares else None,
            clock=self.clock,
        )
        context = replace(runner.context, jitter=lambda: 0.5)
        return Runner(context)

    def add(
        self,
        operation: str = "tencent-rapid",
        *,
        prepared: bool = False,
        address: str = "",
        **values: object,
    ) -> Job:
        request = self.request(operation, **values)
        return self.store.add(
            request,
            name="a chair",
            estimate=35,
            service_address=address or self.server.address,
            folder=self.folder / "results",
            origin=Origin(OpenFile("/home/me/a.blend")),
            wants_prepared=prepared,
        )

    def request(self, operation: str = "tencent-rapid", **values: object) -> Request:
        return build_request(operation, values or {"prompt": "a chair"})

    def status(self, *answers: Answer, task_id: str = "t-1") -> None:
        self.server.on("GET", status_path(task_id), *answers)

    def finished(
        self,
        *results: tuple[str | None, str],
        reason: str | None = None,
        status: str = "FINISHED",
    ) -> Answer:
        """A FINISHED status, or another; results are (file name on the server or None, type)."""
        return json_answer(
            {
                "status": status,
                "progress": 100,
                "failure_reason": reason,
                "results": [
                    {
                        "asset": f"{self.server.address}/{name}?X-Amz-Signature=s"
                        if name
                        else None,
                        "asset_type": kind,
                        "metadata": None,
                    }
                    for name, kind in results
                ],
            }
        )

    def serve(self, name: str, *answers: Answer | bytes) -> None:
        self.server.on(
            "GET",
            f"/{name}",
            *(Answer(200, a) if isinstance(a, bytes) else a for a in answers),
        )

    def run(self, seconds: float) -> None:
        """Let the runner work for that long; it looks whenever something is due."""
        end = self.clock.time + seconds
        while True:
            wait = self.runner.tick()
            if self.clock.time + wait > end:
                self.clock.time = end
                return
            self.clock.time += wait

    def until(self, job: Job, state: State, within: float = 600.0) -> Job:
        """Run until the job is in that state; fails if it takes longer than ``within``."""
        end = self.clock.time + within
        while (now := self.store.get(job.id)).state is not state:
            wait = self.runner.tick()
            assert self.clock.time + wait <= end or self.store.get(job.id).state is state, now
            self.clock.time += wait if wait != float("inf") else 0
        return now


PENDING = json_answer({"status": "PENDING", "progress": 0, "results": []})
IN_PROGRESS = json_answer({"status": "IN_PROGRESS", "progress": 40, "results": []})
