"""What a result is."""

from enum import StrEnum


class AssetType(StrEnum):
    """The service's own names for what a result is."""

    MODEL = "3D_MODEL"
    SCALED_MODEL = "SCALED_3D_MODEL"
    ARCHIVE = "ARCHIVE"
    IMAGE = "IMAGE"
    EDITED_IMAGE = "EDITED_IMAGE"
