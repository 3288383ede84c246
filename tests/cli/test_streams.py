"""What the streams are made of: encodings, closed pipes, full disks, terminals."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import trimesh

from addon.cli import texts
from addon.cli.environment import Environment
from addon.cli.output import Output
from addon.cli.parser import make_parser
from addon.service.version import version
from tests.cli.conftest import CommandLine
from tests.cli.test_interrupted import CLIENT
from tests.patience import seconds

QUICK = ("--poll-interval", "0.1")
PROMPT = "ein großer Stuhl 木の椅子 🪑"


def run_as(cli: CommandLine, encoding: str, *arguments: str) -> tuple[int, bytes, bytes]:
    streams = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(stream, encoding=encoding) for stream in streams)
    code = cli.run_with(out, err, *arguments)
    out.flush()
    err.flush()
    return code, streams[0].getvalue(), streams[1].getvalue()


@pytest.mark.fault(
    "A terminal that cannot write the prompt's letters",
    "The paid result and its paths are told whole",
)
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8", "cp932"])
def test_no_encoding_loses_what_was_paid(cli: CommandLine, encoding: str) -> None:
    order = ("tencent-rapid", "--prompt", PROMPT, "--output-dir", "mód 木")
    code, out, err = run_as(cli, encoding, *order, "--wait", *QUICK)
    assert code == 0
    document = json.loads(out.decode(encoding))
    assert document["name"] == PROMPT
    (file,) = document["files"]
    assert Path(file["path"]).is_file()
    assert Path(file["path"]).parent == cli.folder / "mód 木"
    assert b"credits" in err
    code, out, _ = run_as(cli, encoding, "jobs")
    assert (code, json.loads(out.decode(encoding))["jobs"][0]["name"]) == (0, PROMPT)


@pytest.mark.fault(
    "Output goes into a file on Windows, whose code page has no word for the prompt",
    "The paid result is told whole, in UTF-8",
)
def test_what_goes_into_a_file_is_utf_8(cli: CommandLine) -> None:
    def into_files(*arguments: str) -> tuple[int, bytes, str]:
        with (cli.folder / "out").open("wb") as out, (cli.folder / "err").open("wb") as err:
            ended = subprocess.run(
                [sys.executable, str(CLIENT), *arguments],
                cwd=cli.folder,
                env={**os.environ, **cli.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                timeout=seconds(30),
                check=False,
            )
        words = (cli.folder / "err").read_bytes().decode()
        return ended.returncode, (cli.folder / "out").read_bytes(), words

    order = ("tencent-rapid", "--prompt", PROMPT, "--output-dir", "mód 木")
    code, out, words = into_files(*order, "--wait", *QUICK)
    assert code == 0, words
    assert json.loads(out)["name"] == PROMPT
    assert Path(json.loads(out)["files"][0]["path"]).parent == cli.folder / "mód 木"
    code, out, words = into_files("jobs")
    assert (code, json.loads(out)["jobs"][0]["name"], words) == (0, PROMPT, "")
    code, out, words = into_files("tencent-rapid", "--image", "木 ü.png")
    assert code == 2
    assert "木 ü.png" in words
    assert json.loads(out)["error"]["message"] in words


def test_on_windows_a_redirected_document_is_in_letters_of_every_code_page(tmp_path: Path) -> None:
    out = io.StringIO()
    environment = Environment(
        io.StringIO(), out, io.StringIO(), {}, tmp_path, "client", platform="win32"
    )
    Output(environment).document({"name": PROMPT})
    assert out.getvalue().isascii()
    assert json.loads(out.getvalue()) == {"name": PROMPT}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\ufeffgrün\r\n".encode(), "grün"),
        ("grün 木".encode("utf-16"), "grün 木"),
        ("grün 木".encode("utf-16-le"), "grün 木"),
        (b"", ""),
    ],
)
def test_what_is_piped_in_is_read_as_it_was_written(written: bytes, read: str) -> None:
    assert texts.decoded(written) == read


@pytest.mark.attack("Bytes that are no text in a prompt or name", "Refused before anything is sent")
def test_what_is_no_text_is_refused_before_anything_is_sent(cli: CommandLine) -> None:
    for option in ("--prompt", "--name"):
        done = cli.run("tencent-rapid", "--prompt=a", option, "caf\udce9")
        assert (done.code, done.document["error"]["code"]) == (2, "usage")
    assert cli.control("GET", "log")["requests"] == []


def test_all_help_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    parser = make_parser("client")
    for command in parser.commands().values():
        assert command.format_help().encode("cp1252")
    with pytest.raises(SystemExit):
        parser.parse_all(["--version"])
    assert capsys.readouterr().out.strip() == f"client {version()}"


@pytest.mark.fault("Who reads the output has gone", "It ends quietly")
@pytest.mark.parametrize("command", ["operations", "--help", "jobs"])
def test_a_reader_that_has_gone_is_no_trouble(cli: CommandLine, command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, str(CLIENT), command],
        cwd=cli.folder,
        env=os.environ | cli.environ,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=seconds(30),
        check=False,
    )
    os.close(writing)
    assert done.returncode == 0
    assert "Error" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.fault("The disk is full where the output goes", "The document is on the other stream")
def test_a_full_disk_loses_no_document(cli: CommandLine) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, str(CLIENT), "--quiet", "balance"],
            cwd=cli.folder,
            env=os.environ | cli.environ,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=seconds(30),
            check=False,
        )
    assert "balance" in json.loads(done.stderr.partition("\n")[2])


@pytest.mark.parametrize(
    "command",
    [
        ("tencent-rapd",),
        ("tencent-rapid", "--promt", "a"),
        ("status", "--task-id", "00000000-0000-0000-0000-000000000000"),
        ("tencent-rapid", "--prompt", "a", "--max-credits", "1"),
    ],
    ids=" ".join,
)
def test_on_a_terminal_an_error_is_said_once(cli: CommandLine, command: tuple[str, ...]) -> None:
    said = cli.run(*command).document["error"]["message"]
    cli.on_terminal = True
    code, out, err = cli.printed(*command)
    assert code != 0
    assert (out + err).count(said) == 1
    _, out, _ = cli.printed(*command, "--json")
    assert json.loads(out)["error"]["message"] == said


def test_a_failed_job_is_said_once_on_a_terminal(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-failed", "times": 1})
    cli.on_terminal = True
    _, out, err = cli.printed("tencent-rapid", "--prompt", "a rock", "--wait", *QUICK)
    assert json.loads(out)["status"] == "FAILED"
    assert err.count("refunds the credits") == 1
    assert "refunds the credits" not in out


@pytest.mark.parametrize(
    ("command", "meant"),
    [
        (("tencent-rapd",), "tencent-rapid"),
        (("tencent-rapid", "--promt", "a"), "--prompt"),
        (("estimate", "trelis"), "trellis"),
        (("estimate", "trellis", "--imge=a"), "--image"),
        (("resum",), "resume"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_did_you_mean(cli: CommandLine, command: tuple[str, ...], meant: str) -> None:
    done = cli.run(*command)
    assert done.code == 2
    assert f"did you mean {meant}?" in done.words


def test_jobs_is_a_table_on_a_terminal(cli: CommandLine) -> None:
    cli.on_terminal = True
    assert "no jobs" in cli.printed("jobs")[1]
    cli.on_terminal = False
    task = cli.run("tencent-rapid", "--prompt", PROMPT).document["task_id"]
    cli.on_terminal = True
    _, out, err = cli.printed("jobs")
    titles, line = out.splitlines()
    assert titles.split()[:3] == ["when", "status", "credits"]
    assert {task, "tencent-rapid", "35"} <= set(line.split())
    assert line.endswith(PROMPT)
    assert err == ""
    assert json.loads(cli.printed("jobs", "--json")[1])["jobs"][0]["task_id"] == task


def test_operations_is_a_table_on_a_terminal(cli: CommandLine) -> None:
    cli.on_terminal = True
    _, out, err = cli.printed("operations")
    assert "tencent-rapid" in out
    assert err == ""
    assert json.loads(cli.printed("operations", "--json")[1])["operations"]


@pytest.mark.parametrize(
    "command", [("balance",), ("doctor",), ("estimate", "tripo", "--prompt", "a")]
)
def test_what_is_said_in_words_is_not_said_again_as_json(
    cli: CommandLine, command: tuple[str, ...]
) -> None:
    piped = cli.run(*command)
    cli.on_terminal = True
    code, out, words = cli.printed(*command)
    assert (code, out) == (0, "")
    assert "credits" in words
    for option in ("--json", "--quiet"):
        assert cli.run(*command, option).document.keys() == piped.document.keys()


def test_what_has_to_be_agreed_to_is_said_once(cli: CommandLine, tmp_path: Path) -> None:
    model = tmp_path / "box.glb"
    trimesh.creation.box().export(model)
    for order in (
        ("tripo", "--prompt", "a rock", "--version", "3.2"),
        ("topology", "--model-file", str(model)),
    ):
        code, out, words = cli.printed(*order)
        assert (code, json.loads(out)["error"]["code"]) == (2, "not_confirmed")
        said = json.loads(out)["error"]["message"].partition(".")[0]
        assert words.count(said) == 1
    assert cli.submissions() == 0


def test_the_end_of_a_job_is_said_once(cli: CommandLine) -> None:
    cli.control("POST", "faults", {"name": "task-failed", "times": 1})
    done = cli.run("tencent-rapid", "--prompt", "a rock", "--wait", "--poll-interval", "0.2")
    assert done.code == 5
    assert done.words.count("The service could not do it") == 1


@pytest.mark.posix("its shells close no streams")
@pytest.mark.fault("Input and outputs are closed", "It works all the same")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_was_closed_is_no_trouble(cli: CommandLine, closed: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", sys.executable, str(CLIENT), "balance"],
        cwd=cli.folder,
        env=os.environ | cli.environ,
        capture_output=True,
        text=True,
        timeout=seconds(30),
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_jobs_fit_on_a_narrow_terminal(cli: CommandLine) -> None:
    prompt = "a long prompt that goes on and on and on"
    task = cli.run("tencent-rapid", "--prompt", prompt).document["task_id"]
    cli.on_terminal = True
    for columns in (40, 80, 110, 200):
        _, out, _ = cli.printed("jobs", COLUMNS=str(columns))
        lines = out.splitlines()
        assert max(map(len, lines)) <= columns
        assert sum(task in line for line in lines) == 1
        assert ("a long p" in out) or columns == 40


@pytest.mark.attack(
    "Control sequences in a prompt, a name or an answer of the service",
    "The terminal shows a ? for each and obeys none; the JSON document has them escaped",
)
def test_a_terminal_obeys_nothing_that_others_wrote(cli: CommandLine) -> None:
    odd = "a vase \x1b[2J\x9b31m \u202egpj"
    done = cli.run("tencent-rapid", "--prompt", odd, "--wait", *QUICK)
    assert done.document["name"] == odd
    assert not set("\x1b\x9b\u202e") & set(done.words)
    cli.on_terminal = True
    for command in (("jobs",), ("status", "--task-id", done.document["task_id"])):
        _, out, err = cli.printed(*command)
        assert not set("\x1b\x9b\u202e") & set(out + err)
