"""Inside a fresh Blender: ``inside_enabling.py -- request.json``.

With an ``archive`` in the request it is installed; otherwise the installed one is measured.
"""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

MODULE = "bl_ext.user_default.studio3d"
IMPORT = "import time; t = time.perf_counter(); import requests; print(time.perf_counter() - t)"


def measure() -> dict[str, float]:
    """Milliseconds; what Blender itself does beside it, such as saving preferences, is not ours."""
    began = time.perf_counter()
    importlib.import_module(MODULE).register()
    ours = time.perf_counter() - began
    python = [sys.executable, *bpy.app.python_args, "-c", IMPORT]
    said = subprocess.run(python, check=True, capture_output=True, text=True).stdout
    read = [name for name, module in sys.modules.items() if type(module) is type(sys)]
    modules = sum(name.startswith(MODULE) for name in read)
    moments = list(rest())
    return {
        "ours": ours * 1000,
        "direct": float(said) * 1000,
        "modules": modules,
        "rest": sum(moments) * 1000,
        "longest": max(moments) * 1000,
    }


def rest() -> Iterator[float]:
    """Seconds of each moment in which the modules are read that enabling leaves for later."""
    late: Any = importlib.import_module(f"{MODULE}.blender.core.late_modules")
    again: float | None = 0.0
    while again is not None:
        began = time.perf_counter()
        again = late.read_on()
        yield time.perf_counter() - began


def main(request: dict[str, Any]) -> None:
    """Do the one or the other, and write the answer."""
    answer: dict[str, float] = {}
    if "archive" in request:
        install: Any = bpy.ops.extensions.package_install_files
        install(filepath=request["archive"], repo="user_default", enable_on_install=False)
    else:
        answer = measure()
    Path(request["answer"]).write_text(json.dumps(answer), encoding="utf-8")


main(json.loads(Path(sys.argv[-1]).read_text(encoding="utf-8")))
sys.stdout.flush()
os._exit(0)  # the bpy module can hang in its own clean-up at interpreter exit
