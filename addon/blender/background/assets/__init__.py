"""What a background Blender makes of one row of a batch: steps, files, preview, library asset.

``process_asset.py`` is the script it starts with; ``work`` puts the parts together.
"""
