"""What the service offers: one module per operation or family of them, found by itself.

A module says in ``ENDPOINTS`` what each of its paths takes, what that costs and which engine does
the work. Written from the public documentation of the service, apart from the product's own
catalogue, so that a mistake in one of the two shows.
"""

from importlib import import_module
from pathlib import Path

from scripts.sandbox.contract import Endpoint

_NAMES = sorted(path.stem for path in Path(__path__[0]).glob("[!_]*.py"))

ENDPOINTS: dict[str, Endpoint] = {
    endpoint.path: endpoint
    for name in _NAMES
    for endpoint in import_module(f"{__name__}.{name}").ENDPOINTS
}
