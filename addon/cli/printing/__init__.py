"""``print``: checking, mending and exporting models for printers, on this machine."""
