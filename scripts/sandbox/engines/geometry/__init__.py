"""Triangle surfaces with charts: primitives, organic fields and the texture atlas."""
