"""Tables of the store and how older files are brought up to date."""

import sqlite3

from ..catalog.messages import Message
from ..service.errors import ServiceError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE jobs (
        id TEXT PRIMARY KEY,
        operation TEXT NOT NULL,
        "values" TEXT NOT NULL,
        mode TEXT,
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        service_address TEXT NOT NULL,
        folder TEXT NOT NULL,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        task_id TEXT,
        submitted_at REAL,
        finished_at REAL,
        progress INTEGER NOT NULL,
        bytes_done INTEGER NOT NULL,
        bytes_total INTEGER,
        estimate INTEGER NOT NULL,
        failure TEXT,
        files TEXT NOT NULL,
        prepared TEXT,
        origin TEXT NOT NULL,
        wants_prepared INTEGER NOT NULL,
        next_at REAL NOT NULL,
        attempts INTEGER NOT NULL,
        owner TEXT,
        lease_until REAL NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX jobs_by_state ON jobs (state, next_at);
    CREATE INDEX jobs_by_task ON jobs (task_id);
    CREATE TABLE wallets (
        service_address TEXT PRIMARY KEY,
        balance TEXT,
        rate_limit INTEGER,
        seen_at REAL NOT NULL,
        failure TEXT
    ) STRICT;
    CREATE TABLE submissions (account TEXT NOT NULL, at REAL NOT NULL) STRICT;
    CREATE INDEX submissions_by_account ON submissions (account, at);
    CREATE TABLE pauses (account TEXT PRIMARY KEY, until REAL NOT NULL) STRICT;
    """,
    """
    ALTER TABLE jobs ADD COLUMN keeps_place INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE jobs ADD COLUMN export TEXT;
    ALTER TABLE jobs ADD COLUMN save_as TEXT;
    """,
    """
    ALTER TABLE jobs ADD COLUMN charged INTEGER;
    ALTER TABLE jobs ADD COLUMN listed INTEGER NOT NULL DEFAULT 1;
    CREATE INDEX jobs_by_age ON jobs (created_at);
    """,
    """
    CREATE TABLE uses (
        path TEXT NOT NULL,
        blend TEXT NOT NULL,
        noted_at REAL NOT NULL,
        PRIMARY KEY (path, blend)
    ) STRICT;
    """,
    """
    UPDATE jobs SET failure = json_set(
        json_remove(failure, '$.credits'), '$.charged',
        CASE
            WHEN json_extract(failure, '$.credits') LIKE 'Nothing was charged%' THEN 'NO'
            WHEN json_extract(failure, '$.credits') LIKE '%refunds%' THEN 'REFUNDED'
            WHEN json_extract(failure, '$.credits') LIKE '%were spent%' THEN 'SPENT'
            WHEN json_extract(failure, '$.credits') LIKE '%goes on%' THEN 'GOES_ON'
            WHEN json_extract(failure, '$.credits') LIKE '%not known%' THEN 'UNKNOWN'
        END
    ) WHERE failure IS NOT NULL;
    UPDATE wallets SET failure = json_set(
        json_remove(failure, '$.credits'), '$.charged', NULL
    ) WHERE failure IS NOT NULL;
    """,
)
"""Entry n brings a file from version n to n + 1. Never change an entry that was released."""


class StoreUnusable(ServiceError):
    """The job store cannot be opened."""

    code = "store_unusable"


class StoreBusy(StoreUnusable):
    """Another program writes to the job list just now; nothing was changed."""

    code = "store_busy"


def is_busy(error: Exception) -> bool:
    """Whether it only says that another program writes to the list."""
    words = ("locked", "busy")
    return isinstance(error, sqlite3.OperationalError) and any(w in str(error) for w in words)


def unread(count: int) -> StoreUnusable:
    """The trouble of a list in which so many jobs cannot be read."""
    return StoreUnusable(
        Message("The job list has entries that this version cannot read: {n}.", n=count),
        hint="They are kept. Use the newest version of the extension.",
    )


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest version; raises StoreUnusable if it is newer than we are."""
    version = _version(connection)
    if version == len(MIGRATIONS):
        return
    if version > len(MIGRATIONS):
        raise StoreUnusable(
            "The job list was written by a newer version of the extension.",
            hint="Update this copy of the extension.",
        )
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Asked again inside the transaction: another process may have been faster.
        for script in MIGRATIONS[_version(connection) :]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
