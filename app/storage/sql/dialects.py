"""SQL that differs between SQLite and PostgreSQL."""

from collections.abc import Callable, Collection
from typing import Any, Self

from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Text, TypeDecorator, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

WordGroups = Collection[Collection[str]]
"""Folded words to search for, in groups of alternatives."""


class _Either(FunctionElement[bool]):
    """A condition with its own form for each kind of database."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Self:
        """Return the expression unchanged. Otherwise SQLAlchemy compares the function with 1 on SQLite, which then
        uses no index.
        """
        return self


def either(*, sqlite: ColumnElement[bool], postgresql: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition that is written differently for each kind of database."""
    return _Either(sqlite.self_group(), postgresql.self_group())


@compiles(_Either, "sqlite")
def _on_sqlite(element: _Either, compiler: SQLCompiler, **kw: Any) -> str:
    sqlite, _ = element.clauses
    return f"({compiler.process(sqlite, **kw)})"


@compiles(_Either, "postgresql")
def _on_postgresql(element: _Either, compiler: SQLCompiler, **kw: Any) -> str:
    _, postgresql = element.clauses
    return f"({compiler.process(postgresql, **kw)})"


def contains(text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    """A condition: a text contains another one literally, without wildcards."""
    return either(sqlite=func.instr(text, part) > 0, postgresql=func.strpos(text, part) > 0)


class Now(FunctionElement[int]):
    """The current time by the clock of the database, in milliseconds since 1970."""

    type = BigInteger()
    inherit_cache = True


@compiles(Now, "sqlite")
def _now_on_sqlite(element: Now, compiler: SQLCompiler, **_: object) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(Now, "postgresql")
def _now_on_postgresql(element: Now, compiler: SQLCompiler, **_: object) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


class SearchQuery(TypeDecorator[WordGroups]):
    """A column type for search words: for each group, one of its words must begin a word of the row. The value
    becomes a query in the syntax of the database's own full-text index.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: WordGroups | None, dialect: Dialect) -> str:
        """Convert the words to the query text. A word contains no characters that have a meaning in that syntax.
        For PostgreSQL long words are cut off, as in its index.
        """
        if dialect.name == "postgresql":
            return _all(value, " & ", " | ", lambda word: f"'{word[:LONGEST_LEXEME]}':*")
        return _all(value, " AND ", " OR ", lambda word: f'"{word}"*')


def _all(value: WordGroups | None, and_: str, or_: str, sought: Callable[[str], str]) -> str:
    return and_.join(f"({or_.join(map(sought, dict.fromkeys(group)))})" for group in value or ())


LONGEST_LEXEME = 500
"""The maximum length of a word in PostgreSQL's index, in code points; PostgreSQL refuses words of more than 2,046
bytes.
"""
