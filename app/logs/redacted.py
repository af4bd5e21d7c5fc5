"""An error as it may be logged: its class and its traceback, without its message.

A message may quote what somebody typed: `invalid literal for int(): '…'`, or a row in an error of the database.
"""

from typing import Self

_LOGGED = ("sqlstate", "sqlite_errorname", "schema_name", "table_name", "column_name", "constraint_name", "errno")
"""Attributes of errors that are logged if present: names and numbers of the database and the operating system."""


class Redacted(Exception):
    """A copy of an error for the log: with its traceback and its redacted causes, without its message."""

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """The redacted copy of an error; an error that is already redacted is returned as it is."""
        return error if isinstance(error, cls) else cls._of(error, set())

    @classmethod
    def _of(cls, error: BaseException, seen: set[int]) -> Self:
        seen.add(id(error))
        redacted = cls(kind_of(error)).with_traceback(error.__traceback__)
        cause = error.__cause__
        context = None if error.__suppress_context__ else error.__context__
        if cause is not None and id(cause) not in seen:
            redacted.__cause__ = cls._of(cause, seen)
        elif context is not None and id(context) not in seen:
            redacted.__context__ = cls._of(context, seen)
        elif isinstance(error, BaseExceptionGroup) and error.exceptions:
            # Only the first error of the group is logged.
            redacted.__cause__ = cls._of(error.exceptions[0], seen)
        return redacted


def kind_of(error: BaseException) -> str:
    """The full name of an error's class, followed by those of its attributes that may be logged."""
    kind = type(error)
    details = [f"{name}={value}" for name in _LOGGED if isinstance(value := getattr(error, name, None), str | int)]
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    return f"{name} ({', '.join(details)})" if details else name
