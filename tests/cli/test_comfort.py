"""What makes it good to use: texts from elsewhere, results by name, words in options, times."""

import io
import os
import re
import stat
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
import trimesh

from addon.catalog import build_request, operations
from addon.cli.environment import Environment
from addon.cli.opening import open_result, opening_command
from addon.cli.operation_options import option_names
from addon.cli.parser import make_parser
from addon.cli.prices import price_text, time_text
from addon.cli.session import Session
from addon.cli.texts import MOST_BYTES
from addon.cli.waiting import words
from addon.jobs.job import Failure, Job
from addon.jobs.states import State
from addon.jobs.store import Store
from tests.cli.conftest import CommandLine
from tests.open_elsewhere import open_elsewhere
from tests.patience import until

QUICK = ("--poll-interval", "0.1")
ESTIMATE = ("estimate", "tencent-rapid", "--prompt")
NOON: Final = time.mktime((2026, 3, 1, 12, 0, 0, 0, 0, -1))


@pytest.mark.parametrize("name", ["3D_AI_STUDIO_API_URL", "STUDIO3D_API_URL"])
def test_an_address_in_a_folder_is_not_used_and_that_is_said(cli: CommandLine, name: str) -> None:
    (cli.folder / ".env").write_text(f"{name}=https://evil.example\n")
    done = cli.run("balance")
    assert done.code == 0
    assert name in done.words
    assert f"It goes to {cli.sandbox.address}" in done.words
    (cli.folder / ".env").write_text(f"{name}={cli.sandbox.address}/\n")
    assert name not in cli.run("balance").words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tencent-pro", "--prompt", "a", "--face-count", "12"), "--face-count is 12"),
        (("tencent-pro", "--prompt", "a", "--face-count", "many"), '--face-count is "many"'),
        (
            ("tencent-pro", "--prompt", "a", "--polygon-type", "triangle"),
            "--polygon-type only applies when --generate-type is LowPoly",
        ),
        (("tripo", "--prompt", "a", "--quad", "--generate-parts"), "--quad and --generate-parts"),
        (("image-seedream", "--prompt", "a", "--count", "9"), "--count is 9"),
        (("trellis", "--image", "missing.png"), "--image: There is no file"),
        (("repair", "--model-url", "missing.glb"), "--model-url: There is no file"),
        (("tencent-rapid",), "--prompt: "),
        (("convert", "--model-url", "https://a.example/a.glb", "--max-size", "nan"), "--max-size"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_errors_name_options(cli: CommandLine, arguments: tuple[str, ...], said: str) -> None:
    done = cli.run(*arguments)
    assert done.code == 2
    assert said in done.document["error"]["message"]
    assert done.document["error"]["problems"][0]["message"].startswith(said)


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_bounds_are_told_by_option(operation: object, cli: CommandLine) -> None:
    name = getattr(operation, "name", "")
    for field in getattr(operation, "fields", ()):
        if field.minimum is None or field.kind not in {"INTEGER", "NUMBER"}:
            continue
        option = option_names(field)[0]
        done = cli.run("estimate", name, option, str(int(field.minimum) - 1))
        messages = [problem["message"] for problem in done.document["error"]["problems"]]
        assert any(message.startswith(option) for message in messages), messages
        assert not any(re.search(rf"\b{re.escape(field.label)} is\b", m) for m in messages)


def test_a_prompt_from_a_file_or_from_stdin(cli: CommandLine) -> None:
    (cli.folder / "prompt.txt").write_text("\ufeffein grüner Stuhl\n", encoding="utf-8")
    assert (
        cli.run("tencent-rapid", "--prompt", "@prompt.txt").document["name"] == "ein grüner Stuhl"
    )
    (cli.folder / "wide.txt").write_text("ein grüner Stuhl\n", encoding="utf-16")
    assert cli.run("tencent-rapid", "--prompt", "@wide.txt").document["name"] == "ein grüner Stuhl"
    (cli.folder / "old.txt").write_text("ein grüner Stuhl\n", encoding="cp1252")
    assert "old.txt cannot be read: it is not UTF-8" in cli.run(*ESTIMATE, "@old.txt").words
    cli.answers = "a chair\nwith arms\n"
    assert cli.run("tencent-rapid", "--prompt", "-").document["name"] == "a chair with arms"
    assert cli.run("tencent-rapid", "--prompt", "@@home").document["name"] == "@home"
    both = ("tripo", "--prompt", "-", "--negative-prompt", "-")
    for wrong in ((*ESTIMATE, "@missing.txt"), ("estimate", *both)):
        assert cli.run(*wrong).code == 2
    cli.answers = ""
    assert cli.run(*ESTIMATE, "-").code == 2
    (cli.folder / "long.txt").write_text("x" * 1025)
    assert "1 025 characters" in cli.run(*ESTIMATE, "@long.txt").words


def test_the_result_goes_where_it_was_wanted(cli: CommandLine) -> None:
    order = ("tripo", "--prompt", "a rock", "--wait", *QUICK, "--output", "named/chair.obj")
    done = cli.run(*order)
    assert done.code == 0
    saved = cli.folder / "named" / "chair.glb"
    assert done.document["output"] == str(saved)
    assert saved.read_bytes() == Path(done.document["files"][0]["path"]).read_bytes()
    saved.write_bytes(b"an older one")
    with open_elsewhere(saved):  # by a viewer, on Windows
        done = cli.run(*order)
    assert done.code == 7
    assert "chair.glb is open in another program: close it there" in done.words
    assert "It is kept as " in done.words
    assert saved.read_bytes() == b"an older one"
    assert list(saved.parent.iterdir()) == [saved]


@pytest.mark.parametrize("output", ["taken/chair.glb", "folder"])
def test_where_it_is_wanted_is_tried_before_anything_is_paid(cli: CommandLine, output: str) -> None:
    (cli.folder / "taken").write_text("a file")
    (cli.folder / "folder").mkdir()
    assert cli.run("tencent-rapid", "--prompt", "a rock", "--output", output).code == 2
    assert cli.submissions() == 0


@pytest.mark.posix("Windows itself opens it there, see below")
def test_the_result_is_opened(cli: CommandLine) -> None:
    program, opened = cli.folder / "xdg-open", cli.folder / "opened"
    program.write_text(
        f'#!/bin/sh\nprintf %s "$1" > "{opened}.part"\nmv "{opened}.part" "{opened}"\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    cli.environ["PATH"] = f"{cli.folder}"
    order = ("tripo", "--prompt", "a rock", "--open")
    assert cli.run(*order).document["error"]["code"] == "usage"
    done = cli.run(*order, "--wait", *QUICK)
    until(opened.exists, what="the result to be opened")
    assert opened.read_text() == done.document["files"][0]["path"]
    program.unlink()
    missing = cli.run(*order, "--wait", *QUICK)
    assert (missing.code, "There is no xdg-open" in missing.words) == (0, True)


@pytest.mark.posix("programs of the other systems")
@pytest.mark.parametrize(("platform", "program"), [("darwin", "open"), ("linux", "xdg-open")])
@pytest.mark.parametrize("name", ["a.glb", "-rf", "$(touch x);.glb", "a b'\"&|.glb", "ü椅.glb"])
def test_no_name_of_a_file_is_anything_but_a_name(
    tmp_path: Path, platform: str, program: str, name: str
) -> None:
    there = tmp_path / program
    there.write_text("#!/bin/sh\n")
    there.chmod(0o755)
    path = tmp_path / name
    environment = replace(Environment.of_process("client"), platform=platform)
    found = replace(environment, environ={"PATH": str(tmp_path)})
    assert opening_command(found, path) == [str(there), str(path)]
    assert opening_command(replace(environment, environ={"PATH": ""}), path) is None


def test_on_windows_the_system_opens_it(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name of the file alone: no shell has a part in it."""
    started: list[Path] = []
    monkeypatch.setattr(os, "startfile", started.append, raising=False)
    arguments = make_parser("a").parse_all(["balance"])
    said = io.StringIO()
    there = Environment(io.StringIO(), io.StringIO(), said, {}, cli.folder, "a", platform="win32")
    open_result(Session(there, arguments), Path("a & b.glb"))
    assert started == [Path("a & b.glb")]

    def refuse(path: Path) -> None:
        raise OSError(2, "no program is known for it", str(path))

    monkeypatch.setattr(os, "startfile", refuse)
    open_result(Session(there, arguments), Path("a.glb"))
    assert "a.glb cannot be opened: no program is known for it" in said.getvalue()


@pytest.mark.parametrize(
    "given",
    [
        ("tencent-pro", "--prompt", "a", "--model", ""),
        ("tripo", "--prompt", "a", "--version", " "),
        ("tripo", "--image", ""),
        ("tripo", "--prompt", "a", "--face-limit", ""),
        ("tripo", "--images", "front=a.png", "--images", ""),
        ("tripo", "--prompt", "a", "--output-dir", ""),
        ("tripo", "--prompt", "a", "--output", ""),
        ("--base-url", "", "balance"),
        ("balance", "--data-dir", " "),
        ("status", "--task-id", ""),
        ("download", "--task-id", ""),
        ("resume", "--job", ""),
        ("cancel", "--task-id", ""),
        ("settle", "--job", "a", "--task-id", ""),
    ],
)
def test_an_empty_value_is_not_the_default(cli: CommandLine, given: tuple[str, ...]) -> None:
    """A script's variable without a value would order something else, or at the real service."""
    done = cli.run(*given)
    assert (done.code, done.document["error"]["code"]) == (2, "usage")
    assert "empty" in done.words
    assert cli.submissions() == 0


@pytest.mark.parametrize(
    "given",
    [
        ("jobs", "--limit", "9" * 20),
        ("batch", "a.csv", "--out", "o", "--max-credits", "5", "--max-credits", "500"),
        ("batch", "a.csv", "--out", "o", "--operation", "tripo", "--operation", "trellis"),
        ("batch", "a.csv", "--out", "o", "--set", "seed=1", "--set", "seed=2"),
    ],
)
def test_numbers_without_bounds_and_contradictions_are_usage(
    cli: CommandLine, given: tuple[str, ...]
) -> None:
    assert cli.run(*given).document["error"]["code"] == "usage"


def test_a_text_without_end_is_refused(cli: CommandLine) -> None:
    (cli.folder / "long.txt").write_bytes(b"a" * (MOST_BYTES + 1))
    done = cli.run("tencent-rapid", "--prompt", "@long.txt")
    assert (done.code, done.document["error"]["code"]) == (2, "input_unreadable")
    assert "too long" in done.words


def test_a_model_that_is_simple_already_gets_a_word_before_it_is_paid(cli: CommandLine) -> None:
    trimesh.creation.box().export(cli.folder / "box.stl")
    trimesh.creation.icosphere(subdivisions=5).export(cli.folder / "ball.stl")
    word = "box.stl: With 12 triangles this is simple already"
    order = ("topology", "--max-credits", "1", "--yes", "--model-file")
    assert word in cli.run(*order, "box.stl").words
    assert "simple already" not in cli.run(*order, "ball.stl").words
    assert "simple already" not in cli.run("repair", *order[1:], "box.stl").words
    (cli.folder / "list.csv").write_text("operation,model_file\ntopology,box.stl\n")
    checked = cli.run("batch", "list.csv", "--out", "o", "--check")
    assert word in checked.words
    assert cli.submissions() == 0


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_help_has_the_price_and_the_time(operation: object) -> None:
    parser = make_parser("client")
    name = getattr(operation, "name", "")
    own = " ".join(parser.commands()[name].format_help().split())
    assert f"About {price_text(operation)}: " in own  # type: ignore[arg-type]
    assert f"Usually {time_text(operation)}." in own  # type: ignore[arg-type]
    assert f"({price_text(operation)})" in " ".join(parser.format_help().split())  # type: ignore[arg-type]


def test_an_order_says_how_long_it_usually_takes(cli: CommandLine) -> None:
    done = cli.run("tencent-rapid", "--prompt", "a rock", "--wait", *QUICK)
    assert re.search(r"of [\d.]+; usually [\d.]+-[\d.]+ (s|min)", done.words)


def job_in(folder: Path, state: State, **changes: object) -> Job:
    store = Store(folder / "jobs.sqlite")
    job = store.add(
        build_request("tencent-rapid", {"prompt": "a rock"}),
        name="a rock",
        estimate=35,
        service_address="https://api.example",
        folder=folder,
    )
    store.close()
    return replace(job, state=state, updated_at=NOON, **changes)  # type: ignore[arg-type]


def test_waiting_says_when_it_goes_on(tmp_path: Path) -> None:
    trouble = Failure("rate_limited", "Too many submissions.")
    queued = job_in(tmp_path, State.QUEUED, next_at=NOON + 20)
    assert words(queued) == "waiting to be sent, going on at 12:00:20"
    assert words(replace(queued, failure=trouble)).endswith("submissions, going on at 12:00:20")
    running = replace(queued, state=State.RUNNING, progress=40)
    assert re.fullmatch(r"being made 40 % \(usually .+\)", words(running))
    assert "going on at 12:00:20" in words(replace(running, failure=trouble))
