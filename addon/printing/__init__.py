"""What is known about printing: printers, materials, limits, what may be asked and be wrong."""
