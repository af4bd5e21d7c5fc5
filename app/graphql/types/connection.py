"""Lists with pages: connections, edges, and the arguments that every such list has."""

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
    strawberry.argument(description=f"The size of the page: 1 to {MAX_PAGE}; anything else is ONGELDIG_ARGUMENT."),
]
AfterArgument = Annotated[
    str | None,
    strawberry.argument(
        description=(
            "The page starts after this cursor. It must be a cursor of this list in this volgorde, with any "
            "filter; anything else is CURSOR_ONGELDIG. A cursor stays valid if its row has left the list."
        )
    ),
]


@strawberry.type(description="Whether there are more pages, and the cursors of this one.")
class PageInfo:
    """Whether there are more pages, and the cursors of this one."""

    has_next_page: bool = strawberry.field(description="Whether more objects follow this page.")
    has_previous_page: bool = strawberry.field(description="True exactly when `after` was given.")
    start_cursor: str | None = strawberry.field(
        metadata={TEXT: MOST_OF_CURSOR}, description="The cursor of the first edge; null if the page is empty."
    )
    end_cursor: str | None = strawberry.field(
        metadata={TEXT: MOST_OF_CURSOR},
        description="The cursor of the last edge, to pass as `after` for the next page; null if the page is empty.",
    )


@strawberry.type(description="A task in a list.")
class InterneTaakEdge:
    """A task in a list."""

    node: model.InterneTaak = strawberry.field(graphql_type=TaakType, description="The task.")
    cursor: str = strawberry.field(
        metadata={TEXT: MOST_OF_CURSOR}, description="The position of the task in this list in this volgorde."
    )


@strawberry.type(description="A contact in a list.")
class KlantcontactEdge:
    """A contact in a list."""

    node: model.Klantcontact = strawberry.field(graphql_type=KlantcontactType, description="The contact.")
    cursor: str = strawberry.field(
        metadata={TEXT: MOST_OF_CURSOR}, description="The position of the contact in this list in this volgorde."
    )


async def _total_count(parent: Parent["InterneTaakConnection | KlantcontactConnection"]) -> int:
    return await parent.count()


_TOTAL = "The number of objects in the whole list with this filter, on all pages."
_PAGE_INFO = "Whether there are more pages, and the cursors of this one."


@strawberry.type(description="A page of tasks.")
class InterneTaakConnection:
    """A page of tasks."""

    count: strawberry.Private[Callable[[], Awaitable[int]]]
    edges: list[InterneTaakEdge] = strawberry.field(description="The tasks of this page, with their cursors.")
    page_info: PageInfo = strawberry.field(description=_PAGE_INFO)
    total_count: int = strawberry.field(resolver=_total_count, description=_TOTAL)


@strawberry.type(description="A page of contacts.")
class KlantcontactConnection:
    """A page of contacts."""

    count: strawberry.Private[Callable[[], Awaitable[int]]]
    edges: list[KlantcontactEdge] = strawberry.field(description="The contacts of this page, with their cursors.")
    page_info: PageInfo = strawberry.field(description=_PAGE_INFO)
    total_count: int = strawberry.field(resolver=_total_count, description=_TOTAL)
