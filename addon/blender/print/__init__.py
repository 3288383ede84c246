"""Models for printers: checks, fixes, and files for slicers, in millimetres."""
