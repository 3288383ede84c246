"""Mesh files in and out of memory, sizes, closed surfaces and textures carried between them."""
