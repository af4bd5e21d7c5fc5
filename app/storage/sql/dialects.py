"""What SQLite and PostgreSQL say differently."""

from collections.abc import Callable, Collection
from typing import Any, Literal, Self

from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Text, TypeDecorator, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

DatabaseKind = Literal["sqlite", "postgresql"]
"""The databases that there are."""


Words = Collection[Collection[str]]
"""Folded words that are looked for, in groups."""


class _Either(FunctionElement[bool]):
    """A condition as either database says it."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Self:
        """As it stands: a function that is true would be compared with 1 on SQLite, which then uses no index."""
        return self


def either(*, sqlite: ColumnElement[bool], postgresql: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition of which each database gets its own."""
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
    """Whether a text contains another as it stands: no sign in it means anything else."""
    return either(sqlite=func.instr(text, part) > 0, postgresql=func.strpos(text, part) > 0)


class Now(FunctionElement[int]):
    """Milliseconds since 1970, by the clock of the database."""

    type = BigInteger()
    inherit_cache = True


@compiles(Now, "sqlite")
def _now_on_sqlite(element: Now, compiler: SQLCompiler, **_: object) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(Now, "postgresql")
def _now_on_postgresql(element: Now, compiler: SQLCompiler, **_: object) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


class SearchQuery(TypeDecorator[Words]):
    """Words of which one of each group begins a word, as each database's index of words is asked for them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Words | None, dialect: Dialect) -> str:
        """The question: a word holds no sign that means anything in it. PostgreSQL's index cuts long ones off."""
        if dialect.name == "postgresql":
            return _all(value, " & ", " | ", lambda word: f"'{word[:LONGEST_LEXEME]}':*")
        return _all(value, " AND ", " OR ", lambda word: f'"{word}"*')


def _all(value: Words | None, and_: str, or_: str, sought: Callable[[str], str]) -> str:
    return and_.join(f"({or_.join(map(sought, dict.fromkeys(group)))})" for group in value or ())


LONGEST_LEXEME = 500
"""Code points of a word in PostgreSQL's index, which refuses more than 2,046 bytes."""
