"""The interface of a transaction, the same for SQLite and PostgreSQL."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Executable, Row

from app.storage.sql.prepared import DatabaseKind, Prepared, Values

T = TypeVar("T")

Waited = Callable[[str, float], None]
"""Called with what was waited for, `read` or `write`, and the number of seconds."""

Rows = Sequence[Row[*tuple[Any, ...]]]
"""Rows whose columns can be read by name."""

PlainRows = Sequence[Sequence[Any]]
"""Rows as the driver returns them, without column names."""


class Transaction(ABC):
    """An open transaction. Work in it may wait for the database and for nothing else.

    Its methods raise `ConstraintViolated` if a statement violates a constraint, `Conflict` if another transaction
    interfered, and `DatabaseOnbereikbaar` if the database cannot be used any more.
    """

    kind: ClassVar[DatabaseKind]
    """Which kind of database this is. PostgreSQL runs transactions in parallel, so rows must be locked, and each
    statement is a round trip, so fewer and larger statements are better. SQLite has one writer, in this process.
    """

    @property
    def locks_rows(self) -> bool:
        """Whether rows must be locked."""
        return self.kind == "postgresql"

    @abstractmethod
    async def rows(self, statement: Executable) -> Rows:
        """Run a statement of SQLAlchemy and return its rows; empty if it returns none."""

    @abstractmethod
    async def run(self, prepared: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """Run a prepared statement and return its rows; empty if it returns none."""

    @abstractmethod
    async def run_many(self, prepared: Prepared, values: Sequence[Values]) -> None:
        """Run a prepared statement that returns no rows, once for each of the values, in order."""


Work = Callable[[Transaction], Coroutine[Any, Any, T]]
"""Work to do in one transaction. On SQLite it runs in a thread of the database and can await nothing else. It may
be repeated in another transaction.
"""

AfterCommit = Callable[[T], Coroutine[Any, Any, None]]
"""Called after the commit with what the work returned, even when the caller has gone."""


async def nothing(_: object) -> None:
    """The default for `then`: do nothing after the commit."""
