"""What goes wrong in a database and passes by itself, told alike whichever database it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import (
    SQLITE_BUSY,
    SQLITE_CANTOPEN,
    SQLITE_CONSTRAINT,
    SQLITE_FULL,
    SQLITE_IOERR,
    SQLITE_LOCKED,
    SQLITE_PROTOCOL,
    SQLITE_READONLY,
)
from typing import NoReturn, Self

from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.common.outage import PerhapsDone, Transient

_CONFLICTS = frozenset({"40001", "40P01"})
"""PostgreSQL: a serialization failure, a deadlock."""

_CONSTRAINT = "23"
"""PostgreSQL: a constraint was broken."""

_UNREACHABLE = ("08", "28", "3D000", "53200", "53300", "57P")
"""PostgreSQL: the connection was lost, who connects is refused, no such database, out of memory, too many
connections, and the server is starting up, shutting down or ended by its administrator."""

_UNWRITABLE = ("53100", "58", "25006")
"""PostgreSQL: its disk is full, its disk fails, and it takes no writes, as a standby does."""

_SQLITE_UNREACHABLE = frozenset({SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL, SQLITE_CANTOPEN})
_SQLITE_UNWRITABLE = frozenset({SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY})

_SQLITE_BUSY = frozenset({SQLITE_BUSY, SQLITE_LOCKED})

_LOCK_NOT_AVAILABLE = "55P03"
_BROKEN_OFF = frozenset({"57014", _LOCK_NOT_AVAILABLE})
"""PostgreSQL: it broke a statement off that took too long, or waited too long for a lock."""


class Conflict(Exception):
    """Another transaction came in between; the same deed asked again gets its proper answer."""


class BrokenOff(Conflict, Transient):
    """The database broke a transaction off because of others: a deadlock, or moments that do not fit together."""


class ConstraintBroken(Exception):
    """A row would break a rule of its table: an id or a number that is there already, a reference to nothing."""


class DatabaseOnbereikbaar(Transient):
    """The database cannot be reached or used; the message says why, in one line and without its password."""

    @classmethod
    def because(cls, error: Exception) -> Self:
        """What a driver or the operating system said, as this."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = " ".join(str(cause).split()) or type(cause).__name__
        return cls(f"The database cannot be used: {said.rstrip('.')}.")


class TransactionLost(DatabaseOnbereikbaar):
    """The connection was lost before the commit was asked: nothing is stored, the same deed may be asked again."""


class NotWritable(DatabaseOnbereikbaar):
    """The database takes no writes: its disk is full or fails, or it is read-only. It may still be read."""


class CommitUnanswered(PerhapsDone, DatabaseOnbereikbaar):
    """The commit was asked, and no answer came: it may be stored or not."""


@contextmanager
def nothing_stored() -> Iterator[None]:
    """Meanwhile nothing is committed: what is lost can be done anew, on another connection."""
    try:
        yield
    except (TransactionLost, NotWritable):
        raise
    except DatabaseOnbereikbaar as error:
        raise TransactionLost(*error.args) from error


@contextmanager
def unanswered() -> Iterator[None]:
    """Meanwhile a commit is asked: unless it was not sent, it may have been done whatever is lost."""
    try:
        yield
    except (TransactionLost, NotWritable):
        raise
    except DatabaseOnbereikbaar as error:
        raise CommitUnanswered(*error.args) from error


@contextmanager
def translated(unreachable: type[DatabaseOnbereikbaar] = DatabaseOnbereikbaar) -> Iterator[None]:
    """Raise what a database says in a manner of its own as what it means; see `translate`."""
    try:
        yield
    except Exception as error:
        raise_translated(error, unreachable)


def raise_translated(error: Exception, unreachable: type[DatabaseOnbereikbaar] = DatabaseOnbereikbaar) -> NoReturn:
    """Raise what an error means, or the error itself where it means nothing else."""
    meant = translate(error, unreachable)
    if meant is None:
        raise error
    raise meant from error


def translate(error: Exception, unreachable: type[DatabaseOnbereikbaar] = DatabaseOnbereikbaar) -> Exception | None:
    """What an error of a driver or of SQLAlchemy means: `Conflict`, `ConstraintBroken`, `NotWritable`, or what else
    passes by itself as `unreachable`. None where it means none of these.
    """
    if isinstance(error, PoolTimeout | PendingRollbackError):
        # None is free in time; this one was lost by a statement before.
        return unreachable.because(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if sqlstate(cause) in _CONFLICTS:
        return BrokenOff()
    if sqlstate(cause).startswith(_CONSTRAINT) or _sqlite_code(cause) == SQLITE_CONSTRAINT:
        return ConstraintBroken()
    if sqlstate(cause).startswith(_UNWRITABLE) or _sqlite_code(cause) in _SQLITE_UNWRITABLE:
        return NotWritable.because(error)
    if sqlstate(cause) in _BROKEN_OFF or is_unreachable(cause):
        return unreachable.because(error)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return unreachable.because(error)
    return None


def is_unreachable(error: BaseException | None) -> bool:
    """Whether a driver's error says that its database cannot be used now."""
    if isinstance(error, OSError) or _sqlite_code(error) in _SQLITE_UNREACHABLE:
        return True
    return sqlstate(error).startswith(_UNREACHABLE)


def is_busy(error: BaseException | None) -> bool:
    """Whether a driver's error says that others hold what was asked for, so that it is worth asking again."""
    is_held = sqlstate(error) == _LOCK_NOT_AVAILABLE
    return _sqlite_code(error) in _SQLITE_BUSY or is_held or sqlstate(error) in _CONFLICTS


def sqlstate(error: BaseException | None) -> str:
    """The code of PostgreSQL's error; empty where it has none."""
    return getattr(error, "sqlstate", None) or ""


def _sqlite_code(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
