"""What goes on while Blender runs: the watch, the worker, orders, work in the background."""
