"""Temporary errors of a database, translated to the same exceptions for SQLite and PostgreSQL."""

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

from app.common.outage import OutcomeUnknown, Transient

_CONFLICTS = frozenset({"40001", "40P01"})
"""PostgreSQL: serialization failure, deadlock."""

_CONSTRAINT = "23"
"""PostgreSQL: a constraint was violated. The first characters of the code."""

_UNREACHABLE = ("08", "28", "3D000", "53200", "53300", "57P")
"""PostgreSQL: the connection was lost, the login was refused, the database does not exist, out of memory, too many
connections, and the server is starting up, shutting down or was stopped by its administrator. Each is the first
characters of a code.
"""

_UNWRITABLE = ("53100", "58", "25006")
"""PostgreSQL: the disk is full, the disk fails, or the server is read-only, as a standby is. Each is the first
characters of a code.
"""

_SQLITE_UNREACHABLE = frozenset({SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL, SQLITE_CANTOPEN})
_SQLITE_UNWRITABLE = frozenset({SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY})

_SQLITE_BUSY = frozenset({SQLITE_BUSY, SQLITE_LOCKED})

_LOCK_NOT_AVAILABLE = "55P03"
_BROKEN_OFF = frozenset({"57014", _LOCK_NOT_AVAILABLE})
"""PostgreSQL aborted a statement that ran too long, or that waited too long for a lock."""


class Conflict(Exception):
    """Another transaction changed something in between. A retry of the same change gets its proper answer."""


class TransactionAborted(Conflict, Transient):
    """The database aborted a transaction because of others: a deadlock or a serialization failure."""


class ConstraintViolated(Exception):
    """A row would violate a constraint of its table: an id or number that exists already, or a reference to
    nothing.
    """


class DatabaseOnbereikbaar(Transient):
    """The database cannot be reached or used. The message says why, on one line and without the password."""

    @classmethod
    def because(cls, error: Exception) -> Self:
        """Create this exception from an error of the driver or the operating system."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        reason = " ".join(str(cause).split()) or type(cause).__name__
        return cls(f"The database cannot be used: {reason.rstrip('.')}.")


class TransactionLost(DatabaseOnbereikbaar):
    """The connection was lost before COMMIT was sent: nothing is stored, and the same change may be retried."""


class NotWritable(DatabaseOnbereikbaar):
    """The database accepts no writes: its disk is full or fails, or it is read-only. Reading may still work."""


class CommitUnanswered(OutcomeUnknown, DatabaseOnbereikbaar):
    """COMMIT was sent and no answer came: the changes may or may not be stored."""


@contextmanager
def nothing_stored() -> Iterator[None]:
    """While this context is open nothing is committed: a lost connection raises `TransactionLost`, so the work can
    be retried.
    """
    try:
        yield
    except (TransactionLost, NotWritable):
        raise
    except DatabaseOnbereikbaar as error:
        raise TransactionLost(*error.args) from error


@contextmanager
def unanswered() -> Iterator[None]:
    """To be open around sending a COMMIT: if the connection is lost, raises `CommitUnanswered`; errors that say
    that nothing was sent pass unchanged.
    """
    try:
        yield
    except (TransactionLost, NotWritable):
        raise
    except DatabaseOnbereikbaar as error:
        raise CommitUnanswered(*error.args) from error


@contextmanager
def translating_errors(unreachable: type[DatabaseOnbereikbaar] = DatabaseOnbereikbaar) -> Iterator[None]:
    """Translate the errors of a driver that are raised while this context is open; see `translate`."""
    try:
        yield
    except Exception as error:
        raise_translated(error, unreachable)


def raise_translated(error: Exception, unreachable: type[DatabaseOnbereikbaar] = DatabaseOnbereikbaar) -> NoReturn:
    """Raise the translation of an error, or the error itself if it has none."""
    translation = translate(error, unreachable)
    if translation is None:
        raise error
    raise translation from error


def translate(error: Exception, unreachable: type[DatabaseOnbereikbaar] = DatabaseOnbereikbaar) -> Exception | None:
    """Translate an error of a driver or of SQLAlchemy to `TransactionAborted` (a `Conflict`), `ConstraintViolated`
    or `NotWritable`; any other temporary error becomes the class `unreachable`. Returns None for all other errors.
    """
    if isinstance(error, PoolTimeout | PendingRollbackError):
        # No connection was free in time, or an earlier statement lost this one.
        return unreachable.because(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if sqlstate(cause) in _CONFLICTS:
        return TransactionAborted()
    if sqlstate(cause).startswith(_CONSTRAINT) or _sqlite_code(cause) == SQLITE_CONSTRAINT:
        return ConstraintViolated()
    if sqlstate(cause).startswith(_UNWRITABLE) or _sqlite_code(cause) in _SQLITE_UNWRITABLE:
        return NotWritable.because(error)
    if sqlstate(cause) in _BROKEN_OFF or is_unreachable(cause):
        return unreachable.because(error)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return unreachable.because(error)
    return None


def is_unreachable(error: BaseException | None) -> bool:
    """Whether an error of a driver means that its database cannot be used now."""
    if isinstance(error, OSError) or _sqlite_code(error) in _SQLITE_UNREACHABLE:
        return True
    return sqlstate(error).startswith(_UNREACHABLE)


def is_busy(error: BaseException | None) -> bool:
    """Whether an error of a driver means that others hold the lock, so that a retry makes sense."""
    is_held = sqlstate(error) == _LOCK_NOT_AVAILABLE
    return _sqlite_code(error) in _SQLITE_BUSY or is_held or sqlstate(error) in _CONFLICTS


def sqlstate(error: BaseException | None) -> str:
    """The SQLSTATE code of a PostgreSQL error; empty for other errors."""
    return getattr(error, "sqlstate", None) or ""


def _sqlite_code(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
