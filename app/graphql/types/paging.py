"""The arguments of a list with pages: the requested page, and the cursors of its rows."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from strawberry import UNSET

from app.domain.finding.filters import Page
from app.domain.model import Volgorde
from app.domain.values.limits import MAX_PAGE
from app.graphql.errors import cursor_ongeldig, ongeldig_argument
from app.graphql.types.cursors import CursorBroken, CursorCodec

F = TypeVar("F")


class Paging(Generic[F]):
    """A requested page of a list with a filter. Raises errors with ONGELDIG_ARGUMENT or CURSOR_ONGELDIG.

    `name` identifies the list, so that a cursor of another list is refused. It is None for a list of an inbox that
    is not known before reading; `begin` is called with the inbox then. `shape` has the types of a position's
    values.
    """

    def __init__(
        self,
        name: str | None,
        filter_: F,
        volgorde: Volgorde,
        shape: tuple[type, ...],
        first: int,
        after: str | None,
    ) -> None:
        check_first(first)
        self.filter_ = filter_
        self.volgorde = volgorde
        self.first = first
        self.has_previous = after not in (None, UNSET)
        self._after = after or ""
        self._shape = shape
        self._codec = CursorCodec(name, volgorde.value, shape)
        self.page = Page(first, self._position() if self.has_previous else None)

    def begin(self, parent: str | None) -> None:
        """The list is that of this department's inbox: check the cursor, and use this list for the next cursors."""
        if parent is None:
            return
        self._codec = CursorCodec(of_postvak(parent), self.volgorde.value, self._shape)
        if self.has_previous:
            self._position()

    def _position(self) -> tuple[str | int, ...]:
        try:
            return self._codec.read(self._after)
        except CursorBroken:
            raise cursor_ongeldig() from None

    def cursor(self, position: Sequence[str | int]) -> str:
        """The cursor of the row at this position."""
        return self._codec.write(position)


def check_first(first: int) -> None:
    """Raise an error with ONGELDIG_ARGUMENT if a number of objects is out of range."""
    if not 1 <= first <= MAX_PAGE:
        raise ongeldig_argument("first", f"first is 1 tot en met {MAX_PAGE}.")


def of_postvak(eenheid_id: str) -> str:
    """The name of the list of tasks in a department's inbox."""
    return f"postvak:{eenheid_id}"
