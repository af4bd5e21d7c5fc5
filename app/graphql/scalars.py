"""The custom scalars of the schema."""

from typing import Any, NewType

import strawberry
from graphql import GraphQLError

from app.domain.values import moments
from app.graphql.errors import Code, refused

Moment = NewType("Moment", str)
"""A moment in the register's text form; DateTime in the schema."""


def _read(value: Any) -> Moment:
    if isinstance(value, str):
        try:
            return Moment(moments.read(value))
        except ValueError:
            pass
    raise _ongeldig()


def _ongeldig() -> GraphQLError:
    return refused(Code.ONGELDIG_ARGUMENT, "Een DateTime is een moment volgens RFC 3339, met tijdzone.")


DATE_TIME = strawberry.scalar(
    name="DateTime",
    description=(
        "An RFC 3339 date-time; as input it must have an offset. Stored in milliseconds and returned in UTC as "
        "`YYYY-MM-DDThh:mm:ss.sssZ`, so that the texts can be sorted."
    ),
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    serialize=str,
    parse_value=_read,
)
