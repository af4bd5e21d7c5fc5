"""Listening to the SQL of this process, in which the server of a test runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

_UNCOUNTED = ("BEGIN", "PRAGMA")


@contextmanager
def statements(after_each: Callable[[], None] = lambda: None) -> Iterator[list[str]]:
    """The statements that are executed meanwhile; `after_each` is called when one was."""
    executed: list[str] = []

    def note(connection: Connection, _: Any, statement: str, *__: Any) -> None:
        # What a test itself asks meanwhile is not the server's.
        if connection.dialect.is_async and not statement.startswith(_UNCOUNTED):
            executed.append(statement)
            after_each()

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield executed
    finally:
        event.remove(Engine, "after_cursor_execute", note)
