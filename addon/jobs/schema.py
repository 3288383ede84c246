"""Tables of the store and how older files are brought up to date."""

import sqlite3
from collections.abc import Iterator

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
    """
    ALTER TABLE jobs ADD COLUMN is_result INTEGER AS (
        state IN ('READY', 'PLACED') AND files != '[]' AND COALESCE(
            iif(json_valid(origin), json_extract(origin, '$.chain.last'), NULL), 1
        ) IS NOT 0
    ) VIRTUAL;
    ALTER TABLE jobs ADD COLUMN chain ANY AS (
        iif(json_valid(origin), json_extract(origin, '$.chain.id'), NULL)
    ) VIRTUAL;
    ALTER TABLE jobs ADD COLUMN opened ANY AS (
        iif(json_valid(origin), json_extract(origin, '$.opened'), NULL)
    ) VIRTUAL;
    ALTER TABLE jobs ADD COLUMN blend ANY AS (
        iif(json_valid(origin), json_extract(origin, '$.blend'), NULL)
    ) VIRTUAL;
    CREATE INDEX jobs_active ON jobs (created_at, id, state, service_address) WHERE state IN (
        'DOWNLOADING', 'EXPORTING', 'PENDING', 'PREPARING', 'QUEUED', 'RUNNING', 'SUBMITTING'
    );
    CREATE INDEX jobs_listed ON jobs (created_at, id, listed) WHERE listed;
    CREATE INDEX jobs_by_end ON jobs (state, finished_at) WHERE finished_at IS NOT NULL;
    CREATE INDEX jobs_by_submission ON jobs (service_address, submitted_at)
        WHERE submitted_at IS NOT NULL;
    CREATE INDEX jobs_by_chain ON jobs (chain, created_at) WHERE chain IS NOT NULL;
    CREATE INDEX jobs_by_opening ON jobs (opened)
        WHERE listed AND state = 'READY' AND prepared IS NOT NULL AND failure IS NULL;
    CREATE INDEX jobs_by_blend ON jobs (blend)
        WHERE listed AND state = 'READY' AND prepared IS NOT NULL AND failure IS NULL;
    CREATE INDEX results_by_age ON jobs (created_at, operation, id, is_result) WHERE is_result;

    CREATE TABLE changes (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        job TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE tallies (
        operation TEXT PRIMARY KEY,
        results INTEGER NOT NULL,
        changes INTEGER NOT NULL
    ) STRICT;
    INSERT INTO changes (job) SELECT id FROM jobs ORDER BY rowid;
    INSERT INTO tallies SELECT operation, COUNT(*), 1 FROM jobs WHERE is_result GROUP BY operation;

    CREATE TRIGGER job_added AFTER INSERT ON jobs BEGIN
        DELETE FROM changes WHERE job = NEW.id;
        INSERT INTO changes (job) VALUES (NEW.id);
    END;
    CREATE TRIGGER job_changed AFTER UPDATE OF
        operation, "values", mode, name, state, service_address, folder, created_at, updated_at,
        task_id, submitted_at, finished_at, progress, bytes_done, bytes_total, estimate, failure,
        files, prepared, origin, wants_prepared, next_at, attempts, keeps_place, export, save_as,
        charged, listed
    ON jobs BEGIN
        DELETE FROM changes WHERE job = NEW.id;
        INSERT INTO changes (job) VALUES (NEW.id);
    END;
    CREATE TRIGGER job_removed AFTER DELETE ON jobs BEGIN
        DELETE FROM changes WHERE job = OLD.id;
        INSERT INTO changes (job) VALUES (OLD.id);
    END;
    CREATE TRIGGER result_added AFTER INSERT ON jobs WHEN NEW.is_result BEGIN
        INSERT INTO tallies VALUES (NEW.operation, 1, 1)
            ON CONFLICT DO UPDATE SET results = results + 1, changes = changes + 1;
    END;
    CREATE TRIGGER result_changed AFTER UPDATE OF
        operation, "values", mode, name, state, service_address, folder, created_at, updated_at,
        task_id, submitted_at, finished_at, progress, bytes_done, bytes_total, estimate, failure,
        files, prepared, origin, wants_prepared, next_at, attempts, keeps_place, export, save_as,
        charged, listed
    ON jobs WHEN OLD.is_result OR NEW.is_result BEGIN
        UPDATE tallies SET results = results - OLD.is_result, changes = changes + 1
            WHERE operation = OLD.operation;
        INSERT INTO tallies VALUES (NEW.operation, NEW.is_result, 1) ON CONFLICT
            DO UPDATE SET results = results + excluded.results, changes = changes + 1;
    END;
    CREATE TRIGGER result_removed AFTER DELETE ON jobs WHEN OLD.is_result BEGIN
        UPDATE tallies SET results = results - 1, changes = changes + 1
            WHERE operation = OLD.operation;
    END;
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
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """One after the other: those of a trigger are in one."""
    statement = ""
    for part in script.split(";"):
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
