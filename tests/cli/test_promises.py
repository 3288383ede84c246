"""Every sentence of SKILL.md is kept by a test: ``promises.txt`` names them, sentence by sentence.

The blocks of commands are read by ``test_skill.py``. What no other test has a look at has its own
here.
"""

import ast
import json
import re
import shlex
import socket
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image

from addon.catalog import AssetType, get
from addon.cli.common_options import DEFAULT_TIMEOUT_MINUTES
from addon.jobs.states import State
from addon.jobs.store import Store
from addon.service.limits import MAX_UPLOAD_BYTES, READ_TIMEOUT
from tests.cli.conftest import CommandLine
from tests.cli.test_money import queued
from tests.cli.test_skill import BLOCKS, SKILL
from tests.sandboxes import ROOT
from tests.strict_service.files import FILES, OBJ
from tests.strict_service.service import StrictService, Trouble

TESTS: Final = ROOT / "tests"
QUICK: Final = ("--poll-interval", "0.02")
RAPID: Final = ("tencent-rapid", "--prompt", "a chair")
TASK: Final = "TASK_ID"


def sentences(page: str) -> list[str]:
    """The page's sentences in prose, bullets, tables and its head; without code and headings.

    The lines that stand over each operation's command are made from the catalogue one by one.
    """
    head, text = page.removeprefix("---\n").split("\n---\n", 1)
    prose = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)
    found = sentences_of(head.partition("description: ")[2])
    for block in re.split(r"\n\s*\n|\n(?= *- | *\d\. |\| )", prose):
        words = re.sub(r"^(- |\d\. |\| )| \|$", "", " ".join(block.split()))
        if not words.startswith(("#", "**", "exit code |", "status |")):
            found += sentences_of(words)
    return [words for words in found if not re.fullmatch(r"[-| ]*", words)]


def sentences_of(words: str) -> list[str]:
    """A paragraph's sentences; a dot within a name does not end one."""
    return re.split(r"(?<=\.) (?=[A-Z`\d])", words)


def promises() -> dict[str, list[str]]:
    """Tests by the sentence they are for; in parentheses is why one promises nothing."""
    lines = (TESTS / "cli" / "promises.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, list[str]] = {}
    tests: list[str] = []
    for line in lines:
        if line.startswith("    "):
            tests.append(line.strip())
        else:
            found[line] = tests = []
    return found


@cache
def functions_in(file: Path) -> set[str]:
    """The names of its tests, among others."""
    module = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


def test_every_sentence_has_a_test() -> None:
    said = sentences(SKILL)
    assert [words for words in said if words not in promises()] == []
    assert [words for words in promises() if words not in said] == []
    assert [words for words, tests in promises().items() if not tests] == []


def test_every_test_that_is_named_is_there() -> None:
    named = {test for tests in promises().values() for test in tests if not test.startswith("(")}
    places = [test.partition("::") for test in sorted(named)]
    missing = [file + name for file, _, name in places if name not in functions_in(TESTS / file)]
    assert missing == []


@pytest.mark.parametrize("added", ["A new one.", "- A bullet", "| 8 | new |", "Two.\nMore of it."])
def test_what_is_added_is_found(added: str) -> None:
    changed = SKILL.replace("\n## Limits\n", f"\n{added}\n\n## Limits\n")
    assert len(sentences(changed)) > len(sentences(SKILL))


# ---------------------------------------------------------------- what no other test looks at


def spent(strict: StrictService) -> int:
    """How many orders were sent, whether or not they were taken."""
    return [method for method, _ in strict.requests].count("POST")


@pytest.mark.parametrize("name", ["3D_AI_STUDIO_API_KEY", "STUDIO3D_API_KEY"])
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_both_names_of_the_key(strict_cli: CommandLine, name: str, place: str) -> None:
    key = strict_cli.environ.pop("STUDIO3D_API_KEY")
    if place == "environment":
        assert strict_cli.run("balance", **{name: key}).code == 0
        return
    path = strict_cli.folder / ".env"
    path.write_text(f"{name}={key}\n")
    assert strict_cli.run("balance").code == 0
    path.unlink()


def test_the_pythons_it_is_for() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    oldest = re.search(r"Python (3\.\d+) or newer", SKILL)
    assert oldest is not None
    assert oldest[1] == settings["mypy"]["python_version"]
    assert f"py{oldest[1].replace('.', '')}" == settings["ruff"]["target-version"]


def lines_of(block: str) -> list[list[str]]:
    """The command lines of a block, each without its comment and the program."""
    lines = block.replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True)[2:] for line in lines if line.strip()]


