"""Procedural PBR materials, evaluated texel by texel into one atlas."""
