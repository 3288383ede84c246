"""Order several models at once and place them in a row, in the order they were asked for.

blender -b --online-mode --python examples/row_of_models.py -- row.blend "a chair" "a vase"
"""

import sys

import bpy
from bl_ext.user_default.studio3d import api

SPACING = 2.5

target, *prompts = sys.argv[sys.argv.index("--") + 1 :]
price = sum(api.estimate("tencent-rapid", prompt=text) for text in prompts)
sys.stdout.write(f"about {price} credits\n")

bpy.ops.wm.read_homefile(use_empty=True)
jobs = [api.submit("tencent-rapid", prompt=text) for text in prompts]


def show(results: list[api.Result]) -> None:
    """Keep one line up to date."""
    sys.stdout.write("\r" + "  ".join(f"{one.name}: {one.state}" for one in results))
    sys.stdout.flush()


for index, model in enumerate(api.wait(*jobs, progress=show)):
    if model.ok:
        api.place(model.id, location=(index * SPACING, 0, 0))
    else:
        sys.stderr.write(f"\n{model.name}: {model.failure}\n")
bpy.ops.wm.save_as_mainfile(filepath=target)
