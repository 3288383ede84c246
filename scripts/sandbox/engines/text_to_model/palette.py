"""Finishes shapes start from."""

from ..geometry.surface import polyline
from ..textures.texels import Finish


def finishes(material: str, colours: str) -> list[Finish]:
    """One finish for each colour of "red,green,blue red,green,blue ..."."""
    return [Finish(material, (red, green, blue)) for red, green, blue in polyline(colours).tolist()]


OAK = Finish("wood", (0.66, 0.47, 0.28))
WALNUT = Finish("wood", (0.4, 0.25, 0.15))
PINE = Finish("wood", (0.76, 0.58, 0.36))
PLANKS = Finish("wood", (0.5, 0.34, 0.2), wear=0.4)
STEEL = Finish("metal", (0.7, 0.71, 0.73))
IRON = Finish("metal", (0.3, 0.3, 0.31), wear=0.35)
BRASS = Finish("metal", (0.85, 0.67, 0.33))
GOLD = Finish("metal", (0.95, 0.73, 0.3), wear=0.0)
CHROME = Finish("metal", (0.85, 0.86, 0.88), wear=0.0)
DARK_PLASTIC = Finish("plastic", (0.06, 0.06, 0.065))
WHITE_PAINT = Finish("paint", (0.9, 0.9, 0.88))
GREY_STONE = Finish("stone", (0.55, 0.53, 0.5))
DARK_STONE = Finish("stone", (0.38, 0.37, 0.36))
PLASTER = Finish("plaster", (0.9, 0.86, 0.76))
RED_BRICK = Finish("brick", (0.6, 0.28, 0.2))
ROOF_TILES = Finish("roof_tile", (0.58, 0.25, 0.16))
SLATE_TILES = Finish("roof_tile", (0.27, 0.3, 0.35))
LINEN = Finish("fabric", (0.78, 0.73, 0.64))
GREY_FABRIC = Finish("fabric", (0.42, 0.45, 0.5))
BROWN_LEATHER = Finish("leather", (0.4, 0.22, 0.13), wear=0.3)
RUBBER = Finish("rubber", (0.055, 0.055, 0.06))
WINDOW = Finish("glass", (0.13, 0.18, 0.23))
WHITE_GLAZE = Finish("ceramic", (0.9, 0.88, 0.83))
TERRACOTTA = Finish("ceramic", (0.7, 0.37, 0.24))
BARK = Finish("bark", (0.34, 0.25, 0.17), wear=0.4)
LEAVES = Finish("foliage", (0.22, 0.42, 0.12))
LEAF = Finish("leaf", (0.2, 0.45, 0.14))
SOIL = Finish("ground", (0.2, 0.14, 0.09))
SNOW = Finish("ground", (0.92, 0.94, 0.97))
PAPER = Finish("paper", (0.9, 0.85, 0.72))
WARM_LIGHT = Finish("glow", (1.0, 0.9, 0.66))
COOL_LIGHT = Finish("glow", (0.35, 0.85, 1.0))
RED_LIGHT = Finish("glow", (0.95, 0.12, 0.08))
BLACK = Finish("plastic", (0.03, 0.03, 0.03))
BULB_LIGHT = Finish("glow", (1.0, 0.93, 0.74))
WHITE_BONE = Finish("ceramic", (0.85, 0.78, 0.62))

STYLE_MATERIALS: dict[str, dict[str, str]] = {
    "futuristic": {
        "wood": "paint",
        "stone": "metal",
        "brick": "metal",
        "plaster": "plastic",
        "roof_tile": "metal",
        "fabric": "rubber",
    },
    "medieval": {"plastic": "wood", "paint": "wood", "rubber": "wood"},
}
"""What the ordinary material of a part becomes in a style."""
