"""Trouble that is told to the user."""


class PreparationFailed(Exception):
    """The model cannot be prepared; the text says why, ``hint`` what to do next."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Take both as sentences."""
        super().__init__(message)
        self.hint = hint
