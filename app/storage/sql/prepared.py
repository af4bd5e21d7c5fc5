"""Statements that are compiled once to SQL text and run by the driver directly, without SQLAlchemy in between.

A template is SQL with parameters written as `%(name)s` and a literal percent sign as `%%`, for both kinds of
database. Each driver gets its own form: `:name` for sqlite3, `$1` for asyncpg.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Literal

from sqlalchemy import (
    ClauseElement,
    Dialect,
    Executable,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql.compiler import SQLCompiler

DatabaseKind = Literal["sqlite", "postgresql"]
"""The supported kinds of database."""

Values = Mapping[str, Any]
"""The values of a statement's parameters, by name."""

Processor = Callable[[Any], Any]
"""Converts a value to what the driver accepts."""

_PART = re.compile(r"%%|%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Template:
    """SQL for one kind of database. `defaults` are values that are part of the statement itself; `processors`
    convert the values of those parameters whose type needs it.
    """

    text: str
    defaults: Values = field(default_factory=dict)
    processors: Mapping[str, Processor] = field(default_factory=dict)

    @classmethod
    def of(cls, statement: Executable, kind: DatabaseKind) -> "Template":
        """Compile a statement of SQLAlchemy. Its named bindparams become the parameters."""
        assert isinstance(statement, ClauseElement)  # noqa: S101 - every statement is one
        dialect = _dialect(kind)
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - not a definition of tables
        processors = {}
        for bind, name in compiled.bind_names.items():
            processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if processor is not None:
                processors[name] = processor
        required = {name for bind, name in compiled.bind_names.items() if bind.required}
        values = compiled.construct_params(_check=False)
        return cls(
            str(compiled), {name: value for name, value in values.items() if name not in required}, processors
        )


class SqliteText:
    """A template in the form for sqlite3."""

    def __init__(self, template: Template) -> None:
        self.sql = _PART.sub(lambda match: f":{match[1]}" if match[1] else "%", template.text)
        self._defaults = _processed(template.defaults, template.processors)
        self._processors = tuple(template.processors.items())

    def values(self, given: Values) -> Values:
        """The parameters to pass to the driver, by name."""
        if not self._processors and not self._defaults:
            return given
        processed = {**self._defaults, **given}
        for name, processor in self._processors:
            if name in given:
                processed[name] = processor(given[name])
        return processed


class PostgresqlText:
    """A template in the form for asyncpg. A parameter that occurs several times gets one number."""

    def __init__(self, template: Template) -> None:
        places: dict[str, int] = {}
        self.sql = _PART.sub(
            lambda match: f"${places.setdefault(match[1], len(places) + 1)}" if match[1] else "%", template.text
        )
        self._defaults = _processed(template.defaults, template.processors)
        self._names = tuple(places)
        self._processors = tuple(template.processors.get(name) for name in self._names)

    def values(self, given: Values) -> Sequence[Any]:
        """The parameters to pass to the driver, in the order of their numbers."""
        return [
            (given[name] if processor is None else processor(given[name]))
            if name in given
            else self._defaults[name]
            for name, processor in zip(self._names, self._processors, strict=True)
        ]


class Prepared:
    """One statement for both kinds of database. It is compiled when it first runs on a kind, and the text is
    cached: executions differ only in their values, lists of ids included.

    Rows are plain tuples from the driver: SQLite returns 0 and 1 for Booleans.
    """

    def __init__(self, template: Callable[[DatabaseKind], Template]) -> None:
        """`template` creates the statement for a kind of database; it is called once for each."""
        self._template = template

    @classmethod
    def of(cls, statement: Executable) -> "Prepared":
        """Prepare a statement of SQLAlchemy."""
        return cls(partial(Template.of, statement))

    @cached_property
    def sqlite(self) -> SqliteText:
        """The text for sqlite3."""
        return SqliteText(self._template("sqlite"))

    @cached_property
    def postgresql(self) -> PostgresqlText:
        """The text for asyncpg."""
        return PostgresqlText(self._template("postgresql"))

    def text(self, kind: DatabaseKind) -> SqliteText | PostgresqlText:
        """The text for a kind of database."""
        return self.sqlite if kind == "sqlite" else self.postgresql


def _dialect(kind: DatabaseKind) -> Dialect:
    make = sqlite.dialect if kind == "sqlite" else asyncpg.dialect
    return make(paramstyle="pyformat")


def _processed(values: Values, processors: Mapping[str, Processor]) -> Values:
    return {name: processors[name](value) if name in processors else value for name, value in values.items()}
