"""What processes of ours write where no console shows it, and what is read of it."""

import locale
import os
import subprocess
import sys
from pathlib import Path

import pytest

from addon.worker import streams
from addon.worker.streams import said
from tests.patience import seconds

SAYING = """
import runpy, sys
runpy.run_path(sys.argv[1])["in_utf8"]()
print("Jörg 木 \\udce9")
sys.exit("Jörg 木")
"""


@pytest.mark.fault(
    "A code page that has no word for a name, on Windows", "Files and pipes are written in UTF-8"
)
@pytest.mark.parametrize("encoding", ["cp1252", "ascii:strict"])
def test_any_text_goes_into_a_file(tmp_path: Path, encoding: str) -> None:
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        ended = subprocess.run(
            [sys.executable, "-c", SAYING, streams.__file__],
            stdout=out,
            stderr=err,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
            timeout=seconds(10),
            check=False,
        )
    assert (tmp_path / "out").read_bytes().splitlines() == ["Jörg 木 \\udce9".encode()]
    assert (tmp_path / "err").read_bytes().splitlines() == ["Jörg 木".encode()]
    assert ended.returncode == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Jörg 木".encode(), "Jörg 木"),
        ("木 Jörg".encode()[1:], " Jörg"),
        ("C:\\Users\\Jörg\r\n".encode("cp1252") + "木\n".encode(), "C:\\Users\\Jörg\n木"),
        (b"", ""),
    ],
)
def test_lines_are_read_as_they_were_written(
    monkeypatch: pytest.MonkeyPatch, written: bytes, read: str
) -> None:
    monkeypatch.setattr(locale, "getencoding", lambda: "cp1252")
    assert said(written) == read
