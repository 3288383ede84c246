"""The command lines of the service's own client go on meaning what they meant.

Each is what its page shows, with all it shows as optional. A service that knows nothing but its
documentation takes it.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from unittest.mock import ANY

import pytest

from tests.cli.conftest import CommandLine
from tests.patience import seconds
from tests.sandboxes import ROOT
from tests.strict_service.files import FILES
from tests.strict_service.service import StrictService

LINK: Final = "https://files.example.org/model.glb"
NORMAL: Final = "--face-count 500000 --generate-type Normal"
FOLDER: Final = "--output-dir ./results"
IMAGE: Final = "--image path/to/image.jpg"
BODY: Final = "miniature_human_full_body"
PBR: Final = {"enable_pbr": True}
TEXTURED: Final = {"texture": True, "pbr": True}

LINES: Final[list[tuple[str, str, dict[str, Any]]]] = [
    ('tencent-rapid --prompt "a wooden chair" --enable-pbr', "rapid/", PBR),
    (f'tencent-rapid --prompt "a red sports car" --enable-pbr {FOLDER}', "rapid/", PBR),
    (
        f"tencent-pro --prompt sword --model 3.0 --enable-pbr {NORMAL} {FOLDER}",
        "pro/",
        {"model": "3.0", "face_count": 500_000, "generate_type": "Normal", **PBR},
    ),
    (f"tencent-pro {IMAGE} --enable-pbr", "pro/", {"image": ANY, "model": "3.0", **PBR}),
    (f"trellis {IMAGE} --enable-pbr {FOLDER}", "trellis2/generate/", {"textures": True}),
    *(
        (
            f'tripo --prompt "a fantasy castle" --version v{version} --enable-pbr {FOLDER}',
            f"text-to-3d/{version}/",
            TEXTURED,
        )
        for version in ("3.0", "3.1")
    ),
    (f"tripo {IMAGE} --version v3.1 --enable-pbr", "image-to-3d/3.1/", TEXTURED),
    (f'tripo-p1 --prompt "a detailed spaceship" {FOLDER}', "text-to-3d/p1/", {"prompt": ANY}),
    (f"tripo-p1 {IMAGE}", "image-to-3d/p1/", {"image": ANY}),
    *(
        (f'image-{name} --prompt "a sunset over mountains" --count 1', path, {"num_images": 1})
        for name, path in (
            ("gemini3pro", "gemini/3/pro/generate/"),
            ("gemini31flash", "gemini/3.1/flash/generate/"),
            ("gemini25flash", "gemini/2.5/flash/generate/"),
        )
    ),
    ('image-seedream --prompt "anime style warrior"', "seedream/v5/lite/generate/", {}),
    *(
        (
            f"convert --model-url {LINK} --output-format {name}",
            "tools/convert/",
            {"model_url": LINK, "output_format": name},
        )
        for name in ("obj", "fbx", "stl", "ply")
    ),
    (f"render --model-url {LINK} {FOLDER}", "tools/render/", {"model_url": LINK}),
    (f"repair --model-url {LINK}", "tools/repair/", {"model_url": LINK}),
    (f"optimize --model-url {LINK}", "tools/optimize/", {"model_url": LINK}),
    (
        f"bake-texture --high-poly-url {LINK} --low-poly-url {LINK}",
        "tools/bake-texture/",
        {"original_url": LINK, "retopo_url": LINK},
    ),
    (f"remove-bg {IMAGE} {FOLDER}", "tools/remove-bg/", {"image_file": "image.jpg"}),
    (f"image-enhance {IMAGE} {FOLDER}", "tools/image-enhance/", {"image_file": "image.jpg"}),
    (f"volume --model-url {LINK}", "calculate-volume/", {"model_url": LINK}),
    *(
        (
            f"miniature {IMAGE} --preset {preset} --edition {edition} --scale {scale} {FOLDER}",
            "flow/miniature/",
            {"preset": preset, "edition": edition, "scale": scale},
        )
        for preset, edition, scale in (
            (BODY, "default", "none"),
            (f"v3_{BODY}", "default", "h0"),
            ("v4_miniature_general", "fast", "1:150"),
        )
    ),
    (
        f"miniature {IMAGE} --preset {BODY} --scale custom --scale-height-cm 5.0",
        "flow/miniature/",
        {"scale": "custom", "scale_height_cm": 5.0},
    ),
]


@pytest.fixture(autouse=True)
def photo(tmp_path: Path) -> None:
    path = tmp_path / "path" / "to" / "image.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(FILES["jpg"])


@pytest.mark.parametrize(
    ("line", "ends", "sends"), LINES, ids=[line.replace("/", "") for line, _, _ in LINES]
)
def test_a_documented_line(
    strict_cli: CommandLine, strict: StrictService, line: str, ends: str, sends: dict[str, Any]
) -> None:
    done = strict_cli.run(*shlex.split(line), "--wait", "--poll-interval", "0.02")
    assert (done.code, done.document["status"]) == (0, "FINISHED"), done.words
    [order] = strict.orders
    assert order.path.endswith(ends)
    assert {name: order.body[name] for name in sends} == sends
    assert all(
        Path(file["path"]).parent == strict_cli.folder / "results"
        for file in done.document["files"]
    )


@pytest.mark.parametrize("type_", ["Cartoon", "Sculpture"])
def test_types_that_no_longer_exist_are_sent_as_given_and_that_is_said(
    strict_cli: CommandLine, strict: StrictService, type_: str
) -> None:
    done = strict_cli.run("tencent-pro", "--prompt", "a sword", "--generate-type", type_)
    assert (done.code, strict.orders) == (2, [])
    assert strict.refusals == [{"generate_type": [f'"{type_}" is not a valid choice.']}]
    assert f'Type "{type_}" is sent as given' in done.words
    assert f'"{type_}" is not a valid choice' in done.words


def test_step_by_step_as_a_program(strict: StrictService, tmp_path: Path) -> None:
    """With the key in ``.env`` and nothing but the documented names."""
    (tmp_path / ".env").write_text(f"3D_AI_STUDIO_API_KEY={strict.key}\n")
    environ = {**os.environ, "STUDIO3D_HOME": str(tmp_path / "home")}
    environ["3D_AI_STUDIO_API_URL"] = strict.address
    environ.pop("STUDIO3D_API_KEY", None)
    said = []

    def run(*arguments: str) -> Any:
        command = [sys.executable, str(ROOT / "scripts" / "3d_api_client.py"), *arguments]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            timeout=seconds(60),
            check=True,
        )
        said.append(done.stdout + done.stderr)
        return json.loads(done.stdout)

    strict.finished_at = 0
    task = run("tencent-rapid", "--prompt", "a wooden chair", "--enable-pbr")["task_id"]
    status = run("status", "--task-id", task)
    assert (status["status"], status["results"][0]["asset_type"]) == ("FINISHED", "ARCHIVE")
    assert run("status", "--task-id", task, "--poll")["status"] == "FINISHED"
    files = run("download", "--task-id", task, "--output-dir", "./results")["files"]
    assert Path(files[0]["path"]).read_bytes() == FILES["zip"]
    assert len(strict.orders) == 1
    assert strict.key not in "".join(said)
