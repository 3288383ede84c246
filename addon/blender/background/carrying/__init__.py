"""Weights, shape keys and attributes of an original, carried to what came back."""
