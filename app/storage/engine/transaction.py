"""What a piece of work is handed that reads or writes in one transaction, whichever database it is."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Executable, Row

from app.storage.sql.prepared import DatabaseKind, Prepared, Values

T = TypeVar("T")

Waited = Callable[[str, float], None]
"""Is told for what somebody waited, `read` or `write`, and for how many seconds."""

Rows = Sequence[Row[*tuple[Any, ...]]]
"""Rows that know the names of their columns."""

PlainRows = Sequence[Sequence[Any]]
"""Rows as a driver makes them."""


class Transaction(ABC):
    """A transaction that is open. Its statements wait for the database and for nothing else.

    `ConstraintBroken` where a statement breaks a rule of the tables, `Conflict` where another transaction came in
    between, `DatabaseOnbereikbaar` where the database is not there any more.
    """

    kind: ClassVar[DatabaseKind]
    """Which database it is. PostgreSQL's transactions run beside each other, so that rows must be locked, and each
    of its statements is a round trip, so that one which does more is better; SQLite has one writer, at hand.
    """

    @property
    def locks_rows(self) -> bool:
        """Whether rows must be locked."""
        return self.kind == "postgresql"

    @abstractmethod
    async def rows(self, statement: Executable) -> Rows:
        """The rows of a statement of SQLAlchemy's; none where it has none."""

    @abstractmethod
    async def run(self, prepared: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a prepared statement; none where it has none."""

    @abstractmethod
    async def run_many(self, prepared: Prepared, values: Sequence[Values]) -> None:
        """A prepared statement without rows, once for each of the values, in order."""


Work = Callable[[Transaction], Coroutine[Any, Any, T]]
"""What is done in one transaction. On SQLite it runs in a thread of the database's and can wait for nothing else.
It may be done anew in another transaction.
"""

Then = Callable[[T], Coroutine[Any, Any, None]]
"""What is done after the commit with what the work returned, also where who asked is gone."""


async def nothing(_: object) -> None:
    """Nothing is done after the commit."""
