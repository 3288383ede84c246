"""What is known about printing: printers, materials, limits, and what may be wrong with a model."""
