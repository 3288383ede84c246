from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.service.dotenv import parse_dotenv, read_dotenv


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


def test_files_that_cannot_be_read_count_as_none(tmp_path: Path) -> None:
    assert read_dotenv(tmp_path) == {}
    (tmp_path / ".env").write_bytes(b"A=\xff\xfe")
    assert read_dotenv(tmp_path) == {}
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfA=b")
    assert read_dotenv(tmp_path) == {"A": "b"}
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        mark = "" if encoding == "utf-16" else "\ufeff"
        (tmp_path / ".env").write_bytes(f"{mark}A=b\r\n".encode(encoding))
        assert read_dotenv(tmp_path) == {"A": "b"}
    (tmp_path / ".env").write_bytes(b"\xff\xfeA")
    assert read_dotenv(tmp_path) == {}
    (tmp_path / ".env").write_bytes(b"A=" + b"b" * 100_000)
    assert read_dotenv(tmp_path) == {}
    (tmp_path / ".env").unlink()
    (tmp_path / ".env").mkdir()
    assert read_dotenv(tmp_path) == {}
