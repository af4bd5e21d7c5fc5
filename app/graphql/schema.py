"""The schema, and its text as it is exported."""

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

# Imported for what it does: the domain's enums get their descriptions.
__all__ = ["build_schema", "enums", "executable", "sdl"]


class Names(NameConverter):
    """Strawberry's names, each made once: it asks them anew for every argument of every request."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, str] = {}

    def apply_naming_config(self, name: str) -> str:
        """The name in GraphQL of something that has a name in Python."""
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = super().apply_naming_config(name)
        return made


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
    """The schema as graphql-core executes it; Strawberry keeps it in an attribute that is not public."""
    return schema._schema


def sdl(schema: strawberry.Schema) -> str:
    """The schema in the schema definition language, ending with a line feed."""
    return schema.as_str() + "\n"
