"""Ways in for scripts: the Python API, ``blender --command``, the loop without a window."""
