"""A batch of its own for each test: a folder, a list, and a command line against a sandbox."""

import io
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import trimesh
from PIL import Image, ImageDraw

from addon.cli.environment import Environment
from addon.cli.main import main
from scripts.build import ROOT
from tests.patience import seconds
from tests.sandboxes import Sandbox

CLIENT = ROOT / "scripts" / "3d_api_client.py"
QUICK = ("--poll-interval", "0.1")


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left: exit code, the documents on stdout, the words on stderr."""

    code: int
    documents: list[dict[str, Any]]
    words: str

    @property
    def document(self) -> dict[str, Any]:
        """The one document there is."""
        (only,) = self.documents
        return only


@dataclass(slots=True)
class Batch:
    """Runs ``batch`` in a folder with a home of its own."""

    folder: Path
    sandbox: Sandbox
    processes: bool = False
    """Whether it looks for a Blender; none is installed."""

    @property
    def out(self) -> Path:
        """The batch's folder; blanks and letters of all the world on purpose."""
        return self.folder / "out böx 出"

    @property
    def environ(self) -> dict[str, str]:
        """Where the command line finds its account and its home."""
        return {
            "STUDIO3D_HOME": str(self.folder / "home"),
            "STUDIO3D_API_URL": self.sandbox.address,
            "STUDIO3D_API_KEY": self.sandbox.key,
        }

    def arguments(self, *given: str) -> list[str]:
        """The command line of a run without Blender."""
        without = () if self.processes else ("--no-process",)
        return ["batch", *given, "--out", str(self.out), *QUICK, *without]

    def run(self, *given: str, **environ: str) -> Finished:
        """Run ``batch`` in this process."""
        stdout, stderr = io.StringIO(), io.StringIO()
        environment = Environment(
            stdin=io.StringIO(),
            stdout=stdout,
            stderr=stderr,
            environ=self.environ | environ,
            cwd=self.folder,
            prog="3d_api_client.py",
            root=self.folder,
        )
        code = main(self.arguments(*given), environment)
        return Finished(int(code), documents(stdout.getvalue()), stderr.getvalue())

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Use the sandbox's controls for tests."""
        url = f"{self.sandbox.address}/_sandbox/{path}"
        answer = requests.request(method, url, json=body, timeout=seconds(10))
        answer.raise_for_status()
        return answer.json()

    def spent(self) -> list[int]:
        """The prices of all tasks that were ordered and not refunded."""
        booked: dict[str, int] = {}
        for entry in self.control("GET", "log")["transactions"]:
            booked[entry["task"]] = booked.get(entry["task"], 0) - entry["amount"]
        return sorted(price for price in booked.values() if price)

    def report(self) -> dict[str, Any]:
        """The report as it lies in the folder."""
        document: dict[str, Any] = json.loads((self.out / "report.json").read_text("utf-8"))
        return document

    def statuses(self) -> list[str]:
        """The status of every row of the report."""
        return [row["status"] for row in self.report()["rows"]]


def documents(text: str) -> list[dict[str, Any]]:
    """The JSON documents in a text, one behind the other."""
    decoder, found, position = json.JSONDecoder(), [], 0
    while text[position:].strip():
        start = position + len(text[position:]) - len(text[position:].lstrip())
        document, position = decoder.raw_decode(text, start)
        found.append(document)
    return found


@pytest.fixture
def batch(tmp_path: Path, sandbox: Sandbox) -> Batch:
    """A batch that starts from nothing."""
    made = Batch(tmp_path, sandbox)
    made.control("DELETE", "faults")
    made.control("DELETE", "throttle")
    return made


def write_csv(path: Path, columns: Sequence[str], *rows: Sequence[str]) -> Path:
    """A list of plain cells."""
    lines = [",".join(cells) for cells in (columns, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_model(path: Path, size: float = 1.0) -> Path:
    """A small closed model."""
    trimesh.creation.box((size, size, 2 * size)).export(path)
    return path


def write_picture(path: Path, shade: int = 60, side: int = 96) -> Path:
    """A picture of something that stands out from its background."""
    image = Image.new("RGB", (side, side), "white")
    ImageDraw.Draw(image).ellipse((20, 10, side - 20, side - 10), fill=(180, shade, 40))
    image.save(path)
    return path


@pytest.fixture(scope="session")
def blender() -> str:
    """A real Blender; ``make test-plain`` names one."""
    found = os.environ.get("STUDIO3D_SANDBOX_BLENDER") or shutil.which("blender")
    assert found, "no Blender: set STUDIO3D_SANDBOX_BLENDER"
    return found


@pytest.fixture
def tools(batch: Batch) -> Path:
    """A list of two good rows and a bad one."""
    write_model(batch.folder / "box.glb")
    return write_csv(
        batch.folder / "list.csv",
        ("operation", "name", "model_file", "prompt", "tags"),
        ("volume", "Wie <viel>?", "box.glb", "", ""),
        ("convert", "", "missing.glb", "", ""),
        ("convert", "Box 箱", "box.glb", "", "a;b"),
    )
