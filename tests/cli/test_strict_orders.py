"""Every order as a service takes it that knows nothing but its documentation."""

import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from unittest.mock import ANY

import pytest

from addon.catalog import Field, Kind, encode, get, operations
from addon.catalog.validation import InvalidRequest
from addon.cli.environment import Environment
from addon.cli.exits import Refused
from addon.cli.operation_options import flag
from addon.cli.orders import plan_orders
from addon.cli.parser import make_parser
from addon.cli.session import Session
from addon.jobs.planner import Plan
from addon.service.client import Client
from addon.service.errors import ServiceError
from addon.service.images import ImageReader
from tests.cli.conftest import CommandLine
from tests.strict_service.endpoints import ENDPOINTS
from tests.strict_service.files import FILES
from tests.strict_service.service import Order, StrictService, strict_service
from tests.strict_service.values import ALWAYS, UNSAID

QUICK: Final = ("--wait", "--poll-interval", "0.02")

HUNYUAN: Final = "/v1/3d-models/tencent"
TRIPO: Final = "/v1/3d-models/tripo"
IMAGES: Final = "/v1/images"
TOOLS: Final = "/v1/tools"
MODEL_FILE: Final = {"model_file": "model.glb"}
PRESET: Final = {"preset": "v3_miniature_animal"}
LINK: Final = "https://files.example.org/model"
PHOTO: Final = "https://files.example.org/photo.png"

