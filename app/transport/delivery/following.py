"""Opening a subscription: from the operation to where its events come from and what is taken from them."""

from collections.abc import Callable
from typing import TypeVar

from graphql import ExecutionResult

from app.transport.delivery.sharing import Selection
from app.transport.execution.operation import Operation
from app.transport.ports import Call, CallerSession, EventSource
from app.transport.serving import Serving

T = TypeVar("T")

Begin = Callable[[EventSource, Selection], T]
"""Begins to follow. Nothing is awaited before it: what was opened is always closed by somebody."""


async def follow(
    serving: Serving, session: CallerSession, operation: Operation, call: Call, begin: Begin[T]
) -> T | ExecutionResult:
    """What `begin` returns for the events of a subscription; or the result that says why there are none."""
    context = serving.open_context(session, call)
    try:
        source = await serving.executor.subscribe(operation, context)
        if isinstance(source, ExecutionResult):
            return source
        return begin(source, serving.selection(operation, context))
    finally:
        await context.close()