def test_the_quick_start_does_what_it_shows(strict_cli: CommandLine, strict: StrictService) -> None:
    check, at_once, in_steps = (lines_of(block) for block in BLOCKS[:3])
    assert [line[0] for line in check] == ["doctor", "balance"]
    assert all(strict_cli.run(*line).code == 0 for line in check)
    price, order = (
        strict_cli.run(*line, *QUICK[: 2 * (line[0] != "estimate")]) for line in at_once
    )
    assert price.document["estimated_credits"] == strict.orders[0].credits[0]
    assert (order.code, order.document["status"]) == (0, "FINISHED")
    assert Path(order.document["files"][0]["path"]).parent == strict_cli.folder / "results"
    submitted = strict_cli.run(*in_steps[0])
    task = submitted.document["task_id"]
    steps = [[word.replace(TASK, task) for word in line] for line in in_steps[1:]]
    done = [strict_cli.run(*line, *QUICK) for line in steps]
    assert [(one.code, one.document["status"]) for one in done] == [(0, "FINISHED")] * 2
    assert Path(done[1].document["files"][0]["path"]).read_bytes() == FILES["zip"]


def test_the_miniature_does_what_it_shows(strict_cli: CommandLine, strict: StrictService) -> None:
    (strict_cli.folder / "photo.jpg").write_bytes(FILES["jpg"])
    (lines,) = [lines_of(block) for block in BLOCKS if "./photo.jpg" in block]
    done = [strict_cli.run(*line, *(QUICK if "--wait" in line else ())) for line in lines]
    assert [one.code for one in done] == [0, 0, 0]
    kinds = re.findall(r"\(`([A-Z\d_]+)`\)", SKILL.partition("The folder then holds")[2])
    files = {file["asset_type"]: Path(file["path"]) for file in done[-1].document["files"]}
    assert set(files) == set(kinds)
    assert all(path.parent == strict_cli.folder / "my_miniature" for path in files.values())
    assert strict.orders[0].credits == (300, 300)


def shown(after: str) -> list[set[str]]:
    """Names in the documents that a bullet shows, those in another within theirs."""
    (line,) = re.findall(rf"^- {re.escape(after)}.*$", SKILL, re.MULTILINE)
    return [
        set(re.findall(r'"([a-z_]+)"', document)) for document in re.findall(r"`(\{.*?)`", line)
    ]


def names(document: Any) -> set[str]:
    """All names in a document, and in what is in it."""
    if isinstance(document, list):
        return set().union(*map(names, document))
    if isinstance(document, dict):
        return set(document).union(*map(names, document.values()))
    return set()


def test_the_documents_have_what_stands_there(
    strict_cli: CommandLine, strict: StrictService
) -> None:
    strict.finished_at = 0
    submitted = strict_cli.run(*RAPID)
    task = submitted.document["task_id"]
    waited = strict_cli.run(*RAPID, "--wait", *QUICK)
    status = strict_cli.run("status", "--task-id", task)
    fetched = strict_cli.run("download", "--task-id", task, *QUICK)
    trouble = strict_cli.run("balance", STUDIO3D_API_KEY="wrong")
    for bullet, done in (
        ("submitted", submitted),
        ("with `--wait`", waited),
        ("`status`", fetched),
        ("trouble", trouble),
    ):
        for wanted in shown(bullet):
            assert wanted <= names(done.document)
    answer = {"status", "progress", "failure_reason", "results", "asset", "asset_type", "metadata"}
    assert answer <= names(status.document)
    assert waited.document["status"] == "FINISHED"


