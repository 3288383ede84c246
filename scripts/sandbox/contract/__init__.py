"""What the service accepts and charges, as tables: one module per family of operations.

Written from the public documentation of the service, apart from the product's own catalogue, so
that a mistake in one of the two shows.
"""

from scripts.sandbox.contract import (
    flow,
    images,
    remeshing,
    segmentation,
    tencent,
    texturing,
    tools,
    trellis,
    tripo,
)
from scripts.sandbox.contract.schema import Body, Endpoint, Source, Upload

__all__ = ["ENDPOINTS", "Body", "Endpoint", "Source", "Upload"]

_FAMILIES = (
    tencent,
    trellis,
    tripo,
    images,
    tools,
    flow,
    texturing,
    remeshing,
    segmentation,
)

ENDPOINTS: dict[str, Endpoint] = {
    endpoint.path: endpoint for family in _FAMILIES for endpoint in family.ENDPOINTS
}
