"""A plugin: whoever waits for ever in an event loop fails a while before the alarm of pytest-timeout.

The alarm is raised in whatever has the turn when it rings. In an event loop that may be a task of the server's,
which takes it for its own, and the test goes on for ever. So a test's own task has a limit, and closes what it had
opened. The alarm is for what holds up the loop itself.
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
"""How long before the alarm: so much time is left for closing what was opened."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give every test that is a coroutine its limit, and every example of one that Hypothesis plays."""
    if not isinstance(item, pytest.Function):
        return
    if inspect.iscoroutinefunction(item.obj):
        item.obj = limited(item.obj)
    examples = getattr(item.obj, "hypothesis", None)
    # The same function is collected once for each of its parameters.
    if examples and inspect.iscoroutinefunction(examples.inner_test) and not hasattr(examples, "is_limited"):
        examples.inner_test = limited(examples.inner_test)
        examples.is_limited = True


def limited(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The same test, which ends with a TimeoutError where it would wait for longer."""

    @functools.wraps(test)
    async def within_the_limit(*args: Any, **kwargs: Any) -> None:
        async with _limit():
            await test(*args, **kwargs)

    return within_the_limit


def _limit() -> AbstractAsyncContextManager[object]:
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    # Without an alarm, in a debugger say, one may take one's time.
    return asyncio.timeout(max(0, left - EARLIER_SECONDS) if left else None)
