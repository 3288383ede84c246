import os
import stat
from pathlib import Path

import pytest

from addon.service import private_files
from addon.service.errors import BadKey, NoKey
from addon.service.keys import (
    KEY_NAMES,
    FoundKey,
    account_id,
    find_key,
    forget_key,
    save_key,
    stands_in,
)
from addon.service.private_files import is_private

DIGIT, ALIAS = KEY_NAMES


def test_the_places_are_asked_in_order(tmp_path: Path) -> None:
    key_file = tmp_path / "own" / "key"
    save_key("from-file", key_file)
    environ: dict[str, str] = {}

    def found() -> FoundKey:
        return find_key(environ=environ, folder=tmp_path, key_file=key_file)

    assert found() == FoundKey("from-file", "the extension's key file")
    (tmp_path / ".env").write_text(f"{ALIAS}=from-dotenv-alias\n")
    assert found() == FoundKey("from-dotenv-alias", f"{ALIAS} in {tmp_path / '.env'}")
    (tmp_path / ".env").write_text(f"{ALIAS}=from-dotenv-alias\n{DIGIT}=from-dotenv\n")
    assert found() == FoundKey("from-dotenv", f"{DIGIT} in {tmp_path / '.env'}")
    environ[ALIAS] = "from-alias"
    assert found() == FoundKey("from-alias", f"the environment variable {ALIAS}")
    environ[DIGIT] = " from-environment\n"
    assert found() == FoundKey("from-environment", f"the environment variable {DIGIT}")


@pytest.mark.attack("A .env in the folder that Blender was started in", "The saved key counts")
def test_a_folder_nobody_chose_does_not_stand_in_for_the_saved_key(tmp_path: Path) -> None:
    key_file = tmp_path / "own" / "key"
    (tmp_path / ".env").write_text(f"{ALIAS}=of-the-folder\n")
    environ: dict[str, str] = {}

    def found() -> FoundKey:
        return find_key(environ=environ, folder=tmp_path, key_file=key_file, saved_first=True)

    assert found().key == "of-the-folder"
    assert not stands_in(found(), key_file)
    save_key("saved", key_file)
    assert found().key == "saved"
    environ[ALIAS] = "of-the-environment"
    assert found().key == "of-the-environment"
    assert not stands_in(found(), key_file)


@pytest.mark.attack("A .env in the folder of a command line", "It counts, and that is told")
def test_a_folder_that_was_chosen_does_and_that_can_be_told(tmp_path: Path) -> None:
    key_file = tmp_path / "own" / "key"
    save_key("saved", key_file)
    env = tmp_path / ".env"
    for key, expected in (("another", True), ("saved", False)):
        env.write_text(f"{DIGIT}={key}\n")
        found = find_key(environ={}, folder=tmp_path, key_file=key_file)
        assert found.key == key
        assert stands_in(found, key_file) is expected
    key_file.write_bytes(b"\xff")
    assert not stands_in(find_key(environ={}, folder=tmp_path, key_file=key_file), key_file)


def test_no_key_says_where_to_put_one(tmp_path: Path) -> None:
    with pytest.raises(NoKey) as caught:
        find_key(environ={DIGIT: "  "}, folder=tmp_path, key_file=tmp_path / "key")
    assert DIGIT in caught.value.hint


@pytest.mark.attack(
    "A key with line breaks or control characters", "Neither used nor saved, nor repeated"
)
@pytest.mark.parametrize("key", ["", "  ", "a b", "a\nb", "schlüssel", "x" * 600, "a\x00b"])
def test_what_cannot_be_a_key_is_not_used_nor_saved(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadKey) as caught:
        save_key(key, tmp_path / "key")
    assert not list(tmp_path.iterdir())
    assert key.strip() == "" or key not in caught.value.message


@pytest.mark.attack("Another user reads the key's file", "Only the owner may")
def test_only_the_user_can_read_the_key_file(tmp_path: Path) -> None:
    key_file = tmp_path / "own" / "key"
    assert save_key("first", key_file)
    key_file.unlink()
    key_file.write_text("by hand")
    key_file.chmod(0o644)
    assert not is_private(key_file)
    assert save_key("second", key_file)
    assert is_private(key_file)
    if os.name != "nt":  # there its rights are no mode
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700
    assert key_file.read_text() == "second\n"
    assert [entry.name for entry in key_file.parent.iterdir()] == ["key"]


@pytest.mark.fault("The key's folder is on a disk without access rights", "It is said")
def test_a_disk_that_knows_no_rights_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a file is made with, such a disk lets everybody read it."""
    monkeypatch.setattr(private_files, "create", lambda path: path.open("x", encoding="ascii"))
    before = os.umask(0o022)
    try:
        assert not save_key("a-key", tmp_path / "key")
    finally:
        os.umask(before)
    assert not is_private(tmp_path / "nothing")


def test_a_key_can_be_forgotten(tmp_path: Path) -> None:
    save_key("a-key", tmp_path / "key")
    assert forget_key(tmp_path / "key")
    assert not forget_key(tmp_path / "key")


def test_a_found_key_does_not_show_itself() -> None:
    assert "secret" not in repr(FoundKey("secret", "somewhere"))


def test_the_account_name_does_not_give_the_key_away() -> None:
    name = account_id("secret-key", "https://a.example")
    assert "secret" not in name
    assert name != account_id("other-key", "https://a.example")
    assert name != account_id("secret-key", "https://b.example")
