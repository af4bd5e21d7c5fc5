"""What goes wrong in a database and passes by itself, told alike whichever database it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import SQLITE_BUSY, SQLITE_LOCKED
from typing import Self

from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_CONFLICTS = frozenset({"40001", "40P01"})
"""PostgreSQL: a serialization failure, a deadlock."""

_UNREACHABLE = ("08", "28", "3D000", "53300", "57P")
"""PostgreSQL: the connection was lost, who connects is refused, no such database, too many connections, and the
server is starting up, shutting down or ended by its administrator."""

_BUSY = frozenset({SQLITE_BUSY, SQLITE_LOCKED})


class Conflict(Exception):
    """Another transaction came in between; the same deed asked again gets its proper answer."""


class DatabaseOnbereikbaar(Exception):
    """The database cannot be reached or used; the message says why, in one line and without its password."""

    @classmethod
    def because(cls, error: Exception) -> Self:
        """What a driver or the operating system said, as this."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = " ".join(str(cause).split()) or type(cause).__name__
        return cls(f"The database cannot be used: {said.rstrip('.')}.")


class TransactionLost(DatabaseOnbereikbaar):
    """The connection was lost before the commit was asked: nothing is stored, the same deed may be asked again."""


@contextmanager
def translated(unreachable: type[DatabaseOnbereikbaar] = DatabaseOnbereikbaar) -> Iterator[None]:
    """Raise what passes by itself as `unreachable` or as `Conflict`; any other error goes on as it is."""
    try:
        yield
    except DBAPIError as error:
        if sqlstate(error.orig) in _CONFLICTS:
            raise Conflict from error
        if error.connection_invalidated or is_unreachable(error.orig):
            raise unreachable.because(error) from error
        raise
    except (PoolTimeout, PendingRollbackError, OSError) as error:
        # None is free in time; this one was lost by a statement before; there is no server.
        raise unreachable.because(error) from error


def is_unreachable(error: BaseException | None) -> bool:
    """Whether a driver's error says that its database cannot be used now."""
    busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY
    return busy or isinstance(error, OSError) or sqlstate(error).startswith(_UNREACHABLE)


def sqlstate(error: BaseException | None) -> str:
    """The code of PostgreSQL's error; empty where it has none."""
    return getattr(error, "sqlstate", None) or ""
