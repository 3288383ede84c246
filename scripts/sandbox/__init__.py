"""A local stand-in for the service: the same HTTP contract, real work done by open libraries.

Nothing in here ships with the extension, and nothing it makes is the service's output.
"""
