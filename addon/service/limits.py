"""How much can be sent at once. The service publishes no limit; upstream engines take 200 MB."""

MAX_UPLOAD_BYTES = 200 * 1024 * 1024
LARGE_UPLOAD_BYTES = 50 * 1024 * 1024
"""From here on an upload is worth a warning."""
