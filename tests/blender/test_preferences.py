"""The key is typed into the preferences and is nowhere but in its own file."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import pytest

from tests.blender.conftest import PACKAGE, part
from tests.blender.results import own_home

ops: Any = bpy.ops  # the stubs know no operators of extensions

KEY = "sk-typed-5f2c9a7e41"
OTHER_KEY = "sk-other-0b8d3c6f92"


@pytest.fixture
def home(extension: ModuleType, tmp_path: Path) -> Iterator[Path]:
    with own_home(tmp_path):
        yield tmp_path / "home"


@pytest.fixture
def preferences(home: Path) -> Any:
    part("blender.runtime.worker_link").account_changed()
    return bpy.context.preferences.addons[PACKAGE].preferences


def key_source() -> str:
    source: str = part("blender.snapshot.snapshot").current().key_source
    return source


@pytest.mark.attack(
    "A .blend and the preferences are searched for a typed key",
    "It is in its own file alone, which only its owner may read",
)
def test_a_typed_key_is_in_its_file_and_nowhere_else(
    preferences: Any, home: Path, tmp_path: Path
) -> None:
    preferences.key = f"  {KEY}\n"
    assert (home / "key").read_text() == f"{KEY}\n"
    assert part("service.private_files").is_private(home / "key")
    assert key_source() == "the extension's key file"
    assert KEY not in preferences.key
    assert preferences.key != ""

    part("blender.settings.properties").settings_of(bpy.context).prompt = "a marked chair"
    saved = tmp_path / "scene.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(saved), compress=False)
    bpy.ops.wm.save_userpref()
    userpref = Path(bpy.utils.user_resource("CONFIG")) / "userpref.blend"
    for file, readable in ((saved, "a marked chair"), (userpref, PACKAGE)):
        assert readable.encode() in file.read_bytes()
        assert KEY.encode() not in file.read_bytes()


def test_typing_into_the_mask_replaces_the_key(preferences: Any, home: Path) -> None:
    preferences.key = KEY
    preferences.key = preferences.key  # opened and left
    assert (home / "key").read_text() == f"{KEY}\n"
    preferences.key = preferences.key + OTHER_KEY
    assert (home / "key").read_text() == f"{OTHER_KEY}\n"


@pytest.mark.attack("The key's field is emptied", "Its file is gone")
def test_an_emptied_field_forgets_the_key(preferences: Any, home: Path) -> None:
    preferences.key = KEY
    preferences.key = ""
    assert not (home / "key").exists()
    assert (key_source(), preferences.key) == ("", "")


@pytest.mark.attack("Words are typed in the key's field", "Refused; nothing is saved")
def test_what_cannot_be_a_key_is_refused_in_words(preferences: Any, home: Path) -> None:
    preferences.key = "my secret key"
    assert not (home / "key").exists()
    assert "not an API key" in part("blender.snapshot.snapshot").current().message


def test_a_disk_that_knows_no_rights_is_told_of(
    preferences: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part("service.private_files"), "is_private", lambda _: False)
    preferences.key = KEY
    assert key_source() == "the extension's key file"
    message = part("blender.snapshot.snapshot").current().message
    assert str(home) in message
    assert "other users of this computer may read it" in message


@pytest.mark.attack("The key is forgotten by its button", "Its file is gone")
def test_forget_key(preferences: Any, home: Path) -> None:
    preferences.key = KEY
    assert ops.studio3d.forget_key() == {"FINISHED"}
    assert not (home / "key").exists()
    assert key_source() == ""


def test_the_environment_comes_first(
    preferences: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "STUDIO3D_API_KEY", OTHER_KEY)
    preferences.key = KEY
    assert key_source() == "the environment variable STUDIO3D_API_KEY"
    ops.studio3d.forget_key()
    assert key_source() == "the environment variable STUDIO3D_API_KEY"


def test_a_changed_address_is_used_at_once(
    preferences: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(os.environ, "STUDIO3D_API_URL")
    account = part("blender.core.account")
    account.forget()
    assert account.current().address == "https://api.3daistudio.com"
    try:
        preferences.service_address = "http://127.0.0.1:8123/"
        assert account.current().address == "http://127.0.0.1:8123"
        assert part("blender.snapshot.snapshot").current().address == "http://127.0.0.1:8123"
        preferences.service_address = "http://example.org"
        assert "not encrypted" in account.current().trouble
    finally:
        preferences.service_address = ""


def test_options_follow_the_preferences(preferences: Any, tmp_path: Path) -> None:
    options = part("blender.core.options")
    try:
        preferences.downloads_folder = str(tmp_path)
        preferences.place_when_ready = False
        assert options.read().downloads_folder == str(tmp_path)
        assert not options.read().place_when_ready
        assert part("blender.core.paths").downloads() == tmp_path
    finally:
        preferences.property_unset("downloads_folder")
        preferences.property_unset("place_when_ready")
    assert options.read().place_when_ready