SMALLEST: Final[list[tuple[str, str, dict[str, Any]]]] = [
    ("tencent-rapid --prompt chair", f"{HUNYUAN}/generate/rapid/", {"prompt": "chair"}),
    ("tencent-rapid --image photo.png", f"{HUNYUAN}/generate/rapid/", {"image": ANY}),
    ("tencent-rapid --image {host}/photo.jpg", f"{HUNYUAN}/generate/rapid/", {"image": ANY}),
    ("tencent-pro --prompt chair", f"{HUNYUAN}/generate/pro/", {"prompt": "chair"}),
    ("tencent-pro --image photo.png", f"{HUNYUAN}/generate/pro/", {"image": ANY}),
    (
        "tencent-pro --multi-view-images front=photo.png --multi-view-images back=photo.png",
        f"{HUNYUAN}/generate/pro/",
        {"multi_view_images": [ANY, ANY]},
    ),
    ("trellis --image photo.png", "/v1/3d-models/trellis2/generate/", {"image": ANY}),
    (
        f"trellis --image {PHOTO}",
        "/v1/3d-models/trellis2/generate/",
        {"image_url": PHOTO},
    ),
    ("tripo --prompt chair", f"{TRIPO}/text-to-3d/3.1/", {"prompt": "chair"}),
    ("tripo --image photo.png", f"{TRIPO}/image-to-3d/3.1/", {"image": ANY}),
    (f"tripo --image {PHOTO}", f"{TRIPO}/image-to-3d/3.1/", {"image_url": PHOTO}),
    (
        "tripo --images front=photo.png --images left=photo.png",
        f"{TRIPO}/multiview-to-3d/3.1/",
        {"images": [{"image": ANY}, {"image": ANY}]},
    ),
    ("tripo-p1 --prompt chair", f"{TRIPO}/text-to-3d/p1/", {"prompt": "chair"}),
    ("tripo-p1 --image photo.png", f"{TRIPO}/image-to-3d/p1/", {"image": ANY}),
    (f"tripo-p1 --image {PHOTO}", f"{TRIPO}/image-to-3d/p1/", {"image_url": PHOTO}),
    (
        f"tripo-p1 --images front=photo.png --images left={PHOTO}",
        f"{TRIPO}/multiview-to-3d/p1/",
        {"images": [{"image": ANY}, {"image_url": PHOTO}]},
    ),
    ("image-gemini3pro --prompt sun", f"{IMAGES}/gemini/3/pro/generate/", {"prompt": "sun"}),
    (
        "image-gemini3pro --prompt sun --image photo.png",
        f"{IMAGES}/gemini/3/pro/edit/",
        {"prompt": "sun", "images": [ANY]},
    ),
    ("image-gemini31flash --prompt sun", f"{IMAGES}/gemini/3.1/flash/generate/", {"prompt": "sun"}),
    (
        "image-gemini31flash --prompt sun --image photo.png",
        f"{IMAGES}/gemini/3.1/flash/edit/",
        {"prompt": "sun", "images": [ANY]},
    ),
    ("image-gemini25flash --prompt sun", f"{IMAGES}/gemini/2.5/flash/generate/", {"prompt": "sun"}),
    (
        "image-gemini25flash --prompt sun --image photo.png",
        f"{IMAGES}/gemini/2.5/flash/edit/",
        {"prompt": "sun", "images": [ANY]},
    ),
    ("image-seedream --prompt sun", f"{IMAGES}/seedream/v5/lite/generate/", {"prompt": "sun"}),
    (
        "image-seedream --prompt sun --image photo.png",
        f"{IMAGES}/seedream/v5/lite/edit/",
        {"prompt": "sun", "image_urls": [ANY]},
    ),
    ("convert --model-file model.glb", f"{TOOLS}/convert/", MODEL_FILE),
    (f"convert --model-url {LINK}.glb", f"{TOOLS}/convert/", {"model_url": f"{LINK}.glb"}),
    ("render --model-file model.glb", f"{TOOLS}/render/", MODEL_FILE),
    (f"render --model-url {LINK}.glb", f"{TOOLS}/render/", {"model_url": f"{LINK}.glb"}),
    ("repair --model-file model.zip", f"{TOOLS}/repair/", {"model_file": "model.zip"}),
    (f"repair --model-url {LINK}.glb", f"{TOOLS}/repair/", {"model_url": f"{LINK}.glb"}),
    ("optimize --model-file model.glb", f"{TOOLS}/optimize/", MODEL_FILE),
    (f"optimize --model-url {LINK}.glb", f"{TOOLS}/optimize/", {"model_url": f"{LINK}.glb"}),
    ("volume --model-file model.glb", f"{TOOLS}/calculate-volume/", MODEL_FILE),
    (f"volume --model-url {LINK}.glb", f"{TOOLS}/calculate-volume/", {"model_url": f"{LINK}.glb"}),
    (
        f"bake-texture --original-url {LINK}.glb --retopo-url {LINK}.obj",
        f"{TOOLS}/bake-texture/",
        {"original_url": f"{LINK}.glb", "retopo_url": f"{LINK}.obj"},
    ),
    (
        "bake-texture --original-url model.glb --retopo-url low.obj --yes",
        f"{TOOLS}/bake-texture/",
        {"original_url": ANY, "retopo_url": ANY},
    ),
    (
        f"texture-edit --file-url {LINK}.fbx --prompt oak",
        f"{HUNYUAN}/texture-edit/",
        {"file_url": f"{LINK}.fbx", "prompt": "oak"},
    ),
    (
        f"texture-edit --file-url {LINK}.fbx --image photo.png",
        f"{HUNYUAN}/texture-edit/",
        {"file_url": f"{LINK}.fbx", "image": ANY},
    ),
    (
        "texture-edit --file-url model.glb --image photo.png --yes",
        f"{HUNYUAN}/texture-edit/",
        {"file_url": ANY, "image": ANY},
    ),
    (
        "texture-model --model-file model.glb --prompt oak",
        f"{TRIPO}/texture-model/",
        {"model": "model.glb", "prompt": "oak"},
    ),
    (
        f"texture-model --model-url {LINK}.glb --style-image photo.png",
        f"{TRIPO}/texture-model/",
        {"model_url": f"{LINK}.glb", "style_image": "photo.png"},
    ),
    (
        f"texture-model --model-url {LINK}.glb --style-image {PHOTO}",
        f"{TRIPO}/texture-model/",
        {"model_url": f"{LINK}.glb", "style_image_url": PHOTO},
    ),
    (
        f"texture-model --model-url {LINK}.glb --image {PHOTO}",
        f"{TRIPO}/texture-model/",
        {"model_url": f"{LINK}.glb", "image_url": PHOTO},
    ),
    (
        f"topology --file-url {LINK}.glb",
        f"{HUNYUAN}/topology/",
        {"file_url": f"{LINK}.glb"},
    ),
    (
        f"topology --file-url {LINK}.obj",
        f"{HUNYUAN}/topology/",
        {"file_url": f"{LINK}.obj", "file_type": "OBJ"},
    ),
    (f"topology --file-url {LINK}.stl --yes", f"{HUNYUAN}/topology/", {"file_url": ANY}),
    (
        f"texture-edit --file-url {LINK}.glb --prompt oak --yes",
        f"{HUNYUAN}/texture-edit/",
        {"file_url": ANY, "prompt": "oak"},
    ),
    ("topology --file-url model.glb --yes", f"{HUNYUAN}/topology/", {"file_url": ANY}),
    (
        "convert-model --model-file model.glb",
        f"{TRIPO}/convert-model/",
        {"model": "model.glb"},
    ),
    (
        f"convert-model --model-url {LINK}.glb",
        f"{TRIPO}/convert-model/",
        {"model_url": f"{LINK}.glb"},
    ),
    ("segment --model-file model.glb", f"{TRIPO}/mesh-segmentation/", {"model": "model.glb"}),
    (
        f"segment --model-url {LINK}.glb",
        f"{TRIPO}/mesh-segmentation/",
        {"model_url": f"{LINK}.glb"},
    ),
    ("remove-bg --image photo.png", f"{TOOLS}/remove-bg/", {"image_file": "photo.png"}),
    (f"remove-bg --image {PHOTO}", f"{TOOLS}/remove-bg/", {"image_url": PHOTO}),
    ("image-enhance --image photo.png", f"{TOOLS}/image-enhance/", {"image_file": "photo.png"}),
    (f"image-enhance --image {PHOTO}", f"{TOOLS}/image-enhance/", {"image_url": PHOTO}),
    (
        "miniature --image photo.png --preset v3_miniature_animal",
        "/v1/flow/miniature/",
        {"image": ANY, **PRESET},
    ),
]
"""The least that each operation takes, from each thing it can start from; what has to arrive."""


