"""Sharing: what several subscriptions select alike from one event is executed and serialised once."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Protocol

from app.transport.execution.executor import DocumentExecutor
from app.transport.execution.operation import Answer, Operation, Written
from app.transport.ports import IsTransient, OperationContext


class TransientError(Exception):
    """A payload that could not be made for a reason that passes by itself."""


Write = Callable[[Operation, OperationContext, Answer], Written]
"""Writes the answer to an operation; raises what decides about all of it."""


class Selection:
    """What a subscription takes from each event.

    Two of equal `key` give the same payload for the same event: the same document and operation, the same
    variables below the root field, the same scope. The root field's own arguments choose the events and have
    no part in what is taken from one, so where each began to follow does not matter.
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
        """The payload of one event as JSON, executed in a fresh context that has nothing but the scope.

        `TransientError` where it could not be made for now: nobody is sent a fact with a hole in it for that.
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
    """What payloads are made by: a `Selection`."""

    @property
    def key(self) -> Hashable:
        """Equal for those who select the same."""

    async def payload(self, event: Any) -> bytes:
        """The payload of one event."""


class SharedPayloads:
    """The payloads last made, by selection and event: `keep` of them at most, and `most_bytes` together. `executed`
    counts those ever made.
    """

    def __init__(self, keep: int = 512, most_bytes: int = 16_777_216) -> None:
        self.executed = 0
        self.bytes = 0
        self._keep = keep
        self._most_bytes = most_bytes
        self._made: OrderedDict[Hashable, asyncio.Future[bytes]] = OrderedDict()

    async def payload(self, selection: Selecting, event: Any) -> bytes:
        """The payload, made by the first who asks; whoever asks meanwhile waits for it."""
        key = (selection.key, event)
        while (made := self._made.get(key)) is not None:
            if not made.done():
                await asyncio.wait([made])
            if not made.cancelled():
                return made.result()
            # Who was making it went away in the midst of it: somebody else makes it.
        self.executed += 1
        made = self._made[key] = asyncio.get_running_loop().create_future()
        try:
            payload = await selection.payload(event)
        except BaseException:
            if self._made.get(key) is made:
                del self._made[key]
            made.cancel()
            raise
        made.set_result(payload)
        # Who began it may have been dropped meanwhile, as the oldest of many that are being made.
        if self._made.get(key) is made:
            self.bytes += len(payload)
        while len(self._made) > self._keep or self.bytes > self._most_bytes:
            self._drop()
        return payload

    def _drop(self) -> None:
        _, oldest = self._made.popitem(last=False)
        if oldest.done():
            self.bytes -= len(oldest.result())

    def forget(self) -> None:
        """Make every payload anew: what hangs on events was changed without one."""
        self._made.clear()
        self.bytes = 0


def _selected_variables(operation: Operation) -> str:
    """The variables that are used anywhere but in the root field's own arguments, with their values."""
    given = operation.variables or {}
    return json.dumps(
        {name: given[name] for name in operation.definition.selecting if name in given}, sort_keys=True
    )
