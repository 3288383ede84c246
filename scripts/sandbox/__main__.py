"""``python -m scripts.sandbox``: one JSON line on stdout when ready, the log on stderr."""

import argparse
import json
import logging
import signal
import sys
import threading
from pathlib import Path

from pydantic import ValidationError

from scripts.sandbox import faults
from scripts.sandbox.options import MEGABYTE, Behaviour, Options


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM."""
    options = _parse(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    # The server brings heavy libraries along; --help and wrong arguments should not wait for them.
    from scripts.sandbox.engines import engines_of
    from scripts.sandbox.operations import ENDPOINTS
    from scripts.sandbox.server import serve

    with serve(options, engines_of(ENDPOINTS.values())) as running:
        ready = {"address": running.address, "storage": running.storage, "key": running.key}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        stop.wait()
    return 0


def _parse(arguments: list[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.sandbox",
        description="A local stand-in for the service: same HTTP contract, work by open libraries.",
    )
    default = Options()
    switches = Behaviour()
    add = parser.add_argument
    add("--host", default=default.host)
    add("--port", type=int, default=default.port, help="0: any free one")
    add("--storage-port", type=int, default=default.storage_port, help="0: any free one")
    add("--state-dir", type=Path, help="keep tasks, files and wallet here across restarts")
    add("--key", action="append", metavar="KEY", help="an accepted key; repeatable")
    add("--balance", type=int, default=default.balance, help="credits of a new key")
    add("--upload-limit", type=int, default=default.upload_limit // MEGABYTE, metavar="MB")
    add("--draft", action="store_true", help="coarse models with small textures, soon made")
    add("--time-scale", type=float, default=switches.time_scale, help="factor on durations")
    add("--rate-limit", type=int, default=switches.rate_limit, help="POSTs per window")
    add("--rate-window", type=float, default=switches.rate_window, metavar="SECONDS")
    add(
        "--set",
        action="append",
        default=[],
        type=_assignment,
        metavar="NAME=VALUE",
        help="switch: " + ", ".join(Behaviour.model_fields),
    )
    add("--fault", action="append", default=[], metavar="NAME[=VALUE][*TIMES]", help=_fault_help())
    given = parser.parse_args(arguments)
    try:
        behaviour = Behaviour.model_validate(
            {
                "time_scale": given.time_scale,
                "rate_limit": given.rate_limit,
                "rate_window": given.rate_window,
                **dict(given.set),
            }
        )
        for text in given.fault:
            faults.parse(text)
    except (ValidationError, faults.UnknownFault) as error:
        parser.error(str(error))
    return Options(
        host=given.host,
        port=given.port,
        storage_port=given.storage_port,
        state_dir=given.state_dir,
        balance=given.balance,
        keys=tuple(given.key or default.keys),
        upload_limit=given.upload_limit * MEGABYTE,
        draft=given.draft,
        behaviour=behaviour,
        faults=tuple(given.fault),
    )


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("expected NAME=VALUE")
    return name, value


def _fault_help() -> str:
    return "; ".join(f"{stage}-({'|'.join(names)})" for stage, names in faults.NAMES.items())


if __name__ == "__main__":
    sys.exit(main())
