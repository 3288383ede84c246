"""How work is told to end before it is done."""

import threading


class Stopped(Exception):
    """The work was asked to end in the middle of a step, which is taken up again later."""


class Stop(threading.Event):
    """Ends, when set, what can be done again later; ``at_once`` what waits for a receipt too."""

    def __init__(self) -> None:
        super().__init__()
        self.at_once = threading.Event()
