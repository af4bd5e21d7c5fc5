"""Listening to the SQL of this process, in which the server of a test runs: as the drivers are given it."""

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
"""What sets a connection up."""

_VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+\b")
"""SQLite tells statements with their values in them."""

Note = Callable[[str], None]


class Taps:
    """Hears the statements of every connection that the product makes while they are open."""

    def __init__(self) -> None:
        self.listeners: list[Note] = []

    @contextmanager
    def open(self) -> Iterator[None]:
        """Connections that are made meanwhile are heard."""
        event.listen(Engine, "engine_connect", self._connected)
        event.listen(Engine, "after_cursor_execute", self._executed)
        try:
            yield
        finally:
            event.remove(Engine, "engine_connect", self._connected)
            event.remove(Engine, "after_cursor_execute", self._executed)

    def _connected(self, connection: Connection) -> None:
        # What a test itself asks meanwhile is not the server's; its engines hide nothing.
        if not connection.engine.hide_parameters or connection.info.setdefault("tapped", False):
            return
        connection.info["tapped"] = True
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.set_trace_callback(partial(self._traced, [""]))
        elif isinstance(driver, asyncpg.Connection):
            driver.add_query_logger(lambda record: self._note(record.query))

    def _executed(self, connection: Connection, _: Any, statement: str, *__: Any) -> None:
        # One driver cannot be listened to from here; the other does not tell what it prepares for SQLAlchemy.
        if connection.dialect.driver in ("aiosqlite", "asyncpg"):
            self._note(statement)

    def _traced(self, last: list[str], statement: str) -> None:
        # Whatever a trigger does is told as the statement that fired it once more; what an index of words does, by
        # the names of its tables.
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
    """The statements that are executed meanwhile; `after_each` is called when one was."""
    with _heard(_TRANSACTION + _UNCOUNTED, after_each) as heard:
        yield heard


@contextmanager
def statements_and_ends() -> Iterator[list[str]]:
    """As `statements`, and what begins and ends transactions: on PostgreSQL each of them is a round trip."""
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
