"""Jobs: what they are, where they are kept, and what moves them forward. No Blender in here."""
