"""Procedural models from the words of a prompt."""
