"""The steps of bringing a database up to date. Each is a transaction that finds out by itself what comes next, so
that any number of programs may take them by turns, and one that is broken off leaves the steps before it standing.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, delete, event, insert, select, update

from app.storage.migrations.afterwards import Backfill, Background, Indexing, Place
from app.storage.migrations.compatibility import DATABASE_STATE, DatabaseState, Program, compared
from app.storage.migrations.reindexing import SINCE, catch_up
from app.storage.schema.tables import backfill, oldest_serving

Report = Callable[[str], None]
"""Is told in a line how far it is."""

_TELL_SECONDS = 2.0
"""A statement that took longer is told of; so long after the last line another one tells how far the filling is."""

_MOST_TOLD = 70
"""How much of a statement is told."""


class Upgrade:
    """Brings a database step by step to a version that a program knows. One that is newer stays as it is."""

    def __init__(self, program: Program, version: str, tell: Report) -> None:
        self._program = program
        known = program.known
        self._wanted = known if version == "head" else known[: known.index(version) + 1]
        self._tell = tell
        self._filling = Filling(tell)

    def step(self, connection: Connection) -> bool | Indexing:
        """Take the next step in a transaction: whether there was one. On PostgreSQL an index comes back that is to
        be made outside of a transaction; `indexed` is the step after it.
        """
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in self._program.known:
            version, oldest, _ = connection.execute(DATABASE_STATE).one()
            compared(self._program, DatabaseState(version, oldest))
            self._tell(f"The database is at version {version}, newer than this program, which may serve it.")
            return False
        if (
            current is not None
            and self._keeps_places(current)
            and (waiting := self._waiting(connection)) is not None
        ):
            return self._work(connection, *waiting)
        missing = self._wanted if current is None else self._wanted[self._program.known.index(current) + 1 :]
        if missing:
            self._migrate(connection, missing[0])
            return True
        return self._catch_up(connection)

    def _catch_up(self, connection: Connection) -> bool:
        """Index anew some of what older programs stored since the migration: whether there was any."""
        caught = catch_up(connection) if SINCE in self._wanted else 0
        if caught:
            self._tell(f"Search words of {caught:,} rows that an older program stored are brought up to date.")
        return caught > 0

    def _keeps_places(self, version: str) -> bool:
        """Whether a database of a version has the table that says what is to be done after a migration."""
        known = self._program.known
        return any(
            hasattr(self._program.migration(one), "oldest_serving") for one in known[: known.index(version) + 1]
        )

    def indexed(self, connection: Connection) -> None:
        """The index that came back stands."""
        if (waiting := self._waiting(connection)) is not None:
            revision, nr, _ = waiting
            self._end(connection, revision, nr)

    def _migrate(self, connection: Connection, version: str) -> None:
        began = time.monotonic()
        self._program.config.attributes["connection"] = connection
        with _slow_statements_reported(connection, self._tell):
            command.upgrade(self._program.config, version)
        module = self._program.migration(version)
        if (oldest := getattr(module, "oldest_serving", None)) is not None:
            self._raise_oldest(connection, oldest)
            places = [{"revision": version, "nr": nr} for nr, _ in enumerate(self._afterwards(version))]
            if places:
                connection.execute(insert(backfill), places)
        subject = " ".join((module.__doc__ or "").split()).partition(": ")[0].rstrip(".")
        self._tell(f"{version} {subject} ({time.monotonic() - began:.1f} s)")

    def _raise_oldest(self, connection: Connection, version: str) -> None:
        stored = connection.scalar(select(oldest_serving.c.revision))
        if stored is None:
            connection.execute(insert(oldest_serving).values(revision=version))
        elif self._program.known.index(version) > self._program.known.index(stored):
            connection.execute(update(oldest_serving).values(revision=version))

    def _afterwards(self, version: str) -> tuple[Background, ...]:
        return tuple(getattr(self._program.migration(version), "afterwards", ()))

    def _waiting(self, connection: Connection) -> tuple[str, int, Place | None] | None:
        """What is to be done after a migration: of which, the how manieth, and how far it is."""
        found = connection.execute(select(backfill).order_by(backfill.c.revision, backfill.c.nr).limit(1)).first()
        return None if found is None else (found.revision, found.nr, found.place and json.loads(found.place))

    def _work(self, connection: Connection, version: str, nr: int, place: Place | None) -> bool | Indexing:
        work = self._afterwards(version)[nr]
        if isinstance(work, Backfill):
            upto = self._filling.batch(connection, work, place, version)
            if upto is not None:
                here = (backfill.c.revision == version) & (backfill.c.nr == nr)
                connection.execute(update(backfill).where(here).values(place=json.dumps(upto)))
                return True
        else:
            self._tell(f"{version} {work.name}: the index is being made")
            if connection.dialect.name == "postgresql":
                return work
            work.build(connection)
        self._end(connection, version, nr)
        return True

    def _end(self, connection: Connection, version: str, nr: int) -> None:
        connection.execute(delete(backfill).where(backfill.c.revision == version, backfill.c.nr == nr))


class Filling:
    """Fills rows batch by batch, and tells now and then how far it is."""

    def __init__(self, tell: Report) -> None:
        self._tell = tell
        self._work: Backfill | None = None
        self._total = self._filled = 0
        self._told = 0.0

    def batch(self, connection: Connection, work: Backfill, place: Place | None, version: str) -> Place | None:
        """Fill the next rows: up to which place, None where there were none."""
        if work is not self._work:
            self._work, self._total, self._filled = work, work.left(connection, place), 0
            self._say(version, work)
        filled = work.batch(connection, place)
        if filled is None:
            self._say(version, work)
            self._work = None
            return None
        upto, count = filled
        self._filled += count
        if time.monotonic() - self._told > _TELL_SECONDS:
            self._say(version, work)
        return upto

    def _say(self, version: str, work: Backfill) -> None:
        self._told = time.monotonic()
        self._tell(f"{version} {work.name}: {self._filled:,} of {max(self._filled, self._total):,} rows")


@contextmanager
def _slow_statements_reported(connection: Connection, tell: Report) -> Iterator[None]:
    """Meanwhile each statement that took long is told of: its beginning, which is our own text and no value."""
    began = 0.0

    def before(*_: Any) -> None:
        nonlocal began
        began = time.monotonic()

    def after(_: Any, __: Any, statement: str, *___: Any) -> None:
        if (took := time.monotonic() - began) > _TELL_SECONDS:
            tell(f"  {' '.join(statement.split())[:_MOST_TOLD]} ({took:.0f} s)")

    event.listen(connection, "before_cursor_execute", before)
    event.listen(connection, "after_cursor_execute", after)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", before)
        event.remove(connection, "after_cursor_execute", after)
