"""Any number of ids as one parameter, so that the text of a statement does not depend on how many there are."""

import json
from collections.abc import Collection
from typing import Any, Self

from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class Ids(TypeDecorator[Collection[str]]):
    """Any number of texts as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that the database knows."""
        return ARRAY(Text()) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        """The value that the driver takes; None stays NULL, which nothing is one of."""
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class _IsOneOf(FunctionElement[bool]):
    """A column and a parameter of type `Ids`."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Self:
        """As it stands: a function that is true would be compared with 1 on SQLite, which then uses no index."""
        return self


def is_one_of(
    column: ColumnElement[str] | ColumnElement[str | None], name: str, value: Collection[str] | None = None
) -> ColumnElement[bool]:
    """Whether a column holds one of the texts that are given as the parameter `name`: the statement is the same
    however many they are. With a `value` it can be executed as it stands.
    """
    given = bindparam(name, type_=Ids) if value is None else bindparam(name, value, type_=Ids)
    return _IsOneOf(column, given)


@compiles(_IsOneOf, "sqlite")
def _is_one_of_on_sqlite(element: _IsOneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({ids})))"  # noqa: S608 - parts that were compiled


@compiles(_IsOneOf, "postgresql")
def _is_one_of_on_postgresql(element: _IsOneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} = ANY ({ids}))"