def with_inputs(folder: Path) -> None:
    """Put the files there that command lines of these tests name."""
    for name in ("model.glb", "model.zip", "photo.png"):
        (folder / name).write_bytes(FILES[Path(name).suffix[1:]])
    (folder / "low.obj").write_bytes(FILES["obj"])


def test_every_operation_has_a_smallest_order() -> None:
    named = {line.split()[0] for line, _, _ in SMALLEST}
    assert named == {operation.name for operation in operations()}
    every = {path.replace("/3.0/", "/3.1/") for path in ENDPOINTS if not path.endswith("to-3d/")}
    assert {path for _, path, _ in SMALLEST} == every


@pytest.mark.parametrize(
    ("line", "path", "sends"), SMALLEST, ids=[line.replace("/", "") for line, _, _ in SMALLEST]
)
def test_the_smallest_order(
    strict_cli: CommandLine, strict: StrictService, line: str, path: str, sends: dict[str, Any]
) -> None:
    with_inputs(strict_cli.folder)
    done = strict_cli.run(*shlex.split(line.format(host=f"{strict.storage}/public")), *QUICK)
    assert (done.code, strict.refusals) == (0, []), done.words
    order = strict.orders[-1]
    steps = len(done.document.get("steps", [done.document]))
    assert len(strict.orders) == steps == (1 if "--yes" not in line else steps)
    assert (order.path, {name: order.body.get(name) for name in sends}) == (path, sends)
    assert not_documented(order, sends) == {}
    assert order.credits[0] <= done.document["estimated_credits"] <= order.credits[1]
    files = [(file["asset_type"], Path(file["path"]).suffix) for file in done.document["files"]]
    results = strict.tasks[order.task_id].results
    assert files == [(kind, f".{ending or 'json'}") for kind, ending in results]
    assert all(Path(file["path"]).stat().st_size for file in done.document["files"])


def not_documented(order: Order, given: dict[str, Any]) -> dict[str, Any]:
    """What was sent unasked, and is not what the documentation calls the default.

    What it calls automatic, or says nothing about, is left to the service.
    """
    fields = ENDPOINTS[order.path].fields
    unasked = {name: value for name, value in order.body.items() if name not in given}
    defaults = {name: fields[name].default for name in unasked}
    return {
        name: value
        for name, value in unasked.items()
        if defaults[name] is not ALWAYS and (defaults[name] is UNSAID or defaults[name] != value)
    }


# ---------------------------------------------------------------- every option

COMPANIONS: Final = {
    "tencent-pro": ("--generate-type LowPoly", "--model 3.1"),
    "tripo": ("--no-texture",),
    "convert": ("--max-size 10",),
    "repair": ("--hollow", "--target-height 10", "--output-format obj"),
    "convert-model": ("--format FBX", "--format FBX --quad", "--flatten-bottom"),
    "image-enhance": ("--remove-bg",),
    "miniature": ("--scale custom", "--scale-height-cm 5"),
}
"""What some options or values only go with."""

NOT_SENT: Final[dict[str, set[tuple[str, Any]]]] = {
    # A retexturing without textures is none.
    f"{TRIPO}/texture-model/": {("texture", True), ("texture", False)},
    # What is sent may cost more, even where it is the default.
    f"{TRIPO}/convert-model/": {
        *((name, False) for name in ("quad", "force_symmetry", "flatten_bottom", "pack_uv")),
        ("pivot_to_center_bottom", False),
        *((name, True) for name in ("bake", "with_animation")),
        *(("texture_format", "JPEG"), ("fbx_preset", "blender")),
    },
}
"""What the service takes and no command line sends."""


