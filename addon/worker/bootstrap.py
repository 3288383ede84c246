"""Start of the worker process: ``python -I bootstrap.py``.

With a name, ``python -I bootstrap.py clean_up -- order.json``, it is that module of this folder
that runs: work that needs no service and no waiting.

A file of its own without relative imports, because Blender's Python runs isolated (``-I``): the
package is not on ``sys.path`` and is put together from where this file lies.
"""

import importlib
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

PACKAGE = "studio3d"


def load_package() -> None:
    """Make the package this file belongs to importable as ``studio3d``."""
    root = Path(__file__).resolve().parent.parent
    spec = spec_from_file_location(
        PACKAGE, root / "__init__.py", submodule_search_locations=[str(root)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"no package at {root}")
    package = module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    load_package()
    chosen = sys.argv[1] if len(sys.argv) > 1 else "main"
    importlib.import_module(f"{PACKAGE}.worker.{chosen}").main()