def test_trouble_is_a_document_and_a_line(strict_cli: CommandLine, strict: StrictService) -> None:
    strict.shape = lambda answer: {**answer, "status": "FAILED"}
    task = strict_cli.run(*RAPID).document["task_id"]
    for command in (
        ("balance", "--base-url", "http://files.example.org"),
        (*RAPID, "--max-credits", "1"),
        ("tencent-rapid",),
        ("status", "--task-id", task),
        ("status", "--task-id", task, "--poll", *QUICK),
    ):
        done = strict_cli.run(*command, "--quiet")
        assert done.code != 0
        assert {"code", "message"} <= set(done.document["error"])
        assert done.words.count("\n") == 1, done.words


def test_the_status_at_each_moment(strict_cli: CommandLine, strict: StrictService) -> None:
    """Another process lists the jobs whenever the service is asked something."""
    seen: dict[str, list[str]] = {"wallet": [], "submit": [], "status": [], "file": []}
    watcher = CommandLine(strict_cli.folder, strict, strict_cli.environ)

    def look(stage: str) -> None:
        jobs = watcher.run("jobs").document["jobs"]
        seen[stage] += [job["status"] for job in jobs]

    strict.before = look
    done = strict_cli.run(*RAPID, "--wait", *QUICK)
    assert seen["submit"] == ["SUBMITTING"]
    assert seen["status"] == ["PENDING", "IN_PROGRESS", "IN_PROGRESS"]
    assert seen["file"] == ["IN_PROGRESS"]
    assert done.document["status"] == "FINISHED"
    queued(strict_cli)
    assert strict_cli.run("jobs").document["jobs"][0]["status"] == "QUEUED"


def test_the_types_of_results() -> None:
    (line,) = re.findall(r"^Asset types: (.*)$", SKILL, re.MULTILINE)
    assert set(re.findall(r"`([A-Z\d_]+)`", line)) == {kind.value for kind in AssetType}


def test_what_is_too_long_or_too_large(strict_cli: CommandLine, strict: StrictService) -> None:
    long = "w" * 1025
    link = "https://files.example.org/model.fbx"
    for order in (RAPID[:1], ("tripo",), ("texture-edit", "--file-url", link)):
        done = strict_cli.run(*order, "--prompt", long)
        assert (done.code, done.document["error"]["code"]) == (2, "validation_failed")
    assert f"{MAX_UPLOAD_BYTES // 10**6} MB" in SKILL
    with (strict_cli.folder / "large.stl").open("wb") as file:
        file.truncate(MAX_UPLOAD_BYTES + 1)
    done = strict_cli.run("convert", "--model-file", "large.stl")
    assert done.code == 2
    assert "200 MB" in done.words
    (strict_cli.folder / "large.stl").unlink()
    assert spent(strict) == 0


@pytest.mark.parametrize("where", ["BLENDER", "PATH"])
def test_a_copy_of_a_picture_is_sent_and_told(
    strict_cli: CommandLine, strict: StrictService, blender: str, where: str
) -> None:
    original = strict_cli.folder / "photo.tif"
    Image.new("CMYK", (160, 100)).save(original)
    before = original.read_bytes()
    (strict_cli.folder / "bin").mkdir()
    (strict_cli.folder / "bin" / "blender").symlink_to(Path(blender).resolve())
    at = {"BLENDER": blender, "PATH": f"{strict_cli.folder / 'bin'}:/usr/bin:/bin"}
    strict_cli.environ[where] = at[where]
    done = strict_cli.run("trellis", "--image", "photo.tif")
    assert (done.code, strict.refusals) == (0, []), done.words
    assert "photo.tif is sent as a copy" in done.words
    assert strict.orders[0].body["image"].startswith("data:image/")
    assert original.read_bytes() == before


