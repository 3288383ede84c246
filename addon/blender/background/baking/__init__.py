"""The look of an original, baked onto what came back without one."""
