"""Work done inside a background Blender; ``blender_run.run_job`` starts it."""
