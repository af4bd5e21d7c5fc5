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
    """A column type for any number of texts in one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of the dialect."""
        return ARRAY(Text()) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        """Convert a value for the driver. None stays NULL, and `is_one_of` is then never true."""
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class _IsOneOf(FunctionElement[bool]):
    """The SQL expression behind `is_one_of`: a column and a parameter of type `Ids`."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Self:
        """Return the expression unchanged. Otherwise SQLAlchemy compares the function with 1 on SQLite, which then
        uses no index.
        """
        return self


def is_one_of(
    column: ColumnElement[str] | ColumnElement[str | None], name: str, value: Collection[str] | None = None
) -> ColumnElement[bool]:
    """A condition: the column holds one of the texts in the parameter `name`. The SQL is the same for any number of
    texts. With a `value`, the statement contains the texts and can be executed without passing that parameter.
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
