"""How many generated examples a test tries.

Always the same few, or as many others as ``STUDIO3D_TEST_EXAMPLES`` says (``make test-bpy-4.2
EXAMPLES=500``). What a search finds is printed, and kept as a test made by hand.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
from hypothesis import HealthCheck, Phase, settings

WANTED = os.environ.get("STUDIO3D_TEST_EXAMPLES", "")


def tried(usual: int) -> Callable[[Any], Any]:
    """Decorates a test that tries ``usual`` examples, or as many as are wanted."""
    return settings(
        max_examples=int(WANTED or usual),
        derandomize=not WANTED,
        database=None,
        deadline=None,
        phases=set(Phase) - {Phase.explain},
        print_blob=bool(WANTED),
        # A new file takes its time, and the fixtures are the same for every example.
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def empty() -> Iterator[Path]:
    """A folder and a file of one example's own."""
    bpy.ops.wm.read_homefile(use_empty=True)
    with tempfile.TemporaryDirectory(prefix="studio3d-example-") as folder:
        yield Path(folder)
