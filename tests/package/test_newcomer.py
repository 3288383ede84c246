"""``make test-newcomer`` types what README.md says, and removes nothing that is somebody else's."""

from pathlib import Path

import pytest

from tests.newcomer.machine import remove
from tests.newcomer.promises import PROMISES
from tests.newcomer.steps import README, lines, steps

PAGE = """\
Made by `make build` and, elsewhere, `make dist`.

```sh
sudo install this
sudo install that    # for make test
make demo     # takes minutes
make test     # takes longer
```

```powershell
py never.py
```

```sh
python3 one.py \\
    --two
```

Again `make demo`, then `make docs`.
"""


def test_a_page_is_read_in_its_order_and_what_is_said_twice_is_done_once(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(PAGE, encoding="utf-8")
    short = [
        "make build",
        "sudo install this",
        "make demo",
        "python3 one.py      --two",
        "make docs",
    ]
    assert steps(page) == short
    assert [step for step in steps(page, whole=True) if step not in short] == [
        "sudo install that",
        "make test",
    ]


def test_readme_has_a_command_for_each_promise_that_is_looked_at() -> None:
    assert [b for b in PROMISES if not any(step.startswith(b) for step in steps())] == []
    assert any(line.endswith("# for make test") for line in lines(README))


def test_a_folder_with_something_mounted_in_it_stays(tmp_path: Path) -> None:
    root, mounts = tmp_path / "a root", tmp_path / "mounts"
    (root / "proc").mkdir(parents=True)
    where = str(root / "proc").replace(" ", "\\040")
    mounts.write_text(f"proc {where} proc rw 0 0\n", encoding="utf-8")
    with pytest.raises(OSError, match="unmount it"):
        remove(root, mounts)
    assert root.is_dir()
    mounts.write_text(f"proc {tmp_path / 'another'} proc rw 0 0\n", encoding="utf-8")
    remove(root, mounts)
    assert not root.exists()
