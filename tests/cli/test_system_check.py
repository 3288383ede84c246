"""``scripts/system_check.py``: its quick part runs here, and its report tells no secrets."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.build import ROOT
from scripts.system_checks import command
from scripts.system_checks.checks import WITH_BLENDER, WITHOUT_BLENDER, NotSo, World
from scripts.system_checks.services import KEY
from tests.patience import seconds

SCRIPT = ROOT / "scripts" / "system_check.py"


def test_the_quick_part_finds_all_well(tmp_path: Path) -> None:
    report = tmp_path / "new" / "report.md"
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--quick", "--report", str(report)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=seconds(60),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(report.with_suffix(".json").read_text("utf-8"))
    assert [check["check"] for check in document["checks"]] == list(WITHOUT_BLENDER)
    assert all(check["ok"] for check in document["checks"])
    whole = report.read_text("utf-8") + json.dumps(document)
    assert KEY not in whole
    assert str(tmp_path) not in whole
    assert "- [ ] No console window flashed up" in whole


def test_what_is_not_so_is_told_and_nothing_of_whose_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "joerg.mueller"

    def fails(world: World) -> None:
        raise NotSo(f"{home / 'a'} of joerg.mueller on Render-Box: Bearer {world.service.key}")

    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(socket, "gethostname", lambda: "render-box")
    monkeypatch.setattr(command, "WITHOUT_BLENDER", {"a check": fails})
    report = tmp_path / "report.md"
    assert command.main(["--quick", "--report", str(report)]) == 1
    said = report.read_text("utf-8") + report.with_suffix(".json").read_text("utf-8")
    assert "NOT ok: a check" in said
    assert "HOME" in said
    assert not [name for name in ("joerg", "ender-", KEY) if name in said]


def test_with_blender_all_of_it_is_checked() -> None:
    assert set(WITHOUT_BLENDER) < set(WITH_BLENDER)
    assert all((check.__doc__ or "").endswith(".") for check in WITH_BLENDER.values())
