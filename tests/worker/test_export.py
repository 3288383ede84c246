import json
import sys
import threading
from pathlib import Path

import pytest

from addon.jobs.job import Export
from addon.jobs.runner_deps import PreparationFailed
from addon.worker.export import BlenderExporter
from tests.patience import seconds

PROGRAM = [sys.executable, "-I", str(Path(__file__).parent / "background_program.py")]


def export(name: str, folder: Path) -> Export:
    order = Export(folder / "a.blend", folder / "sent" / "chair.glb", {"name": name})
    BlenderExporter(PROGRAM, seconds(30), threading.Event()).export(order)
    return order


def test_the_model_is_written_where_the_request_names_it(tmp_path: Path) -> None:
    order = export("chair", tmp_path)
    assert order.to.exists()
    (seen,) = order.to.parent.glob("*.seen.json")
    told = json.loads(seen.read_text())["order"]
    assert (told["blend"], told["settings"]) == (str(order.blend), {"name": "chair"})


@pytest.mark.fault(
    "The background Blender fails or crashes while it writes a model",
    "Said; no half model is left to be sent",
)
@pytest.mark.parametrize(
    ("behaviour", "message"),
    [("refuse", "No mesh"), ("crash", "without a report"), ("no file", "could not be exported")],
)
def test_a_failure_leaves_no_half_model(tmp_path: Path, behaviour: str, message: str) -> None:
    with pytest.raises(PreparationFailed, match=message):
        export(behaviour, tmp_path)
    assert not list(tmp_path.rglob("*.glb"))
