"""The user's choices as Blender's properties, made from the catalogue."""
