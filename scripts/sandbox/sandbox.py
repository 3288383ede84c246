"""All the parts of one sandbox, put together; the web applications only talk to these."""

import hashlib
import secrets
import threading
from collections.abc import Mapping
from pathlib import Path

from scripts.sandbox.clock import Clock
from scripts.sandbox.database import Database
from scripts.sandbox.faults import Faults, parse
from scripts.sandbox.options import Options
from scripts.sandbox.request_log import RequestLog
from scripts.sandbox.runner import Runner
from scripts.sandbox.signing import Signer
from scripts.sandbox.tasks import TaskBook
from scripts.sandbox.throttle import Throttle
from scripts.sandbox.wallet import Wallet
from scripts.sandbox.work import Engine


def account_of(key: str) -> str:
    """The name under which a key's wallet and tasks are kept; the key itself never is."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


class Sandbox:
    """State and machinery of one running sandbox; ``folder`` outlives it."""

    def __init__(self, options: Options, engines: Mapping[str, Engine], folder: Path) -> None:
        self.options = options
        self.behaviour = options.behaviour.model_copy()
        self.clock = Clock()
        self.closing = threading.Event()
        self.storage_address = ""
        """Set once the storage server knows its port."""
        self.log = RequestLog()
        self.faults = Faults([parse(text) for text in options.faults])
        self.throttle = Throttle(self.behaviour, self.clock)
        self.database = Database(folder / "sandbox.sqlite")
        self.wallet = Wallet(self.database, self.clock, options.balance)
        self.book = TaskBook(self.database)
        secret = self.database.secret("links", secrets.token_bytes(32))
        self.signer = Signer(secret, self.behaviour, self.clock)
        self.runner = Runner(
            options,
            engines,
            folder / "tasks",
            self.database,
            self.wallet,
            self.book,
            self.clock,
        )

    def resume(self) -> None:
        """Start again what an earlier process left unfinished."""
        for task in self.book.unfinished():
            self.runner.start(task)

    def close(self) -> None:
        self.closing.set()
        self.runner.close()
        self.database.close()
