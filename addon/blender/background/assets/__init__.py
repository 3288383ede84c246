"""What a background Blender makes of one row of a batch: steps, files, preview, library asset.

``process_asset.py`` is the script it starts with; ``make_asset`` puts the parts together.
"""
