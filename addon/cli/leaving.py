"""The end of a command line's process."""

import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End with that code now: threads do not hold it up, in the middle of a name's look-up say.

    Whoever waits for something that must not be cut off has done so by now.
    """
    main = threading.main_thread()
    if any(not one.daemon and one is not main for one in threading.enumerate()):
        with suppress(OSError):  # whoever read it is gone
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
