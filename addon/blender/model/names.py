"""Names under which who prepares a result leaves word for who places it."""

from typing import Final

OURS: Final = "studio3d"
"""With this begins the name of each custom property by which we know things again."""
FILE_ORIGIN: Final = "studio3d_file_origin"
"""Custom property of a prepared collection: where, from its base, the file has its origin."""
MATERIAL_NAME: Final = "studio3d_name"
"""Custom property with a material's name in the file: appending may have to change the name."""
KEPT_UV_MAP: Final = f"{OURS}_uv_map"
"""Custom property of a retexture's mesh: the artist's UV map that its pictures lie on."""
UV_NAME: Final = "Retexture"
"""UV map that the textures of a retexture are on."""
FOLLOWS: Final = f"{OURS}_follows"
"""Custom property of a level of detail or collision shape: the object it goes with."""
