"""What the list of jobs refuses."""


class UnknownJob(LookupError):
    """There is no job of that id."""


class IllegalTransition(ValueError):
    """The job may not go from its state to the one asked for."""


class LeaseLost(RuntimeError):
    """Somebody else holds the row now: the user decided, or another runner took it over."""
