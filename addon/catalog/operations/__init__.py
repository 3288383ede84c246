"""One declaration per operation of the service, in the order they are offered."""

from ..operation import Operation
from .image_tools import IMAGE_ENHANCE, REMOVE_BG
from .images import GEMINI_3_PRO, GEMINI_25_FLASH, GEMINI_31_FLASH, SEEDREAM
from .mesh_tools import BAKE_TEXTURE, CONVERT, OPTIMIZE, RENDER, REPAIR, VOLUME
from .miniature import MINIATURE
from .remesh_texture import CONVERT_MODEL, SEGMENT, TEXTURE_EDIT, TEXTURE_MODEL, TOPOLOGY
from .tencent_pro import TENCENT_PRO
from .tencent_rapid import TENCENT_RAPID
from .trellis import TRELLIS
from .tripo import TRIPO
from .tripo_p1 import TRIPO_P1

OPERATIONS: tuple[Operation, ...] = (
    TENCENT_RAPID,
    TENCENT_PRO,
    TRELLIS,
    TRIPO,
    TRIPO_P1,
    GEMINI_3_PRO,
    GEMINI_31_FLASH,
    GEMINI_25_FLASH,
    SEEDREAM,
    REPAIR,
    OPTIMIZE,
    BAKE_TEXTURE,
    CONVERT,
    RENDER,
    VOLUME,
    TEXTURE_MODEL,
    TEXTURE_EDIT,
    TOPOLOGY,
    SEGMENT,
    CONVERT_MODEL,
    REMOVE_BG,
    IMAGE_ENHANCE,
    MINIATURE,
)
