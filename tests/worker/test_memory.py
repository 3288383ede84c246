"""Large files pass through a worker; they never are in its memory."""

from scripts.bench.transfers import transfer_memory

SIZE = 120_000_000
"""Bytes of the file that is sent, and of the one that comes."""
MOST_MB = 48.0


def test_a_large_file_takes_no_memory_either_way() -> None:
    memory = transfer_memory(SIZE)
    assert memory.upload_mb < MOST_MB
    assert memory.download_mb < MOST_MB
