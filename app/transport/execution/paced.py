"""Execution by graphql-core with pauses, so that a large answer does not block the event loop."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from inspect import isawaitable
from typing import Any

from graphql import Executor, GraphQLObjectType
from graphql.pyutils import AwaitableOrValue, Path

_FIELDS_AT_ONCE = 1_000
"""After how many fields, about four milliseconds of work, the event loop may run other tasks."""

Values = dict[str, Any]
"""The values of an object's fields, by response key (the alias or the name)."""


class PacedExecutor(Executor[Any]):
    """Executes an answer in steps of about `_FIELDS_AT_ONCE` fields.

    graphql-core executes everything that need not wait without a pause: an answer with 25,000 fields blocks the
    event loop for a tenth of a second. Here an object after many fields is executed after a pause.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields = 0
        self._turn = asyncio.Lock()

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, fields: Any, position: Any
    ) -> AwaitableOrValue[Values]:
        """The values of an object's fields; as an awaitable if many fields were executed since the last pause."""
        complete = partial(self._complete, parent_type, source_value, path, fields, position)
        return complete() if self._fields < _FIELDS_AT_ONCE else _Later(partial(self._in_turn, complete))

    def _complete(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, fields: Any, position: Any
    ) -> AwaitableOrValue[Values]:
        self._fields += len(fields)
        return super().execute_fields(parent_type, source_value, path, fields, position)

    async def _in_turn(self, complete: Callable[[], AwaitableOrValue[Values]]) -> Values:
        # The waiting objects get the lock one after the other. When the step is full, the one with the lock pauses.
        async with self._turn:
            if self._fields >= _FIELDS_AT_ONCE:
                await asyncio.sleep(0)
                self._fields = 0
        values = complete()
        return await values if isawaitable(values) else values


class _Later:
    """An awaitable that creates its coroutine when it is awaited. If an error in a sibling field makes the value
    unneeded, nobody awaits it, and there is no coroutine that was never awaited.
    """

    def __init__(self, begin: Callable[[], Coroutine[Any, Any, Values]]) -> None:
        self._begin = begin

    def __await__(self) -> Generator[Any, Any, Values]:
        return self._begin().__await__()
