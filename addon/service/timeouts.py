"""How long a request may be silent. Apart from ``http``, so that reading it loads no HTTP."""

CONNECT_TIMEOUT = 10.0
"""Seconds to get a connection."""

READ_TIMEOUT = 60.0
"""Seconds to wait for the next bytes of an answer."""
