"""Recording the SQL statements of this process, in which a test's server runs, as the database drivers get them."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

_TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")
_UNCOUNTED = ("PRAGMA",)
"""Statements that configure a connection."""

_VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+\b")
"""Values in a statement: SQLite reports statements with their values."""

Note = Callable[[str], None]


class Taps:
    """Records the statements of every connection that the program opens inside the context `open`."""

    def __init__(self) -> None:
        self.listeners: list[Note] = []

    @contextmanager
    def open(self) -> Iterator[None]:
        """Record the statements of connections that are opened inside this context."""
        event.listen(Engine, "engine_connect", self._connected)
        event.listen(Engine, "after_cursor_execute", self._executed)
        try:
            yield
        finally:
            event.remove(Engine, "engine_connect", self._connected)
            event.remove(Engine, "after_cursor_execute", self._executed)

    def _connected(self, connection: Connection) -> None:
        # Ignore the connections of tests: only the program's engines hide parameters.
        if not connection.engine.hide_parameters or connection.info.setdefault("tapped", False):
            return
        connection.info["tapped"] = True
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.set_trace_callback(partial(self._traced, [""]))
        elif isinstance(driver, asyncpg.Connection):
            driver.add_query_logger(lambda record: self._note(record.query))

    def _executed(self, connection: Connection, _: Any, statement: str, *__: Any) -> None:
        # aiosqlite's connection cannot be traced from here; asyncpg does not report statements that it prepares.
        if connection.dialect.driver in ("aiosqlite", "asyncpg"):
            self._note(statement)

    def _traced(self, last: list[str], statement: str) -> None:
        # SQLite reports a trigger's work as the statement that fired it, once more; and the work of a full-text
        # index as statements on its own tables.
        if "'main'." in statement:
            return
        if statement != last[0] or statement.startswith("SELECT"):
            self._note(_VALUE.sub("?", statement))
        last[0] = statement

    def _note(self, statement: str) -> None:
        for listener in list(self.listeners):
            listener(statement)


TAPS = Taps()


@contextmanager
def statements(after_each: Callable[[], None] = lambda: None) -> Iterator[list[str]]:
    """Collect the statements that are executed inside this context; `after_each` is called after each of them."""
    with _heard(_TRANSACTION + _UNCOUNTED, after_each) as heard:
        yield heard


@contextmanager
def statements_and_ends() -> Iterator[list[str]]:
    """As `statements`, with those that begin and end transactions: on PostgreSQL each is a round trip."""
    with _heard(_UNCOUNTED) as heard:
        yield heard


@contextmanager
def _heard(but: tuple[str, ...], after_each: Callable[[], None] = lambda: None) -> Iterator[list[str]]:
    heard: list[str] = []

    def note(statement: str) -> None:
        if not statement.startswith(but):
            heard.append(statement)
            after_each()

    TAPS.listeners.append(note)
    try:
        yield heard
    finally:
        TAPS.listeners.remove(note)