class Desk:
    """Takes command lines to the strict service without keeping a list of jobs: that is quick."""

    def __init__(self, service: StrictService, folder: Path) -> None:
        self.service = service
        self._parser = make_parser("3d_api_client.py")
        self._environment = Environment(
            io.StringIO(), io.StringIO(), io.StringIO(), {}, folder, "3d_api_client.py"
        )
        self._client = Client(service.address, service.key, user_agent="test")
        self._read = ImageReader(user_agent="test")

    def plan(self, line: str) -> Plan | None:
        """What is ordered; None where the command line itself refuses it."""
        try:
            parsed = self._parser.parse_all(shlex.split(line))
            (plan,) = plan_orders(Session(self._environment, parsed))
        except (Refused, InvalidRequest):
            return None
        return plan

    def refusal(self, plan: Plan) -> str:
        """What the service has against it, or against the price; "" for nothing."""
        try:
            self._client.submit(encode(plan.last.request, self._read))
        except ServiceError as error:
            return str(error)
        least, most = self.service.orders[-1].credits
        fits = least <= plan.credits <= most
        return "" if fits else f"{plan.credits} credits, not {least} to {most}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with strict_service() as service:
        folder = tmp_path_factory.mktemp("desk")
        with_inputs(folder)
        service.balance *= 1000
        service.rate_limit *= 1000
        yield Desk(service, folder)


def starts(operation: str) -> list[str]:
    """Its smallest orders; models by address, as a detour is not what is tried here."""
    lines = [line for line, _, _ in SMALLEST if line.split()[0] == operation]
    return [line for line in lines if "{host}" not in line and "--yes" not in line]


def values(field: Field) -> list[str]:
    """Its option with each of the values that make a difference."""
    option = flag(field.name)
    match field.kind:
        case Kind.SWITCH:
            return [option, f"--no-{option[2:]}"]
        case Kind.IMAGES:
            return [" ".join([f"{option} photo.png"] * int(field.maximum or 1))]
        case Kind.CHOICE:
            more = [field.pattern_example] if field.pattern and not field.unverified else []
            said: list[Any] = [*(choice.value for choice in field.offered_choices()), *more]
        case Kind.INTEGER | Kind.NUMBER:
            said = [begin(field), field.minimum, field.maximum]
        case Kind.NUMBERS:
            said = ["5", "1,2.5,3,4,5,6,7,8,9,10"]
        case Kind.TEXT:
            said = ["words", "w" * (field.max_length or 100)]
        case _:
            said = []
    return [f"{option} {written(value)}" for value in said if value is not None]


def begin(field: Field) -> float | None:
    """What people see first."""
    return field.default if isinstance(field.default, int | float) else field.start


def written(value: Any) -> str:
    """A value as people type it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def sent(desk: Desk, name: str, option: str) -> dict[str, str]:
    """What the service has against the option, by line: from each start that takes it."""
    found: dict[str, str] = {}
    for start in starts(name):
        begun = without(start, option.partition(" ")[0])
        lines = [f"{begun} {more} {option}" for more in ("", *COMPANIONS.get(name, ()))]
        plans = ((line, desk.plan(line)) for line in lines)
        found |= next(({line: desk.refusal(plan)} for line, plan in plans if plan is not None), {})
    return found


def without(line: str, option: str) -> str:
    """The line without what it says of an option that gets another value."""
    return re.sub(rf" {option} \S+", "", line) if option else line


@pytest.mark.parametrize("name", [operation.name for operation in operations()])
def test_every_value_of_every_option(desk: Desk, name: str) -> None:
    before = len(desk.service.orders)
    options = ["", *(option for field in get(name).fields for option in values(field))]
    found = {option: sent(desk, name, option) for option in options}
    said = {line: words for lines in found.values() for line, words in lines.items() if words}
    assert said == {}
    assert [option for option, lines in found.items() if not lines] == []
    assert out_of_reach(desk.service.orders[before:]) == set()


def out_of_reach(orders: list[Order]) -> set[tuple[str, str, Any]]:
    """What the endpoints that were used take, and none of the orders had: path, field, value."""
    seen: dict[str, set[tuple[str, Any]]] = {}
    for order in orders:
        newest = order.path.replace("/3.0/", "/3.1/")  # both take the same
        fields = ENDPOINTS[newest].fields.items()
        seen.setdefault(newest, set()).update(
            (name, value)
            for name, known in fields
            if name in order.body
            for value in known.tells_apart(order.body[name])
        )
    return {
        (path, name, value)
        for path, found in seen.items()
        for name, known in ENDPOINTS[path].fields.items()
        for value in known.edges()
        if (name, value) not in found | NOT_SENT.get(path, set())
    }


@pytest.mark.parametrize("name", [operation.name for operation in operations()])
@pytest.mark.parametrize("at", [0, 1], ids=["as they start", "other"])
def test_all_options_at_once(desk: Desk, name: str, at: int) -> None:
    """With every option that goes with the ones before: at its start value, or another."""
    for start in starts(name):
        line = start
        for field in get(name).fields:
            offered = values(field)
            if offered and desk.plan(longer := f"{line} {offered[min(at, len(offered) - 1)]}"):
                line = longer
        plan = desk.plan(line)
        assert plan is not None
        assert desk.refusal(plan) == "", line
