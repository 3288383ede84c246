"""What runs in a Blender without a window, started for one piece of work.

The entry scripts load this folder as a package of its own, without the rest of the extension.
"""
