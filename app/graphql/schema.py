"""The schema, and its export as text."""

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from app.graphql import enums
from app.graphql.enums import hand_out_as_stored
from app.graphql.roots.mutation import Mutation
from app.graphql.roots.query import Query
from app.graphql.roots.subscription import Subscription
from app.graphql.scalars import DATE_TIME, Moment
from app.graphql.types.gebeurtenis import Gebeurtenis

# `enums` is imported for its side effect: it gives the domain's enums their descriptions.
__all__ = ["build_schema", "enums", "executable", "sdl"]


class Names(NameConverter):
    """Strawberry's name converter with a cache: Strawberry converts names again for every argument of every
    request.
    """

    def __init__(self) -> None:
        super().__init__()
        self._cache: dict[str, str] = {}

    def apply_naming_config(self, name: str) -> str:
        """The name in GraphQL for a name in Python."""
        converted = self._cache.get(name)
        if converted is None:
            converted = self._cache[name] = super().apply_naming_config(name)
        return converted


def build_schema() -> strawberry.Schema:
    """The schema with its resolvers."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Gebeurtenis],
        config=StrawberryConfig(scalar_map={Moment: DATE_TIME}, name_converter=Names()),
    )
    for type_ in executable(schema).type_map.values():
        if isinstance(type_, CustomGraphQLEnumType):
            hand_out_as_stored(type_)
    return schema


def executable(schema: strawberry.Schema) -> GraphQLSchema:
    """The schema in the form of graphql-core; Strawberry has it in an attribute that is not public."""
    return schema._schema


def sdl(schema: strawberry.Schema) -> str:
    """The schema in the GraphQL schema definition language, with a line feed at the end."""
    return schema.as_str() + "\n"
