"""``python -m tests.soak``: the long run; prints its figures, and writes them down with --write."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.soak import judge
from tests.soak.page import page
from tests.soak.run import ROOT, Plan, Soak

AT_ONCE = 60
PAGE = ROOT / "docs" / "long_run.md"


def main() -> int:
    """Run it; 1 if it did not keep to the bounds."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} if all is well")
    options = parser.parse_args()
    kills = [round(options.jobs * share) for share in (0.05, 0.1, 0.15)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="studio3d-soak-") as name:
        home = Path(name)
        (home / "tmp").mkdir()
        os.environ["TMPDIR"] = str(home / "tmp")
        run = Soak(home, Plan(options.jobs, at_once=AT_ONCE, kills=kills)).run()
        wrong = judge.faults(run)
    text = page(run, minutes=(time.monotonic() - began) / 60)
    sys.stdout.write(text)
    sys.stderr.writelines(f"{one}\n" for one in wrong)
    if options.write and not wrong:
        PAGE.write_text(text, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
