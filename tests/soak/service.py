"""``python -m tests.soak.service``: the sandbox with an engine that is done at once.

One JSON line on stdout when it is ready; it ends when stdin closes.
"""

import json
import sys

from scripts.sandbox.options import Behaviour, Options
from scripts.sandbox.server import serve
from tests.soak.engine import QUICK

BEHAVIOUR = Behaviour(time_scale=0.005, rate_limit=10**6)


def main() -> None:
    """Serve until whoever started it is gone."""
    with serve(Options(behaviour=BEHAVIOUR, balance=10**7), QUICK) as running:
        ready = {"address": running.address, "storage": running.storage, "key": running.key}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