def test_without_a_blender_what_can_go_goes(strict_cli: CommandLine, strict: StrictService) -> None:
    lying = Image.Exif()
    lying[274] = 6
    Image.new("RGB", (160, 160)).save(strict_cli.folder / "photo.jpg", exif=lying)
    Image.new("RGB", (160, 160)).save(strict_cli.folder / "photo.tif")
    strict_cli.environ["BLENDER"] = "none"
    done = strict_cli.run("trellis", "--image", "photo.jpg")
    assert (done.code, len(strict.orders)) == (0, 1)
    assert "goes as it is" in done.words
    assert strict_cli.run("trellis", "--image", "photo.tif").code == 2
    assert spent(strict) == 1


def test_only_resume_can_spend(strict_cli: CommandLine, strict: StrictService) -> None:
    """All else leaves an order alone that waits to be sent, also with a yes where it takes one."""
    task = strict_cli.run(*RAPID).document["task_id"]
    waits = queued(strict_cli).id
    strict.trouble("submit", Trouble(cut=True))
    lost = strict_cli.run(*RAPID).document["job"]
    before = spent(strict)
    for command in (
        ("balance",),
        ("doctor",),
        ("operations",),
        ("status", "--task-id", task, "--poll", *QUICK),
        ("download", "--task-id", task, *QUICK),
        ("jobs",),
        ("estimate", *RAPID),
        ("completion", "bash"),
        ("settle", "--job", lost, "--send-again"),
        ("cancel", "--job", lost),
        ("resume", *QUICK),
        ("cancel", "--job", waits),
    ):
        code, _, _ = strict_cli.printed(*command)
        assert code == (2 if command[0] == "resume" else 0), command
    assert spent(strict) == before


def test_resume_of_a_result_that_could_not_be_fetched(
    strict_cli: CommandLine, strict: StrictService
) -> None:
    strict.trouble("file", *[Trouble(200, FILES["zip"][:200])] * 2)
    lost = strict_cli.run(*RAPID, "--wait", *QUICK)
    assert (lost.code, lost.document["error"]["code"]) == (7, "result_damaged")
    done = strict_cli.run("resume", "--job", lost.document["job"], *QUICK)
    assert (done.code, done.document["jobs"][0]["status"]) == (0, "FINISHED")
    assert spent(strict) == 1


def test_options_of_every_command(strict_cli: CommandLine, strict: StrictService) -> None:
    strict_cli.environ["STUDIO3D_API_URL"] = "http://127.0.0.1:9"
    elsewhere = ("--base-url", strict.address, "--data-dir", "elsewhere")
    assert strict_cli.run(*elsewhere, *RAPID).code == 0
    assert strict_cli.run(*RAPID, *elsewhere).code == 0
    assert (strict_cli.folder / "elsewhere" / "jobs.sqlite").is_file()
    assert not (strict_cli.folder / "home").exists()
    assert len(strict_cli.run("jobs", *elsewhere).document["jobs"]) == 2


