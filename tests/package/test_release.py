"""What is published: in which channel, described by Blender, and with which licences."""

import hashlib
import json
import os
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest

from addon.service.changelog import Channel
from scripts import build, wheels
from scripts.extension_tool import ExtensionTool, ToolError
from scripts.release import __main__ as release
from scripts.release import bill_of_materials, licenses, repository

MANIFEST = """\
schema_version = "1.0.0"
id = "studio3d"
version = "{version}"
name = "A name"
tagline = "A line"
maintainer = "Somebody"
type = "add-on"
tags = [{tags}]
license = ["SPDX:GPL-3.0-or-later"]
blender_version_min = "4.2.0"
"""


def archive(folder: Path, version: str, *, code: str = "", tags: str = '"3D View"') -> Path:
    """The smallest extension that Blender takes."""
    path = folder / f"studio3d-{version}.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("blender_manifest.toml", MANIFEST.format(version=version, tags=tags))
        packed.writestr("__init__.py", code)
    return path


@pytest.fixture
def tool() -> ExtensionTool:
    """Of a real Blender."""
    chosen = ExtensionTool.chosen(os.environ["STUDIO3D_SANDBOX_BLENDER"], None)
    assert chosen is not None
    return chosen


def held(root: Path) -> dict[str, list[str]]:
    """What Blender reads of each channel; every file in it is the one that is named."""
    found = {}
    for channel in sorted(root.iterdir()):
        index = json.loads((channel / "index.json").read_text())
        found[channel.name] = [one["version"] for one in index["data"]]
        for one in index["data"]:
            data = (channel / one["archive_url"]).read_bytes()
            assert one["archive_hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert len(list(channel.glob("*.zip"))) == len(index["data"])
        assert (channel / "index.html").is_file()
    return found


def test_each_channel_has_what_it_is_for(tmp_path: Path, tool: ExtensionTool) -> None:
    root = tmp_path / "published"

    def publish(version: str, channel: Channel) -> None:
        repository.publish(archive(tmp_path, version), channel, root, tool)

    publish("1.0.0", Channel.STABLE)
    assert held(root) == {"latest": ["1.0.0"], "stable": ["1.0.0"]}
    publish("1.1.0-beta.1", Channel.LATEST)
    assert held(root) == {"latest": ["1.1.0-beta.1"], "stable": ["1.0.0"]}
    publish("1.0.1", Channel.STABLE)  # a correction, which is no step back for who tries the new
    assert held(root) == {"latest": ["1.1.0-beta.1"], "stable": ["1.0.1"]}
    for version, channel in (("1.0.0", Channel.STABLE), ("1.1.0-beta.0", Channel.LATEST)):
        with pytest.raises(repository.NotNewer, match="is newer than"):
            publish(version, channel)
    other = archive(tmp_path, "1.0.1", code="# other bytes")
    with pytest.raises(repository.NotNewer, match="published once"):
        repository.publish(other, Channel.STABLE, root, tool)
    assert held(root) == {"latest": ["1.1.0-beta.1"], "stable": ["1.0.1"]}


def test_blender_refuses_a_tag_that_it_does_not_know(tmp_path: Path, tool: ExtensionTool) -> None:
    with pytest.raises(ToolError, match="Magic"):
        tool.validate(archive(tmp_path, "1.0.1", tags='"Magic"'))


@pytest.mark.parametrize(
    ("version", "heading", "channel"),
    [
        ("1.2.0", "[1.2.0] - 2026-11-30", Channel.STABLE),
        ("1.3.0-beta.1", "[Unreleased]", Channel.LATEST),
        ("1.3.0", "[Unreleased]", None),
        ("1.3.0", "[1.2.0] - 2026-11-30", None),
    ],
)
def test_a_version_without_its_section_is_not_published(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    heading: str,
    channel: Channel | None,
) -> None:
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {heading}\n\n- Something\n")
    (tmp_path / "blender_manifest.toml").write_text(MANIFEST.format(version=version, tags=""))
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "MANIFEST", tmp_path / "blender_manifest.toml")
    if channel is None:
        with pytest.raises(release.NotReady, match="no section"):
            release.channel_of_release()
    else:
        assert release.channel_of_release() is channel


def test_what_is_not_committed_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "notes.py").touch()
    monkeypatch.setattr(build, "ROOT", tmp_path)
    given = ["--blender", "no-blender", "--bill-of-materials", "no-python"]
    assert release.main([*given, "--dist", str(tmp_path / "dist")]) == 1
    assert "not committed: notes.py" in capsys.readouterr().err
    assert not (tmp_path / "dist").exists()


def test_every_library_has_its_licence_beside_the_zip(tmp_path: Path) -> None:
    text = licenses.write(tmp_path / "studio3d-1.0.0-licenses.txt").read_text()
    assert text.startswith("The licences of the libraries in studio3d-1.0.0.zip\n")
    for wheel in wheels.ready():
        name, version = wheel.name.split("-")[:2]
        assert f"\n{name} {version}: LICENSE" in text
    for words in ("Mozilla Public License", "Apache License", "MIT License", "Will McGugan"):
        assert words in text


def test_a_library_without_a_licence_stops_the_release(tmp_path: Path) -> None:
    wheel = tmp_path / "a-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("a-1.dist-info/METADATA", "License: MIT")
    with pytest.raises(licenses.NoLicense):
        licenses.texts(wheel)


def test_the_bill_of_materials_is_asked_for_what_ships() -> None:
    """What the tool makes of it, ``make dist`` has checked against the format's schema."""
    said = tomllib.loads(bill_of_materials._project())["project"]
    assert (said["name"], said["license"]) == ("studio3d", "GPL-3.0-or-later")
    assert said["version"] == build.manifest()["version"]
    assert len(said["dependencies"]) == len(wheels.named())
    assert {"requests", "python-dotenv", "charset-normalizer"} <= set(said["dependencies"])
