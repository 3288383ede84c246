"""The direct way, inside Blender: import a GLB and save the file.

``direct.py -- GLB BLEND``
"""

import os
import sys
from typing import Any

import bpy

ops: Any = bpy.ops
glb, blend = sys.argv[-2:]
ops.import_scene.gltf(filepath=glb)
ops.wm.save_as_mainfile(filepath=blend)
sys.stdout.flush()
os._exit(0)  # the bpy module can hang in its own clean-up at interpreter exit