def test_an_answer_is_waited_for_as_long_as_said(strict_cli: CommandLine) -> None:
    """A service that takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        done = strict_cli.run("balance", "--base-url", address, "--timeout", "0.05")
    assert (done.code, done.document["error"]["code"]) == (6, "network_trouble")
    assert len(strict_cli.waits) == 3


def test_what_is_called_the_default_is() -> None:
    assert f"one answer of the service (default {READ_TIMEOUT:g})" in SKILL
    assert f"after this long (default {DEFAULT_TIMEOUT_MINUTES:g})" in SKILL
    assert f"`--wait-timeout` minutes ({DEFAULT_TIMEOUT_MINUTES:g})" in " ".join(SKILL.split())


def test_the_file_that_is_there_is_replaced(strict_cli: CommandLine) -> None:
    (strict_cli.folder / "chair.glb").write_bytes(OBJ)
    order = ("tripo", "--prompt", "a chair", "--output", "chair.glb")
    done = strict_cli.run(*order, "--wait", *QUICK)
    assert done.code == 0
    assert (strict_cli.folder / "chair.glb").read_bytes() == FILES["glb"]


def test_the_name_of_a_job(strict_cli: CommandLine) -> None:
    strict_cli.run(*RAPID, "--name", "for the hall")
    assert strict_cli.run("jobs").document["jobs"][0]["name"] == "for the hall"


def test_the_time_between_two_looks(strict_cli: CommandLine) -> None:
    job = strict_cli.run(*RAPID, "--poll-interval", "700").document["job"]
    store = Store(Path(strict_cli.environ["STUDIO3D_HOME"]) / "jobs.sqlite")
    sent = store.get(job)
    store.close()
    assert sent.state is State.PENDING
    assert round(sent.next_at - (sent.submitted_at or 0), -2) == 700


@pytest.mark.parametrize(
    ("start", "body"),
    [
        ("tencent-rapid --prompt a", {"enable_pbr": True}),
        ("tencent-pro --prompt a", {"enable_pbr": True}),
        ("trellis --image photo.png", {"textures": True}),
        ("tripo --prompt a", {"texture": True, "pbr": True}),
        ("tripo-p1 --prompt a", {"texture": True, "pbr": True}),
    ],
)
def test_pbr_on_every_engine(
    strict_cli: CommandLine, strict: StrictService, start: str, body: dict[str, bool]
) -> None:
    (strict_cli.folder / "photo.png").write_bytes(FILES["png"])
    assert strict_cli.run(*start.split(), "--enable-pbr").code == 0
    assert body.items() <= strict.orders[0].body.items()


def test_the_price_of_the_detour_stands_there(
    strict_cli: CommandLine, strict: StrictService
) -> None:
    (strict_cli.folder / "model.glb").write_bytes(FILES["glb"])
    for name in ("bake-texture", "texture-edit", "topology"):
        (line,) = re.findall(rf"^\*\*{re.escape(get(name).label)}\*\*: .*$", SKILL, re.MULTILINE)
        told = re.search(r"first goes through (\w+), for about (\d+) credits more", line)
        assert told is not None
        assert (told[1], int(told[2])) == ("Convert", 10)
    strict_cli.run("topology", "--file-url", "model.glb", "--yes", *QUICK)
    assert [order.credits for order in strict.orders] == [(10, 10), (100, 100)]


@pytest.mark.parametrize(("answer", "sent"), [("y\n", 2), ("\n", 0)])
def test_a_yes_to_the_detour_on_a_terminal(
    strict_cli: CommandLine, strict: StrictService, answer: str, sent: int
) -> None:
    (strict_cli.folder / "model.glb").write_bytes(FILES["glb"])
    strict_cli.on_terminal, strict_cli.answers = True, answer
    code, _, words = strict_cli.printed("topology", "--file-url", "model.glb", *QUICK)
    assert (code, spent(strict)) == (0 if sent else 2, sent)
    assert "Convert, for about 10 credits more" in words


def test_models_that_are_not_listed(strict_cli: CommandLine, strict: StrictService) -> None:
    order = ("tencent-pro", "--prompt", "a", "--model", "3.5")
    assert strict_cli.run("estimate", *order).document["estimated_credits"] is None
    refused = [
        strict_cli.run(*order),
        strict_cli.run(*order, "--max-credits", "99"),
    ]
    assert [(one.code, spent(strict)) for one in refused] == [(2, 0), (4, 0)]
    strict_cli.run(*order, "--yes")
    assert strict.refusals == [{"model": ['"3.5" is not a valid choice.']}]


def test_documents_can_be_read_by_programs(strict_cli: CommandLine) -> None:
    """Nothing else is on stdout, whatever is asked for."""
    for command in (("operations",), ("doctor",), ("jobs",), ("estimate", *RAPID), RAPID):
        _, out, _ = strict_cli.printed(*command)
        assert isinstance(json.loads(out), dict)
