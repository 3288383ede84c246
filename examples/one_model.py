"""Order one model, wait for it, and save a scene with it.

blender -b --online-mode --python examples/one_model.py -- "a wooden chair" chair.blend
"""

import sys

import bpy
from bl_ext.user_default.studio3d import api

prompt, target = sys.argv[sys.argv.index("--") + 1 :]

bpy.ops.wm.read_homefile(use_empty=True)
job = api.submit("tencent-rapid", prompt=prompt)
(model,) = api.wait(job, timeout=1800)
if not model.ok:
    sys.exit(model.failure)
api.place(job)
bpy.ops.wm.save_as_mainfile(filepath=target)
