"""Health checks: liveness for the tool that restarts the server, readiness for the load balancer."""

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
"""The result of a check. `degraded` counts as ready: it works, but less well than it should."""

Check = Callable[[], Awaitable[State]]
"""Checks whether something works. If it raises or does not return in time, the check has failed."""


class Shared:
    """A check whose result is shared: it runs once at a time for all callers, and its result is cached for
    `keep_seconds`.

    `within_seconds` is the timeout of one run; then its callers get `failed`.
    """

    def __init__(self, name: str, check: Check, *, within_seconds: float, keep_seconds: float) -> None:
        self._name = name
        self._check = check
        self._within_seconds = within_seconds
        self._keep_seconds = keep_seconds
        self._running: asyncio.Task[None] | None = None
        self._began = 0.0
        self._last: State = "failed"
        self._until = 0.0

    async def state(self) -> State:
        """The cached result, or that of a run; takes at most `within_seconds`."""
        if time.monotonic() < self._until:
            return self._last
        if self._running is None:
            self._began = time.monotonic()
            self._running = asyncio.create_task(self._run())
        left = self._began + self._within_seconds - time.monotonic()
        done, _ = await asyncio.wait([self._running], timeout=max(0.0, left))
        return self._last if done else "failed"

    async def end(self) -> None:
        """Cancel a running check."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running], timeout=self._within_seconds)

    async def _run(self) -> None:
        try:
            state = await self._check()
        except Exception as error:
            log.debug("the check %s failed: %s", self._name, type(error).__name__)
            state = "failed"
        finally:
            self._running = None
        self._last, self._until = state, time.monotonic() + self._keep_seconds


class Readiness:
    """The readiness endpoint: 200, or 503 if a check failed or the server is stopping.

    `checks` has the checks by name; the response has only their names and states, because it needs no token.
    """

    def __init__(self, checks: Mapping[str, Check], *, within_seconds: float, keep_seconds: float) -> None:
        self._checks = {
            name: Shared(name, check, within_seconds=within_seconds, keep_seconds=keep_seconds)
            for name, check in checks.items()
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Requests can be answered while this context is open; on exit running checks are cancelled."""
        yield
        await asyncio.gather(*(check.end() for check in self._checks.values()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        states = await asyncio.gather(*(check.state() for check in self._checks.values()))
        stops = scope["extensions"][PIPE].is_stopping
        is_ready = "failed" not in states and not stops
        status = "stopping" if stops else "ready" if is_ready else "failed"
        response = _json({"status": status, "checks": dict(zip(self._checks, states, strict=True))}, is_ready)
        await response(scope, receive, send)


class Liveness:
    """The liveness endpoint: always 200. It shows that the event loop runs, and checks nothing else."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        await _json({"status": "lives"}, True)(scope, receive, send)


def _json(body: object, is_well: bool) -> Response:
    status = 200 if is_well else 503
    return Response(orjson.dumps(body), status, {"cache-control": "no-store"}, media_type="application/json")
