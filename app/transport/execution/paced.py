"""Executing by graphql-core so that the event loop comes round meanwhile, however large an answer is."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from inspect import isawaitable
from typing import Any

from graphql import Executor, GraphQLObjectType
from graphql.pyutils import AwaitableOrValue, Path

_FIELDS_AT_ONCE = 1_000
"""After so many fields, some four milliseconds of work, others have their turn."""

Values = dict[str, Any]
"""The values of an object's fields, by the names that the client gave them."""


class PacedExecutor(Executor[Any]):
    """Completes an answer some fields at a time.

    graphql-core completes whatever waits for nothing in one go: an answer with 25,000 fields holds the loop for a
    tenth of a second. Here an object that comes after many others is completed when the loop has come round.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields = 0
        self._turn = asyncio.Lock()

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, fields: Any, position: Any
    ) -> AwaitableOrValue[Values]:
        """The values of an object's fields: at once, or later where many were completed before."""
        complete = partial(self._complete, parent_type, source_value, path, fields, position)
        return complete() if self._fields < _FIELDS_AT_ONCE else _Later(partial(self._in_turn, complete))

    def _complete(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, fields: Any, position: Any
    ) -> AwaitableOrValue[Values]:
        self._fields += len(fields)
        return super().execute_fields(parent_type, source_value, path, fields, position)

    async def _in_turn(self, complete: Callable[[], AwaitableOrValue[Values]]) -> Values:
        # Those that wait look one after the other whether there is room: the first that finds none has the loop
        # come round.
        async with self._turn:
            if self._fields >= _FIELDS_AT_ONCE:
                await asyncio.sleep(0)
                self._fields = 0
        values = complete()
        return await values if isawaitable(values) else values


class _Later:
    """Begins when it is awaited. Where an error beside it is the answer nobody awaits it, and nothing was begun."""

    def __init__(self, begin: Callable[[], Coroutine[Any, Any, Values]]) -> None:
        self._begin = begin

    def __await__(self) -> Generator[Any, Any, Values]:
        return self._begin().__await__()
