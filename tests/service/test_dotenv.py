from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.service.dotenv import parse_dotenv, read_dotenv
from addon.service.errors import BadKey
from addon.service.keys import find_key, save_key


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=b", {"A": "b"}),
        ("3D_AI_STUDIO_API_KEY=abc", {"3D_AI_STUDIO_API_KEY": "abc"}),
        ("export A=b", {"A": "b"}),
        ("  A = b  ", {"A": "b"}),
        ("# A=b\n\n;\nA", {}),
        ("A=b # comment", {"A": "b"}),
        ("A=b#not-a-comment", {"A": "b#not-a-comment"}),
        ("A=#no comment", {"A": "#no comment"}),
        ("A='b # c'", {"A": "b # c"}),
        ("A='b' # c", {"A": "b"}),
        ('A="b \\"c\\" \\n\\\\ \\x"', {"A": 'b "c" \n\\ \\x'}),
        ("A='b", {}),
        ('A="not closed\nB=c', {"B": "c"}),
        ("A='$B ${B}'\nB=c", {"A": "$B ${B}", "B": "c"}),
        ("A=$B\nB=c", {"A": "$B", "B": "c"}),
        ("A=1\r\nA=2\r\n", {"A": "2"}),
        ("A=", {"A": ""}),
        ("A B=c", {}),
        ("=b", {}),
        ("A=b=c", {"A": "b=c"}),
    ],
)
def test_lines(text: str, found: dict[str, str]) -> None:
    assert parse_dotenv(text) == found


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert all(parse_dotenv(text))


VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]))


@given(VALUES)
def test_a_quoted_value_comes_back(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    assert parse_dotenv(f'KEY="{quoted}" # comment') == {"KEY": value}


@given(st.text("abcXYZ0189_-.+/=", min_size=1))
def test_a_bare_key_comes_back(value: str) -> None:
    assert parse_dotenv(f"KEY={value}") == {"KEY": value}


@pytest.mark.fault(
    "A .env that another program has saved in UTF-16, with a mark, or with letters of a code page",
    "Its key is found",
)
@pytest.mark.parametrize(
    "written",
    [
        b"\xef\xbb\xbfA=b",
        "A=b\r\n".encode("utf-16"),
        "\ufeffA=b\r\n".encode("utf-16-be"),
        "A=b\r\n".encode("utf-16-le"),
        "A=b\r\n".encode("utf-16-be"),
        "# Schlüssel\nA=b\n".encode("cp1252"),
    ],
)
def test_whatever_windows_has_saved_is_read(tmp_path: Path, written: bytes) -> None:
    (tmp_path / ".env").write_bytes(written)
    assert read_dotenv(tmp_path) == {"A": "b"}


@pytest.mark.fault(
    "A .env that cannot be read, or is no text", "It is said; no other key is taken in its place"
)
@pytest.mark.parametrize("written", [b"A=b\0\0", b"A=" + b"b" * 100_000, "A=b".encode("utf-32")])
def test_what_cannot_be_read_is_said(tmp_path: Path, written: bytes) -> None:
    (tmp_path / ".env").write_bytes(written)
    with pytest.raises(OSError, match=r"\.env"):
        read_dotenv(tmp_path)
    save_key("another-key", tmp_path / "key")
    with pytest.raises(BadKey, match=r"\.env cannot be read: "):
        find_key(environ={}, folder=tmp_path, key_file=tmp_path / "key")
    found = find_key(environ={}, folder=tmp_path, key_file=tmp_path / "key", saved_first=True)
    assert found.key == "another-key"


def test_a_letter_outside_the_encoding_is_part_of_no_key(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("STUDIO3D_API_KEY=schlüssel".encode("cp1252"))
    with pytest.raises(BadKey, match="characters a key cannot have"):
        find_key(environ={}, folder=tmp_path)


def test_a_folder_without_the_file_has_no_settings(tmp_path: Path) -> None:
    assert read_dotenv(tmp_path) == {}
    assert read_dotenv(tmp_path / "gone") == {}
    (tmp_path / ".env").mkdir()
    assert read_dotenv(tmp_path) == {}
