"""What the transports are handed."""

from collections.abc import Awaitable, Callable, Hashable
from typing import Protocol, Self

from graphql import GraphQLError, GraphQLFormattedError


class OperationContext(Protocol):
    """The context of one operation; closed when it ends. Callers of equal `scope` see the same of everything."""

    @property
    def scope(self) -> Hashable:
        """What the caller may see."""

    def of_fact(self) -> Self:
        """A fresh context for one event of a subscription, with nothing of the caller but his scope."""

    async def close(self) -> None:
        """Let go of whatever it holds."""


class CallerSession(Protocol):
    """A caller who was let in."""

    @property
    def is_expired(self) -> bool:
        """Whether what he came in with is no longer valid."""

    async def renewed(self) -> Self:
        """The same caller as he stands now; raises a GraphQLError where he would not be let in any more."""

    def open_context(self) -> OperationContext:
        """A fresh context for one operation."""


Authenticate = Callable[[object], Awaitable[CallerSession]]
"""Lets a caller in by his Authorization value, or raises a GraphQLError."""

FormatError = Callable[[GraphQLError], GraphQLFormattedError]
"""Writes an error as clients get it."""
