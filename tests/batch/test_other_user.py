"""A batch of somebody who owns nothing on this machine but the folder, and has no display."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from scripts.build import ROOT
from tests.batch.conftest import QUICK, Batch, write_csv, write_model
from tests.patience import seconds

NOBODY = 65534


def as_nobody(folder: Path, needed: Iterable[Path]) -> list[str]:
    """What runs a program as another user, who may read ``needed`` and write into ``folder``.

    Root becomes that user. Their way to ``needed`` may lead through a folder that is closed to
    them, as root's home is: they then see that folder with nothing else in it. Whoever is not root
    can only be called somebody else in a namespace of their own, with everything else read-only.
    """
    inside = ["bwrap", "--dev-bind", "/dev", "/dev", "--proc", "/proc"]
    there = ["--bind", str(folder), str(folder), "--chdir", str(folder)]
    if os.getuid() != 0:
        named = ["--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]
        return [*inside[:1], "--ro-bind", "/", "/", *inside[1:], *named, *there]
    opened = [option for path in needed for option in way_to(path)]
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return [*inside[:1], "--bind", "/", "/", *inside[1:], *hidden(needed), *opened, *there, *become]


def closed(path: Path) -> Path | None:
    """The first folder on the way to the path that others may not enter."""
    folders = reversed(path.parents)
    return next((f for f in folders if not f.stat().st_mode & 0o001), None)


def hidden(needed: Iterable[Path]) -> list[str]:
    """Options that put an open, empty folder in the place of each closed one."""
    folders = {str(folder) for path in needed if (folder := closed(path)) is not None}
    return [word for folder in sorted(folders) for word in ("--perms", "0755", "--tmpfs", folder)]


def way_to(path: Path) -> list[str]:
    """Options that show the path in the empty folder it lies in now; none if it was open."""
    start = closed(path)
    if start is None:
        return []
    between = [f for f in reversed(path.parents) if f.is_relative_to(start) and f != start]
    made = [word for folder in between for word in ("--dir", str(folder))]
    return [*made, "--ro-bind", str(path), str(path)]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of that user's, with a home in it that they cannot write to."""
    with tempfile.TemporaryDirectory(prefix="anderer Benutzer 箱 ") as name:
        made = Path(name)
        write_model(made / "box é.glb")
        write_csv(
            made / "list.csv",
            ("operation", "name", "model_file", "post"),
            ("convert", "Kiste 箱", "box é.glb", "height=1; asset=Props"),
        )
        if os.getuid() == 0:
            for path in (made, *made.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        (made / "home").mkdir(mode=0o555)
        yield made


@pytest.mark.fault(
    "Another user with a read-only home runs a batch",
    "Made in their folder; the second run pays nothing",
)
def test_another_user_with_a_read_only_home(batch: Batch, blender: str, folder: Path) -> None:
    launcher = Path(blender).absolute()
    needed = [Path(sys.base_prefix), Path(sys.prefix), ROOT, launcher.parents[1]]
    command = [*as_nobody(folder, needed), blender, "--background", "--factory-startup"]
    command += ["--online-mode", "--python", str(ROOT / "scripts" / "batch.py"), "--"]
    environ = {name: value for name, value in batch.environ.items() if "HOME" not in name}
    paid = len(batch.spent())
    for _ in range(2):
        done = subprocess.run(
            [*command, "list.csv", "--out", "fertig 出", *QUICK],
            env={**environ, "HOME": str(folder / "home"), "PATH": "/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds(240),
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "submit limit is not shared" in done.stderr
    assert len(batch.spent()) == paid + 1
    out = folder / "fertig 出"
    (row,) = json.loads((out / "report.json").read_text("utf-8"))["rows"]
    assert row["figures"]["dimensions"][2] == pytest.approx(1.0)
    made = [out / name for name in (*row["files"], row["library"], "report.html")]
    owner = NOBODY if os.getuid() == 0 else os.getuid()
    assert {path.stat().st_uid for path in made} == {owner}
    assert list((folder / "home").iterdir()) == []
