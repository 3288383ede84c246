"""What the shell offers, asked in a real bash."""

import subprocess
from pathlib import Path

import pytest

from addon.cli.completion import SHELLS
from tests.cli.conftest import CommandLine
from tests.patience import seconds

ASK = """\
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_3d_api_client_py_complete
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(cli: CommandLine, script: Path, *words: str) -> set[str]:
    done = subprocess.run(
        ["bash", "--norc", "-c", ASK, "bash", str(script), "3d_api_client.py", *words],
        cwd=cli.folder,
        capture_output=True,
        text=True,
        timeout=seconds(20),
        check=False,
    )
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.fixture
def script(cli: CommandLine) -> Path:
    code, out, words = cli.printed("completion", "bash")
    assert (code, words) == (0, "")
    path = cli.folder / "completion.bash"
    path.write_text(out)
    return path


def test_bash_offers_commands_options_and_values(cli: CommandLine, script: Path) -> None:
    assert offered(cli, script, "tencent") == {"tencent-rapid", "tencent-pro"}
    assert offered(cli, script, "tencent-r") == {"tencent-rapid"}
    assert {"balance", "resume", "trellis"} <= offered(cli, script, "")
    assert offered(cli, script, "tencent-rapid", "--pro") == {"--prompt"}
    assert offered(cli, script, "estimate", "trellis", "--imag") == {"--image"}
    assert offered(cli, script, "trellis", "--resolution", "") == {"512", "1024", "1536"}
    assert offered(cli, script, "--quiet", "jobs", "--lim") == {"--limit"}
    assert offered(cli, script, "trellis", "--image", "compl") == {"completion.bash"}


def test_fish_is_told_the_same(cli: CommandLine) -> None:
    """Each command, option and value is offered where it is taken, and nothing is left open."""
    _, out, _ = cli.printed("completion", "fish")
    at = "complete -c 3d_api_client.py -n '__3d_api_client_py_at"
    lines = {line.strip() for line in out.splitlines() if line.startswith("complete")}
    assert lines > {
        f"{at} trellis' -l resolution -xa '512 1024 1536'",
        f"{at} estimate trellis' -l image",
        f"{at} completion' -fa 'bash zsh fish'",
        f"{at} jobs' -l limit",
    }
    assert sum("-fa 'tencent-rapid tencent-pro" in line for line in lines) == 2
    assert out.count("'") % 2 == 0


def test_only_known_shells(cli: CommandLine) -> None:
    assert cli.run("completion", "cmd").code == 2
    for shell in SHELLS:
        assert f"completion {shell}" in cli.printed("completion", shell)[1]
