"""Whether the server lives, and whether it is ready: for who restarts it, and for who sends it requests."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Literal

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.transport.connections.pipe import PIPE

log = logging.getLogger(__name__)

State = Literal["ok", "degraded", "failed"]
"""Of a check; degraded is ready: it works, less well than it should."""

Check = Callable[[], Awaitable[State]]
"""Looks whether something works. It may raise, and it may hang: both mean that it failed."""


class Shared:
    """One check, made once at a time for all who ask. What it found serves for `keep_seconds`; who asks while it is
    looked at waits until `within_seconds` after that began.
    """

    def __init__(self, name: str, check: Check, *, within_seconds: float, keep_seconds: float) -> None:
        self._name = name
        self._check = check
        self._within_seconds = within_seconds
        self._keep_seconds = keep_seconds
        self._looking: asyncio.Task[None] | None = None
        self._began = 0.0
        self._found: State = "failed"
        self._until = 0.0

    async def state(self) -> State:
        """How it stands, in bounded time."""
        if time.monotonic() < self._until:
            return self._found
        if self._looking is None:
            self._began = time.monotonic()
            self._looking = asyncio.create_task(self._look())
        left = self._began + self._within_seconds - time.monotonic()
        done, _ = await asyncio.wait([self._looking], timeout=max(0.0, left))
        return self._found if done else "failed"

    async def end(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking], timeout=self._within_seconds)

    async def _look(self) -> None:
        try:
            found = await self._check()
        except Exception as error:
            log.debug("the check %s failed: %s", self._name, type(error).__name__)
            found = "failed"
        finally:
            self._looking = None
        self._found, self._until = found, time.monotonic() + self._keep_seconds


class Readiness:
    """Answers whether the server is ready: 200, or 503 where a check failed or the server stops.

    `checks` are by the ids under which the answer tells of them. Nobody needs a token for it, so it says no more.
    """

    def __init__(self, checks: Mapping[str, Check], *, within_seconds: float, keep_seconds: float) -> None:
        self._checks = {
            name: Shared(name, check, within_seconds=within_seconds, keep_seconds=keep_seconds)
            for name, check in checks.items()
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """It can be asked while this is open."""
        yield
        await asyncio.gather(*(check.end() for check in self._checks.values()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; this makes it an ASGI application."""
        states = await asyncio.gather(*(check.state() for check in self._checks.values()))
        stops = scope["extensions"][PIPE].is_stopping
        is_ready = "failed" not in states and not stops
        status = "stopping" if stops else "ready" if is_ready else "failed"
        response = _json({"status": status, "checks": dict(zip(self._checks, states, strict=True))}, is_ready)
        await response(scope, receive, send)


class Liveness:
    """Answers that the event loop comes round: nothing else is asked, least of all the database."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; this makes it an ASGI application."""
        await _json({"status": "lives"}, True)(scope, receive, send)


def _json(body: object, is_well: bool) -> Response:
    status = 200 if is_well else 503
    return Response(orjson.dumps(body), status, {"cache-control": "no-store"}, media_type="application/json")
