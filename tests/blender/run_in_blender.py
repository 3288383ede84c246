"""The part of ``run.py`` that runs inside Blender: pytest on the arguments after ``--``."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_pytest() -> int:
    """Run pytest with this Blender's own Python; returns its exit code."""
    site = os.environ["STUDIO3D_TEST_SITE"]  # a binary's Python has no pytest of its own
    sys.path[:0] = [str(ROOT), site] if site else [str(ROOT)]
    import pytest

    arguments = sys.argv[sys.argv.index("--") + 1 :]
    options = ["--rootdir", str(ROOT), "-p", "no:cacheprovider", "-o", "testpaths=tests/blender"]
    return int(pytest.main([*options, *arguments]))


code = run_pytest()
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)  # the bpy module can crash or hang in its own clean-up at interpreter exit
