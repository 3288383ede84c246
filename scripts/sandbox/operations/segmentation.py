"""A mesh taken apart: Tripo mesh segmentation."""

from scripts.sandbox.contract.schema import Body, Endpoint, ModelAddress, ModelPart, exactly_one


class Segmentation(Body):
    """POST /v1/3d-models/tripo/mesh-segmentation/."""

    model: ModelPart = None
    model_url: ModelAddress = None

    _mesh = exactly_one("model", "model_url")

    def price(self) -> int:
        return 80


ENDPOINTS = (
    Endpoint(
        "/v1/3d-models/tripo/mesh-segmentation/",
        "segment",
        "segment:segment",
        Segmentation,
        (40, 90),
        multipart=True,
        shows_progress=False,
    ),
)
