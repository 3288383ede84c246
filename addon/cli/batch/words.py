"""How a row stands, in words."""

from ...batch.run import RowStatus


def words(standing: RowStatus) -> str:
    """A row's state for people."""
    if standing.failure is None:
        return standing.stage.value
    return f"{standing.stage.value}: {standing.failure.message}"
