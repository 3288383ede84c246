"""The sentence that tells what the sandbox did in place of the service."""


def sentence(*steps: str) -> str:
    """The steps as one sentence; names keep their capitals."""
    text = "; ".join(steps)
    return f"{text[:1].upper()}{text[1:]}."
