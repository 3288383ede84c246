"""What the requests of every operation are made of; the operations themselves are beside it."""

from scripts.sandbox.contract.schema import Body, Endpoint, Source, Upload

__all__ = ["Body", "Endpoint", "Source", "Upload"]
