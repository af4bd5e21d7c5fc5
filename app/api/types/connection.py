"""Lists read page by page: connections, edges, and the arguments that every list has."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Generic, TypeVar

import strawberry
from strawberry import UNSET, Parent

from app.api.errors import Code, cursor_ongeldig, refused
from app.api.pagination import CursorBroken, CursorCodec
from app.api.types.lazy import KlantcontactType, TaakType
from app.domain import model
from app.domain.filters import Found, Page
from app.domain.limits import MAX_PAGE
from app.domain.model import Volgorde

T = TypeVar("T")

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
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge; null without edges.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last edge: `after` for the next page.")


@strawberry.type(description="A task in a list.")
class InterneTaakEdge:
    """A task in a list."""

    node: model.InterneTaak = strawberry.field(graphql_type=TaakType, description="The task.")
    cursor: str = strawberry.field(description="Its place in this list in this volgorde.")


@strawberry.type(description="A contact in a list.")
class KlantcontactEdge:
    """A contact in a list."""

    node: model.Klantcontact = strawberry.field(graphql_type=KlantcontactType, description="The contact.")
    cursor: str = strawberry.field(description="Its place in this list in this volgorde.")


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


class Paging(Generic[T]):
    """The arguments of one list, read: which page is asked, and how its answer is numbered with cursors."""

    def __init__(
        self, name: str, volgorde: Volgorde, shape: tuple[type, ...], first: int, after: str | None
    ) -> None:
        if not 1 <= first <= MAX_PAGE:
            raise refused(Code.ONGELDIG_ARGUMENT, f"first is 1 tot en met {MAX_PAGE}.")
        self._codec = CursorCodec(name, volgorde.value, shape)
        self._has_previous = after not in (None, UNSET)
        self.page = Page(first, self._position(after) if self._has_previous else None)

    def _position(self, after: str | None) -> tuple[str | int, ...]:
        try:
            return self._codec.read(after or "")
        except CursorBroken:
            raise cursor_ongeldig() from None

    def cursors(self, found: Found[T]) -> list[tuple[T, str]]:
        """Each object of the page with its cursor."""
        return [(item, self._codec.write(position)) for item, position in found.items]

    def info(self, found: Found[T], cursors: Sequence[str]) -> PageInfo:
        """What comes before and after the page."""
        return PageInfo(
            has_next_page=found.has_next,
            has_previous_page=self._has_previous,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )
