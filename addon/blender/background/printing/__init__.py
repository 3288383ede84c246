"""Models for printers, from files and into files."""
