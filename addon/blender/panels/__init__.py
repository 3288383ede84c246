"""What the sidebar shows: one file per panel. Drawing only reads."""
