"""How long a connection may go on: as long as what its caller came in with is valid, and he is let in."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from graphql import GraphQLError

from app.transport.connections.pipe import CloseCode
from app.transport.ports import CallerSession


class AnotherCaller(Exception):
    """A session that is to be gone on with is somebody else's."""


RightsChanged = Callable[[CallerSession], Awaitable[None]]
"""Goes on with the rights of another session of the same caller."""


class SessionWatch:
    """Watches over the session of one connection until `end`.

    `over` is called with FORBIDDEN when it has expired, and with UNAUTHORIZED when the caller is not let in any
    more; `changed` when his rights did.
    """

    # Thousands of sockets have one: nothing is kept for what happens to few of them.
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
        """Look once more how the caller stands: what changed before this began to watch was told to nobody."""
        looked_at = None
        while looked_at is not self._newest:
            # What is told meanwhile is newer than what was being read: look again.
            looked_at = self._newest
            try:
                now = await looked_at.renewed()
            except GraphQLError:
                self._over(CloseCode.UNAUTHORIZED)
                return
        if now.scope != self._newest.scope:
            await self._go_on_with(now)

    async def renew(self, session: CallerSession) -> None:
        """Go on with a newer session; `AnotherCaller` where it is somebody else's."""
        if session.caller != self._session.caller:
            raise AnotherCaller
        # What is told of his rights from now on goes with the newer one, and ends as late.
        self._unwatch()
        self._unwatch = session.watch(self._heard)
        await self._go_on_with(session)
        await self.settle()

    def end(self) -> None:
        """The connection has gone."""
        self._timer.cancel()
        self._unwatch()
        for changing in self._changing or ():
            changing.cancel()

    def _begin(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self._session.seconds_left, self._over, CloseCode.FORBIDDEN)

    def _heard(self, session: CallerSession | None) -> None:
        """Somebody's rights changed, perhaps the caller's; None where he has none any more."""
        if session is None:
            self._over(CloseCode.UNAUTHORIZED)
        elif session.scope != self._newest.scope:
            changing = asyncio.create_task(self._go_on_with(session))
            if self._changing is None:
                self._changing = set()
            self._changing.add(changing)
            changing.add_done_callback(self._changing.discard)

    def _go_on_with(self, session: CallerSession) -> Coroutine[Any, Any, None]:
        """Going on with a session, which is the newest one from this moment."""
        self._newest = session
        return self._go_on(session)

    async def _go_on(self, session: CallerSession) -> None:
        if self._turn is None:
            self._turn = asyncio.Lock()
        async with self._turn:
            if session is not self._newest:
                # While it waited there came a newer one.
                return
            self._session = session
            self._timer.cancel()
            self._timer = self._begin()
            await self._changed(session)
