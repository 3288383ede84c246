"""Whatever goes wrong: one JSON document, a documented exit code, no traceback for people."""

import io
import json
import math
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

import pytest

from addon.cli.commands import jobs as jobs_command
from addon.cli.environment import Environment
from addon.cli.exits import ExitStatus
from addon.cli.output import Output
from addon.cli.unforeseen import LOG_NAME
from scripts.build import ROOT
from tests.cli.conftest import CommandLine
from tests.cli.test_interrupted import CLIENT
from tests.patience import seconds

BATCH = ROOT / "scripts" / "batch.py"
NO_SHELL = pytest.mark.posix("Windows has no limit for what a program may write")
ORDER = ("tencent-rapid", "--prompt", "a rock")

BREAKING = """
import os, sqlite3, sys

def break_down(*_, **__):
    raise eval(os.environ["ERROR"])

if os.environ.get("ERROR"):
    sqlite3.connect = break_down
for name in filter(None, os.environ.get("MISSING", "").split()):
    sys.modules[name] = None
"""


def run(
    cli: CommandLine,
    *command: str,
    shell: str = "",
    program: Path = CLIENT,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, str, str]:
    """Run the program as a process; with ``shell`` by a shell of Unix, after these commands."""
    by_shell = ["sh", "-c", f'{shell}\nexec "$@"', "sh"] if shell else []
    done = subprocess.run(
        [*by_shell, sys.executable, str(program), *command],
        cwd=cli.folder,
        env={**os.environ, **cli.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds(30),
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def check(done: tuple[int, str, str], exit_code: int, code: str) -> str:
    """One document, whose error has the code; the words for people."""
    returned, out, err = done
    error = json.loads(out)["error"]
    assert (returned, error["code"]) == (exit_code, code), err
    assert returned in list(ExitStatus)
    assert "Traceback" not in out + err
    assert error["message"] in err
    return err


@pytest.mark.fault(
    "The program breaks down in a way nobody foresaw, or has no memory left",
    "One JSON document, a sentence and an exit code; the traceback is in the log",
)
@pytest.mark.parametrize(
    ("error", "exit_code", "code"),
    [
        ("ValueError('nobody thought of this')", 1, "unforeseen"),
        ("MemoryError()", 1, "unforeseen"),
        ("KeyError('caf\\udce9')", 1, "unforeseen"),
        ("sqlite3.DatabaseError('malformed')", 1, "store_unusable"),
        ("KeyboardInterrupt()", 130, "interrupted"),
    ],
)
def test_any_exception(
    cli: CommandLine, tmp_path: Path, error: str, exit_code: int, code: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(BREAKING)
    done = run(cli, "jobs", environ={"PYTHONPATH": str(tmp_path), "ERROR": error})
    said = check(done, exit_code, code)
    log = tmp_path / "home" / "logs" / LOG_NAME
    assert (code == "unforeseen") == log.exists()
    if log.exists():
        assert "Traceback" in log.read_text()
        assert str(log) in said


@pytest.mark.fault(
    "A file of the program or of Python is missing, or Python is stopped while it starts",
    "One JSON document and a sentence that says what to install",
)
@pytest.mark.parametrize(
    ("missing", "code"), [("requests", "library_missing"), ("argparse", "unforeseen")]
)
def test_what_cannot_be_imported(cli: CommandLine, tmp_path: Path, missing: str, code: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(BREAKING)
    done = run(cli, "balance", environ={"PYTHONPATH": str(tmp_path), "MISSING": missing})
    assert "install" in check(done, 1, code)


@pytest.mark.fault(
    "The job list has no tables, the disk is full, or the home folder is a file or nobody's",
    "Nothing is sent; a sentence says which file or folder it is and what to do",
)
@pytest.mark.parametrize(
    ("shell", "home", "exit_code", "code"),
    [
        pytest.param("ulimit -f 4", "fresh", 1, "store_unusable", id="full", marks=NO_SHELL),
        pytest.param("", "tables", 1, "store_unusable", id="no tables"),
        pytest.param("", "file", 1, "store_unusable", id="a file"),
        pytest.param(
            *("", "~nobody-of-that-name/x", 2, "no_home"),
            id="of nobody",
            marks=pytest.mark.posix("whatever stands behind ~ is taken for a user there"),
        ),
        pytest.param(
            *("mkdir gone; cd gone; rmdir ../gone", "", 1, "folder_unusable"),
            id="started in a folder that is gone",
            marks=pytest.mark.posix("a folder that a program was started in cannot go there"),
        ),
    ],
)
def test_places_that_cannot_be_used(
    cli: CommandLine, shell: str, home: str, exit_code: int, code: str
) -> None:
    (cli.folder / "file").write_text("no folder")
    assert cli.run("jobs", STUDIO3D_HOME=str(cli.folder / "tables")).code == 0
    with closing(sqlite3.connect(cli.folder / "tables" / "jobs.sqlite")) as database:
        database.execute("DROP TABLE jobs")
    environ = {"STUDIO3D_HOME": home} if home else {}
    done = run(cli, *ORDER, shell=shell, environ=environ)
    check(done, exit_code, code)
    assert cli.submissions() == 0


def test_what_nobody_foresaw_is_a_sentence_on_a_terminal(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_session: object) -> ExitStatus:
        raise ArithmeticError("of all things")

    monkeypatch.setattr(jobs_command, "run", break_down)
    cli.on_terminal = True
    code, out, err = cli.printed("jobs")
    assert (code, out) == (1, "")
    assert err.count("ArithmeticError: of all things") == 1
    assert "Traceback" not in err
    assert "Traceback" in (cli.folder / "home" / "logs" / LOG_NAME).read_text()


def test_trouble_after_the_document_adds_no_other(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = jobs_command.run

    def break_down(session: object) -> ExitStatus:
        honest(session)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs_command, "run", break_down)
    code, out, err = cli.printed("jobs")
    assert (code, json.loads(out)) == (130, {"jobs": []})
    assert "Interrupted" in err


def test_figures_that_json_has_no_word_for(cli: CommandLine) -> None:
    stream = io.StringIO()
    Output(Environment(stream, stream, stream, {}, cli.folder, "client")).document(
        {"metadata": {"volume": math.nan, "sides": (math.inf, 1.5)}}
    )
    found = json.loads(stream.getvalue(), parse_constant=pytest.fail)
    assert found == {"metadata": {"volume": None, "sides": [None, 1.5]}}


@pytest.mark.fault(
    "A batch's folder is a file, or the disk is full when it begins",
    "One JSON document and a sentence that names the folder; nothing is sent",
)
@pytest.mark.parametrize(
    ("shell", "out", "code"),
    [
        ("", "file", "folder_unusable"),
        pytest.param("ulimit -f 0", "out", "store_unusable", marks=NO_SHELL),
    ],
)
def test_a_batch_that_cannot_begin(cli: CommandLine, shell: str, out: str, code: str) -> None:
    (cli.folder / "list.csv").write_text("operation,prompt\ntencent-rapid,a rock\n")
    (cli.folder / "file").write_text("no folder")
    done = run(cli, "list.csv", "--out", out, "--no-process", shell=shell, program=BATCH)
    check(done, 1, code)
    assert cli.submissions() == 0
