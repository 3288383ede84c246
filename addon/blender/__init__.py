"""Everything that needs Blender: what it shows, and what it does to scenes."""
