"""What a model is made of, for the window's Blender and for one in the background."""
