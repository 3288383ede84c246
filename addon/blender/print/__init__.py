"""Models for printers: checks, fixes, bases, and files for slicers, in millimetres."""

import bpy  # noqa: F401 - where Blender is a Python module, it has to come before bmesh
