"""3D AI Studio for artists: an independent Blender extension for the 3D AI Studio service.

Importing this package must not import ``bpy``: the command line and the worker process live
in the same package and run where there is no Blender.
"""


def register() -> None:
    """Called by Blender when the extension is enabled."""
    from .blender.core import late_modules

    late_modules.begin()
    from .blender import registration

    registration.register()


def unregister() -> None:
    """Called by Blender when the extension is disabled."""
    from .blender import registration

    registration.unregister()
