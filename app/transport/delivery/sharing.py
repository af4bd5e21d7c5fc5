"""Sharing of payloads: subscriptions with the same selection have an event executed and serialised once."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Protocol

from app.transport.execution.executor import DocumentExecutor
from app.transport.execution.operation import Answer, Operation, Written
from app.transport.ports import IsTransient, OperationContext


class TransientError(Exception):
    """A payload could not be made because of a transient error."""


Write = Callable[[Operation, OperationContext, Answer], Written]
"""Serialises the answer to an operation; raises an error that concerns the whole answer."""


class Selection:
    """What a subscription selects from each event.

    Selections with an equal `key` give the same payload for the same event: they have the same document and
    operation, the same variables below the root field, and the same scope. The arguments of the root field itself
    are not part of the key: they choose the events, such as where to begin, but not what a payload holds.
    """

    def __init__(
        self,
        executor: DocumentExecutor,
        operation: Operation,
        context: OperationContext,
        *,
        write: Write,
        is_transient: IsTransient,
    ) -> None:
        self._executor = executor
        self._operation = operation
        self._context = context
        self._write = write
        self._is_transient = is_transient
        self.key: Hashable = (
            operation.definition.query,
            operation.name,
            _selected_variables(operation),
            context.scope,
        )

    async def payload(self, event: Any) -> bytes:
        """The payload of one event as JSON, executed in a new context that has only the caller's scope.

        Raises `TransientError` after a transient error, so that no subscriber gets a payload with missing data.
        """
        context = self._context.of_fact(event)
        try:
            result = await self._executor.payload(self._operation, context, event)
            return self._write(self._operation, context, result).body
        except Exception as error:
            if self._is_transient(error):
                raise TransientError from error
            raise
        finally:
            await context.close()


class Selecting(Protocol):
    """Makes payloads; implemented by `Selection`."""

    @property
    def key(self) -> Hashable:
        """Equal for selections that give the same payloads."""

    async def payload(self, event: Any) -> bytes:
        """The payload of one event."""


class SharedPayloads:
    """A cache of the latest payloads, by selection and event: at most `keep` of them, of `most_bytes` together.

    `executed` counts the payloads ever made, `bytes` is the size of those in the cache.
    """

    def __init__(self, keep: int = 512, most_bytes: int = 16_777_216) -> None:
        self.executed = 0
        self.bytes = 0
        self._keep = keep
        self._most_bytes = most_bytes
        self._cache: OrderedDict[Hashable, asyncio.Future[bytes]] = OrderedDict()

    async def payload(self, selection: Selecting, event: Any) -> bytes:
        """The payload, from the cache if possible. The first caller makes it; others wait for it meanwhile."""
        key = (selection.key, event)
        while (cached := self._cache.get(key)) is not None:
            if not cached.done():
                await asyncio.wait([cached])
            if not cached.cancelled():
                return cached.result()
            # The caller who was making it failed or was cancelled: another one makes it.
        self.executed += 1
        cached = self._cache[key] = asyncio.get_running_loop().create_future()
        try:
            payload = await selection.payload(event)
        except BaseException:
            if self._cache.get(key) is cached:
                del self._cache[key]
            cached.cancel()
            raise
        cached.set_result(payload)
        # The entry may have been dropped meanwhile, as the oldest in a full cache.
        if self._cache.get(key) is cached:
            self.bytes += len(payload)
        while len(self._cache) > self._keep or self.bytes > self._most_bytes:
            self._drop()
        return payload

    def _drop(self) -> None:
        _, oldest = self._cache.popitem(last=False)
        if oldest.done():
            self.bytes -= len(oldest.result())

    def forget(self) -> None:
        """Clear the cache. For changes of related records that cause no event, such as names."""
        self._cache.clear()
        self.bytes = 0


def _selected_variables(operation: Operation) -> str:
    """The variables that are used anywhere except in the root field's own arguments, with their values, as JSON."""
    variables = operation.variables or {}
    return json.dumps(
        {name: variables[name] for name in operation.definition.selecting if name in variables}, sort_keys=True
    )
