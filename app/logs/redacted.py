"""An error as it may be logged: of which kind it is and where it happened, without what it says.

What an error says may be what somebody typed: `invalid literal for int(): '…'`, or a row that a database quotes.
"""

from typing import Self

_TOLD = ("sqlstate", "sqlite_errorname", "schema_name", "table_name", "column_name", "constraint_name", "errno")
"""What is told of errors that have it: names and numbers of the database and of the operating system."""


class Redacted(Exception):
    """Stands for an error in the log, and has its traceback and its causes, equally quiet."""

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """What may be logged of an error. One that is quiet already stays as it is."""
        return error if isinstance(error, cls) else cls._of(error, set())

    @classmethod
    def _of(cls, error: BaseException, seen: set[int]) -> Self:
        seen.add(id(error))
        quiet = cls(kind_of(error)).with_traceback(error.__traceback__)
        cause = error.__cause__
        context = None if error.__suppress_context__ else error.__context__
        if cause is not None and id(cause) not in seen:
            quiet.__cause__ = cls._of(cause, seen)
        elif context is not None and id(context) not in seen:
            quiet.__context__ = cls._of(context, seen)
        elif isinstance(error, BaseExceptionGroup) and error.exceptions:
            # The first one stands for all: a group in itself says nothing.
            quiet.__cause__ = cls._of(error.exceptions[0], seen)
        return quiet


def kind_of(error: BaseException) -> str:
    """The name of an error's class, with what else tells of it and holds nobody's text."""
    kind = type(error)
    told = [f"{name}={value}" for name in _TOLD if isinstance(value := getattr(error, name, None), str | int)]
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    return f"{name} ({', '.join(told)})" if told else name
