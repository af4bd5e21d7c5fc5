"""Scalars of our own."""

from typing import Any, NewType

import strawberry
from graphql import GraphQLError

from app.domain.values import moments
from app.graphql.errors import Code, refused

Moment = NewType("Moment", str)
"""A moment as the register keeps it; in the schema: DateTime."""


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
        "RFC 3339 with offset (refused without); returned in UTC as `YYYY-MM-DDThh:mm:ss.sssZ` and kept no "
        "finer, so that strings sort."
    ),
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    serialize=str,
    parse_value=_read,
)
