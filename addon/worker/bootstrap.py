"""Start of the worker process: ``python -I bootstrap.py LIBRARIES``.

With a name, ``python -I bootstrap.py LIBRARIES clean_up -- order.json``, it is that module of this
folder that runs: work that needs no service and no waiting.

``LIBRARIES`` is the folder Blender unpacks the wheels of extensions into. It is on the path of
Blender's own process only: here are the host's libraries, which may be old, or none.

A file of its own without relative imports, because Blender's Python runs isolated (``-I``): the
package is not on ``sys.path`` and is put together from where this file lies.
"""

import importlib
import site
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

PACKAGE = "studio3d"
ROOT = Path(__file__).resolve().parent.parent


def add_libraries(unpacked: str = "") -> None:
    """Put ``unpacked`` before the host's libraries, and the wheels as they are behind them.

    Not before Python's own modules: other extensions' wheels are in that folder as well.
    Wheels of pure Python can be read like folders. That is slower, and for where nobody has
    unpacked them: in a checkout they lie beside the package, after ``make setup``.
    """
    if unpacked:
        of_host = set(site.getsitepackages())
        first = next((n for n, path in enumerate(sys.path) if path in of_host), len(sys.path))
        sys.path.insert(first, unpacked)
    for place in (ROOT, ROOT.parent):
        sys.path += [str(wheel) for wheel in sorted(place.glob("wheels/*.whl"))]


def load_package(unpacked: str = "") -> None:
    """Make the package this file belongs to importable as ``studio3d``, and what it imports."""
    add_libraries(unpacked)
    spec = spec_from_file_location(
        PACKAGE, ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"no package at {ROOT}")
    package = module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    load_package(sys.argv[1])
    chosen = next(iter(sys.argv[2:]), "main")
    importlib.import_module(f"{PACKAGE}.worker.{chosen}").main()
