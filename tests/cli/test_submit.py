"""Submitting, waiting, and what a program gets to read."""

import zipfile
from pathlib import Path

import trimesh

from tests.cli.conftest import CommandLine

QUICK = ("--poll-interval", "0.2")


def test_submit_prints_the_task_and_returns(cli: CommandLine) -> None:
    done = cli.run("tencent-rapid", "--prompt", "a wooden chair")
    assert done.code == 0
    assert done.document["status"] == "PENDING"
    assert done.document["task_id"]
    assert "about 35 credits" in done.words
    assert cli.submissions() == 1


def test_wait_downloads_and_names_files_after_task_and_operation(cli: CommandLine) -> None:
    done = cli.run("tencent-pro", "--prompt", "a stool", "--wait", "--output-dir", "out", *QUICK)
    assert done.code == 0
    assert done.document["status"] == "FINISHED"
    task = done.document["task_id"]
    by_type = {file["asset_type"]: Path(file["path"]) for file in done.document["files"]}
    assert set(by_type) == {"3D_MODEL", "ARCHIVE"}
    assert by_type["3D_MODEL"].parent == cli.folder / "out"
    assert by_type["3D_MODEL"].name == f"{task}-tencent-pro-3d-model.glb"
    assert trimesh.load_scene(by_type["3D_MODEL"]).to_mesh().area > 0
    assert zipfile.is_zipfile(by_type["ARCHIVE"])


def test_an_image_is_sent_from_a_path_with_blanks_and_accents(
    cli: CommandLine, picture: Path
) -> None:
    done = cli.run("trellis", "--image", picture.name, "--wait", "--output-dir", "out", *QUICK)
    assert done.code == 0
    [file] = done.document["files"]
    [mesh] = trimesh.load_scene(file["path"]).geometry.values()
    assert mesh.visual.material.baseColorTexture is not None


def test_nothing_is_overwritten(cli: CommandLine) -> None:
    first = cli.run("tencent-rapid", "--prompt", "a rock", "--wait", "--output-dir", "o", *QUICK)
    [file] = first.document["files"]
    before = Path(file["path"]).read_bytes()
    again = cli.run("download", "--task-id", first.document["task_id"], "--output-dir", "o")
    assert again.code == 0
    assert again.document["files"] == first.document["files"]
    assert [path.name for path in (cli.folder / "o").glob("*.zip")] == [Path(file["path"]).name]
    Path(file["path"]).write_bytes(b"made into something else")
    cli.environ["STUDIO3D_HOME"] = str(cli.folder / "another home")
    again = cli.run("download", "--task-id", first.document["task_id"], "--output-dir", "o")
    [second] = again.document["files"]
    assert second["path"] != file["path"]
    assert Path(second["path"]).read_bytes() == before
    assert Path(file["path"]).read_bytes() == b"made into something else"


def test_quiet_keeps_stderr_empty(cli: CommandLine) -> None:
    done = cli.run("--quiet", "tencent-rapid", "--prompt", "a rock", "--wait", *QUICK)
    assert (done.code, done.words) == (0, "")
    assert cli.run("balance", "--quiet").words == ""


def test_undocumented_choices_are_sent_with_a_note(cli: CommandLine) -> None:
    done = cli.run("tencent-pro", "--prompt", "a fox", "--generate-type", "Cartoon")
    assert 'Type "Cartoon" is sent as given' in done.words
    # The sandbox goes by the present documentation, and so refuses it.
    assert done.code == 2
    assert cli.submissions() == 1


def test_a_price_that_is_not_known_is_said_and_asked_for(cli: CommandLine, picture: Path) -> None:
    order = ("tripo", "--image", str(picture), "--version", "3.2")
    priced = cli.run("estimate", *order)
    assert (priced.document["estimated_credits"], priced.document["lines"]) == (None, [])
    assert priced.document["unverified"] == ["Version 3.2"]
    refused = cli.run(*order)
    assert (refused.code, refused.document["error"]["code"]) == (2, "not_confirmed")
    assert "What Version 3.2 costs is not known" in refused.words
    limited = cli.run(*order, "--yes", "--max-credits", "500")
    assert (limited.code, limited.document["error"]["code"]) == (4, "over_max_credits")
    assert cli.submissions() == 0
    done = cli.run(*order, "--yes")
    assert (done.code, cli.submissions()) == (0, 1)
    assert "0 credits" not in done.words


def test_enable_pbr_means_textures_on_every_engine(cli: CommandLine, picture: Path) -> None:
    for operation, source in (
        ("tencent-rapid", ("--prompt", "a rock")),
        ("trellis", ("--image", str(picture))),
        ("tripo", ("--prompt", "a rock")),
    ):
        done = cli.run("estimate", operation, *source, "--enable-pbr")
        assert done.code == 0, operation
    assert (
        cli.run("estimate", "trellis", "--image", "a.png", "--no-textures").document[
            "estimated_credits"
        ]
        == 20
    )
