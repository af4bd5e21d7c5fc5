"""Lists read page by page: connections, edges, and the arguments that every list has."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry
from strawberry import Parent

from app.domain import model
from app.domain.model import Volgorde
from app.domain.values.limits import MAX_PAGE
from app.graphql.types.cursors import MOST_OF_CURSOR
from app.graphql.types.node import KlantcontactType, TaakType
from app.transport.execution.cost import TEXT

OrderArgument = Annotated[Volgorde, strawberry.argument(description="The order of the list.")]
FirstArgument = Annotated[
    int,
    strawberry.argument(description=f"How many at most: 1 to {MAX_PAGE}; anything else is ONGELDIG_ARGUMENT."),
]
AfterArgument = Annotated[
    str | None,
    strawberry.argument(
        description=(
            "A cursor of this list in this volgorde, of any filter: what comes after it. It keeps its place when "
            "its row has left the list. Anything else is CURSOR_ONGELDIG."
        )
    ),
]


@strawberry.type(description="What comes before and after a page.")
class PageInfo:
    """What comes before and after a page."""

    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="True exactly when `after` was given.")
    start_cursor: str | None = strawberry.field(
        metadata={TEXT: MOST_OF_CURSOR}, description="The cursor of the first edge; null without edges."
    )
    end_cursor: str | None = strawberry.field(
        metadata={TEXT: MOST_OF_CURSOR}, description="The cursor of the last edge: `after` for the next page."
    )


@strawberry.type(description="A task in a list.")
class InterneTaakEdge:
    """A task in a list."""

    node: model.InterneTaak = strawberry.field(graphql_type=TaakType, description="The task.")
    cursor: str = strawberry.field(
        metadata={TEXT: MOST_OF_CURSOR}, description="Its place in this list in this volgorde."
    )


@strawberry.type(description="A contact in a list.")
class KlantcontactEdge:
    """A contact in a list."""

    node: model.Klantcontact = strawberry.field(graphql_type=KlantcontactType, description="The contact.")
    cursor: str = strawberry.field(
        metadata={TEXT: MOST_OF_CURSOR}, description="Its place in this list in this volgorde."
    )


async def _total_count(parent: Parent["InterneTaakConnection | KlantcontactConnection"]) -> int:
    return await parent.count()


_TOTAL = "How many there are under this filter, whatever the page."


@strawberry.type(description="A page of tasks.")
class InterneTaakConnection:
    """A page of tasks."""

    count: strawberry.Private[Callable[[], Awaitable[int]]]
    edges: list[InterneTaakEdge] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after it.")
    total_count: int = strawberry.field(resolver=_total_count, description=_TOTAL)


@strawberry.type(description="A page of contacts.")
class KlantcontactConnection:
    """A page of contacts."""

    count: strawberry.Private[Callable[[], Awaitable[int]]]
    edges: list[KlantcontactEdge] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after it.")
    total_count: int = strawberry.field(resolver=_total_count, description=_TOTAL)
