import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from addon.jobs.scratch import PREFIX, scratch, sweep
from tests.patience import seconds

HOLDER = (
    "import sys\n"
    "from addon.jobs.scratch import scratch\n"
    "with scratch() as folder:\n"
    "    (folder / 'large').write_bytes(bytes(1000))\n"
    "    print(folder, flush=True)\n"
    "    sys.stdin.read()\n"
)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def hold(temporary: Path) -> tuple["subprocess.Popen[str]", Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_folder_goes_with_its_block_however_that_ends(temporary: Path) -> None:
    with scratch() as folder:
        (folder / "a").mkdir()
        assert folder.is_dir()
    with pytest.raises(KeyboardInterrupt), scratch() as other:
        raise KeyboardInterrupt
    assert folder != other
    assert list(temporary.iterdir()) == []


@pytest.mark.fault(
    "A worker, a command or a batch is killed while it has files among the temporary ones",
    "The next one removes them; those of others that are at work stay",
)
def test_what_a_killed_process_left_is_swept_away(temporary: Path) -> None:
    killed, left = hold(temporary)
    alive, held = hold(temporary)
    with scratch() as own:
        sweep()
        assert left.is_dir()
        killed.kill()
        killed.communicate(timeout=seconds(10))
        sweep()
        assert not left.exists()
        assert own.is_dir()
        assert (held / "large").is_file()
    alive.communicate(timeout=seconds(10))
    assert list(temporary.iterdir()) == []


def test_what_is_not_ours_is_left_alone(temporary: Path) -> None:
    folder, file = temporary / f"{PREFIX}of-somebody", temporary / f"{PREFIX}file"
    folder.mkdir()
    file.touch()
    sweep()
    assert len(list(temporary.iterdir())) == 2


@pytest.mark.posix("Windows lets nobody but administrators make links")
def test_a_link_is_left_alone(temporary: Path) -> None:
    folder = temporary / f"{PREFIX}of-somebody"
    folder.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(folder)
    sweep()
    assert len(list(temporary.iterdir())) == 2
