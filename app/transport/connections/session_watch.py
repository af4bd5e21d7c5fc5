"""Watches the session of a connection: it ends when the caller's token expires or they lose access."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from graphql import GraphQLError

from app.transport.connections.pipe import CloseCode
from app.transport.ports import CallerSession


class AnotherCaller(Exception):
    """A session was renewed with the token of another caller."""


RightsChanged = Callable[[CallerSession], Awaitable[None]]
"""A callback that continues with a newer session of the same caller, whose rights may differ."""


class SessionWatch:
    """Watches the session of one connection until `end` is called.

    It calls `over` with FORBIDDEN when the token has expired, and with UNAUTHORIZED when the caller lost access. It
    calls `changed` when the caller's rights changed.
    """

    # Thousands of sockets have one each, so what only few of them need (a set of tasks, a lock) is created on
    # demand.
    __slots__ = ("_changed", "_changing", "_newest", "_over", "_session", "_timer", "_turn", "_unwatch")

    def __init__(self, session: CallerSession, changed: RightsChanged, over: Callable[[CloseCode], None]) -> None:
        self._session = self._newest = session
        self._changed = changed
        self._over = over
        self._changing: set[asyncio.Task[None]] | None = None
        self._turn: asyncio.Lock | None = None
        self._unwatch = session.watch(self._heard)
        self._timer = self._begin()

    async def settle(self) -> None:
        """Read the caller's rights again: a change before this watch began caused no callback."""
        checked = None
        while checked is not self._newest:
            # If a newer session came meanwhile, the result of this read may be older: read again.
            checked = self._newest
            try:
                now = await checked.renewed()
            except GraphQLError:
                self._over(CloseCode.UNAUTHORIZED)
                return
        if now.scope != self._newest.scope:
            await self._go_on_with(now)

    async def renew(self, session: CallerSession) -> None:
        """Continue with a newer session; raises `AnotherCaller` if it is another caller's."""
        if session.caller != self._session.caller:
            raise AnotherCaller
        # From now on the callbacks get sessions that expire when the new token does.
        self._unwatch()
        self._unwatch = session.watch(self._heard)
        await self._go_on_with(session)
        await self.settle()

    def end(self) -> None:
        """Stop watching, because the connection has ended."""
        self._timer.cancel()
        self._unwatch()
        for changing in self._changing or ():
            changing.cancel()

    def _begin(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self._session.seconds_left, self._over, CloseCode.FORBIDDEN)

    def _heard(self, session: CallerSession | None) -> None:
        """A callback for changes of rights; None means that the caller lost access."""
        if session is None:
            self._over(CloseCode.UNAUTHORIZED)
        elif session.scope != self._newest.scope:
            changing = asyncio.create_task(self._go_on_with(session))
            if self._changing is None:
                self._changing = set()
            self._changing.add(changing)
            changing.add_done_callback(self._changing.discard)

    def _go_on_with(self, session: CallerSession) -> Coroutine[Any, Any, None]:
        """Set the newest session immediately, and return the coroutine that continues with it."""
        self._newest = session
        return self._go_on(session)

    async def _go_on(self, session: CallerSession) -> None:
        if self._turn is None:
            self._turn = asyncio.Lock()
        async with self._turn:
            if session is not self._newest:
                # A newer session came while this one waited for the lock.
                return
            self._session = session
            self._timer.cancel()
            self._timer = self._begin()
            await self._changed(session)
