"""Statements that are compiled once to SQL text and executed by the driver alone, without SQLAlchemy in between.

A template is SQL with its parameters as `%(name)s` and a literal percent sign as `%%`, whatever the database; each
driver gets it in its own form: `:name` for sqlite3, `$1` for asyncpg.
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

Kind = Literal["sqlite", "postgresql"]
"""The databases that there are."""

Values = Mapping[str, Any]
"""The values of a statement's parameters, by name."""

Processor = Callable[[Any], Any]
"""Turns a value into what the driver takes."""

_PART = re.compile(r"%%|%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Template:
    """SQL for one kind of database. `defaults` are values that stand in the statement itself, `processors` are of
    those parameters whose type has one.
    """

    text: str
    defaults: Values = field(default_factory=dict)
    processors: Mapping[str, Processor] = field(default_factory=dict)

    @classmethod
    def of(cls, statement: Executable, kind: Kind) -> "Template":
        """A statement of SQLAlchemy's as a template. Its named bindparams are its parameters."""
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
    """A template as sqlite3 takes it."""

    def __init__(self, template: Template) -> None:
        self.sql = _PART.sub(lambda found: f":{found[1]}" if found[1] else "%", template.text)
        self._defaults = _processed(template.defaults, template.processors)
        self._processors = tuple(template.processors.items())

    def values(self, given: Values) -> Values:
        """The values by name."""
        if not self._processors and not self._defaults:
            return given
        found = {**self._defaults, **given}
        for name, processor in self._processors:
            if name in given:
                found[name] = processor(given[name])
        return found


class PostgresqlText:
    """A template as asyncpg takes it. A parameter that stands in it several times is one."""

    def __init__(self, template: Template) -> None:
        places: dict[str, int] = {}
        self.sql = _PART.sub(
            lambda found: f"${places.setdefault(found[1], len(places) + 1)}" if found[1] else "%", template.text
        )
        self._defaults = _processed(template.defaults, template.processors)
        self._names = tuple(places)
        self._processors = tuple(template.processors.get(name) for name in self._names)

    def values(self, given: Values) -> Sequence[Any]:
        """The values in the order of their places."""
        return [
            (given[name] if processor is None else processor(given[name]))
            if name in given
            else self._defaults[name]
            for name, processor in zip(self._names, self._processors, strict=True)
        ]


class Prepared:
    """One statement for either kind of database. It is turned into text when it is first executed on one, and keeps
    that text: what differs from one execution to the next is values only, a list of ids included.

    Rows come as plain tuples, as the driver makes them: SQLite has 0 and 1 for a truth value.
    """

    def __init__(self, template: Callable[[Kind], Template]) -> None:
        """`template` makes the statement for a kind, and is asked once for each."""
        self._template = template

    @classmethod
    def of(cls, statement: Executable) -> "Prepared":
        """A statement of SQLAlchemy's."""
        return cls(partial(Template.of, statement))

    @cached_property
    def sqlite(self) -> SqliteText:
        """It for sqlite3."""
        return SqliteText(self._template("sqlite"))

    @cached_property
    def postgresql(self) -> PostgresqlText:
        """It for asyncpg."""
        return PostgresqlText(self._template("postgresql"))

    def text(self, kind: Kind) -> SqliteText | PostgresqlText:
        """It for a kind."""
        return self.sqlite if kind == "sqlite" else self.postgresql


def _dialect(kind: Kind) -> Dialect:
    make = sqlite.dialect if kind == "sqlite" else asyncpg.dialect
    return make(paramstyle="pyformat")


def _processed(values: Values, processors: Mapping[str, Processor]) -> Values:
    return {name: processors[name](value) if name in processors else value for name, value in values.items()}
