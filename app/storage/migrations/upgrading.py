"""The steps of migrating a database. Each step is a transaction that determines by itself what comes next. So
several programs may take turns, and after an interruption the earlier steps remain done.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, delete, event, insert, select, update

from app.storage.migrations.afterwards import Backfill, FollowUp, Indexing, Place
from app.storage.migrations.compatibility import DATABASE_STATE, DatabaseState, Program, is_newer_than_program
from app.storage.migrations.reindexing import SINCE, catch_up
from app.storage.schema.tables import backfill, oldest_serving

Report = Callable[[str], None]
"""Called with a line that reports progress."""

_REPORT_SECONDS = 2.0
"""Statements that take longer than this are reported. During a backfill, progress is reported at this interval."""

_REPORTED_CHARACTERS = 70
"""The number of characters of a statement that are reported."""


class Upgrade:
    """Migrates a database step by step to a version that a program knows. A newer database is left as it is."""

    def __init__(self, program: Program, version: str, tell: Report) -> None:
        self._program = program
        known = program.known
        self._wanted = known if version == "head" else known[: known.index(version) + 1]
        self._report = tell
        self._filling = Filling(tell)

    def step(self, connection: Connection) -> bool | Indexing:
        """Take the next step, in a transaction; returns whether there was one. On PostgreSQL it may return an index
        that must be created outside a transaction; after that, call `indexed`.
        """
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in self._program.known:
            version, oldest, _ = connection.execute(DATABASE_STATE).one()
            is_newer_than_program(self._program, DatabaseState(version, oldest))
            self._report(f"The database is at version {version}, newer than this program, which may serve it.")
            return False
        if (
            current is not None
            and self._has_backfill_table(current)
            and (waiting := self._waiting(connection)) is not None
        ):
            return self._work(connection, *waiting)
        missing = self._wanted if current is None else self._wanted[self._program.known.index(current) + 1 :]
        if missing:
            self._migrate(connection, missing[0])
            return True
        return self._catch_up(connection)

    def _catch_up(self, connection: Connection) -> bool:
        """Index some rows that older programs stored since the migration; returns whether there were any."""
        indexed = catch_up(connection) if SINCE in self._wanted else 0
        if indexed:
            self._report(f"Search words of {indexed:,} rows that an older program stored are brought up to date.")
        return indexed > 0

    def _has_backfill_table(self, version: str) -> bool:
        """Whether a database of a version has the table `backfill`, which lists the work after migrations."""
        known = self._program.known
        return any(
            hasattr(self._program.migration(older), "oldest_serving") for older in known[: known.index(version) + 1]
        )

    def indexed(self, connection: Connection) -> None:
        """Record that the index that `step` returned has been created."""
        if (waiting := self._waiting(connection)) is not None:
            revision, nr, _ = waiting
            self._end(connection, revision, nr)

    def _migrate(self, connection: Connection, version: str) -> None:
        began = time.monotonic()
        self._program.config.attributes["connection"] = connection
        with _slow_statements_reported(connection, self._report):
            command.upgrade(self._program.config, version)
        module = self._program.migration(version)
        if (oldest := getattr(module, "oldest_serving", None)) is not None:
            self._raise_oldest(connection, oldest)
            places = [{"revision": version, "nr": nr} for nr, _ in enumerate(self._afterwards(version))]
            if places:
                connection.execute(insert(backfill), places)
        subject = " ".join((module.__doc__ or "").split()).partition(": ")[0].rstrip(".")
        self._report(f"{version} {subject} ({time.monotonic() - began:.1f} s)")

    def _raise_oldest(self, connection: Connection, version: str) -> None:
        stored = connection.scalar(select(oldest_serving.c.revision))
        if stored is None:
            connection.execute(insert(oldest_serving).values(revision=version))
        elif self._program.known.index(version) > self._program.known.index(stored):
            connection.execute(update(oldest_serving).values(revision=version))

    def _afterwards(self, version: str) -> tuple[FollowUp, ...]:
        return tuple(getattr(self._program.migration(version), "afterwards", ()))

    def _waiting(self, connection: Connection) -> tuple[str, int, Place | None] | None:
        """The next work after a migration; None if there is none.

        Returns the version of the migration, the index of the work in its `afterwards`, and the key up to which
        rows have been filled: None if that has not begun, and for work that fills no rows.
        """
        row = connection.execute(select(backfill).order_by(backfill.c.revision, backfill.c.nr).limit(1)).first()
        return None if row is None else (row.revision, row.nr, row.place and json.loads(row.place))

    def _work(self, connection: Connection, version: str, nr: int, place: Place | None) -> bool | Indexing:
        work = self._afterwards(version)[nr]
        if isinstance(work, Backfill):
            upto = self._filling.batch(connection, work, place, version)
            if upto is not None:
                here = (backfill.c.revision == version) & (backfill.c.nr == nr)
                connection.execute(update(backfill).where(here).values(place=json.dumps(upto)))
                return True
        else:
            self._report(f"{version} {work.name}: the index is being made")
            if connection.dialect.name == "postgresql":
                return work
            work.build(connection)
        self._end(connection, version, nr)
        return True

    def _end(self, connection: Connection, version: str, nr: int) -> None:
        connection.execute(delete(backfill).where(backfill.c.revision == version, backfill.c.nr == nr))


class Filling:
    """Fills rows in batches, and reports progress now and then."""

    def __init__(self, tell: Report) -> None:
        self._report = tell
        self._work: Backfill | None = None
        self._total = self._filled = 0
        self._reported_at = 0.0

    def batch(self, connection: Connection, work: Backfill, place: Place | None, version: str) -> Place | None:
        """Fill the next batch of rows; returns the key up to which rows have been filled, or None if there were no
        more.
        """
        if work is not self._work:
            self._work, self._total, self._filled = work, work.left(connection, place), 0
            self._report_progress(version, work)
        filled = work.batch(connection, place)
        if filled is None:
            self._report_progress(version, work)
            self._work = None
            return None
        upto, count = filled
        self._filled += count
        if time.monotonic() - self._reported_at > _REPORT_SECONDS:
            self._report_progress(version, work)
        return upto

    def _report_progress(self, version: str, work: Backfill) -> None:
        self._reported_at = time.monotonic()
        self._report(f"{version} {work.name}: {self._filled:,} of {max(self._filled, self._total):,} rows")


@contextmanager
def _slow_statements_reported(connection: Connection, tell: Report) -> Iterator[None]:
    """While this context is open, report each statement that took long: its first characters, which are SQL text
    and contain no values.
    """
    began = 0.0

    def before(*_: Any) -> None:
        nonlocal began
        began = time.monotonic()

    def after(_: Any, __: Any, statement: str, *___: Any) -> None:
        if (took := time.monotonic() - began) > _REPORT_SECONDS:
            tell(f"  {' '.join(statement.split())[:_REPORTED_CHARACTERS]} ({took:.0f} s)")

    event.listen(connection, "before_cursor_execute", before)
    event.listen(connection, "after_cursor_execute", after)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", before)
        event.remove(connection, "after_cursor_execute", after)
