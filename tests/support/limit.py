"""A pytest plugin: a test that waits too long in an event loop fails a while before the alarm of pytest-timeout.

The alarm raises an exception in the code that is running at that moment. In an event loop that may be a task of the
server, which handles it as its own error, and the test would wait forever. So the test's own task gets a timeout,
and can close what it opened. The alarm remains for code that blocks the event loop itself.
"""

import asyncio
import functools
import inspect
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

EARLIER_SECONDS = 20
"""How long before the alarm: the time to close what was opened."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give every asynchronous test its timeout, and every example of such a test with Hypothesis."""
    if not isinstance(item, pytest.Function):
        return
    if inspect.iscoroutinefunction(item.obj):
        item.obj = limited(item.obj)
    examples = getattr(item.obj, "hypothesis", None)
    # The same function is collected once for each of its parameters; wrap it only once.
    if examples and inspect.iscoroutinefunction(examples.inner_test) and not hasattr(examples, "is_limited"):
        examples.inner_test = limited(examples.inner_test)
        examples.is_limited = True


def limited(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The same test, which raises TimeoutError if it takes longer."""

    @functools.wraps(test)
    async def within_the_limit(*args: Any, **kwargs: Any) -> None:
        async with _limit():
            await test(*args, **kwargs)

    return within_the_limit


def _limit() -> AbstractAsyncContextManager[object]:
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    # Without an alarm, for example in a debugger, there is no timeout.
    return asyncio.timeout(max(0, left - EARLIER_SECONDS) if left else None)
