"""A real server on a free port on loopback, in the test's own event loop."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from strawberry import Schema

from app.graphql.schema import build_schema
from app.settings import Settings
from app.wiring.asgi import create_app
from app.wiring.listening import listen, make_server
from tests.support.client import Client
from tests.support.people import DEMO_KEY, Person
from tests.support.waiting import until

Create = Callable[[Settings], Starlette]

NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients over plain HTTP: loading a machine's certificates takes longer than starting a server."""

GENEROUS = 40.0
"""The timeout for something that must come, in seconds. Generous: it is not a measurement."""


@dataclass
class Server:
    """A running server, with the ids of its departments by identificatie."""

    url: str
    eenheden: dict[str, str]
    http: httpx.AsyncClient
    process: uvicorn.Server | None = None
    """Set if it runs in the test's own event loop."""

    def stop(self) -> None:
        """Request a stop, as a signal does."""
        assert self.process is not None
        self.process.should_exit = True

    @property
    def graphql(self) -> str:
        """The URL of GraphQL over HTTP."""
        return f"{self.url}/graphql"

    @property
    def graphql_ws(self) -> str:
        """The URL of GraphQL over WebSocket."""
        return self.graphql.replace("http", "ws", 1)

    def as_(self, person: Person) -> Client:
        """A client logged in as a person."""
        return self.with_token(person.token())

    def with_token(self, token: str | None) -> Client:
        """A client with a token, or without one."""
        return Client(self.http, self.graphql, self.graphql_ws, token)


def settings_on(url: str, **more: Any) -> Settings:
    """Settings with the database at a URL, for fast tests; `more` replaces some."""
    if not more:
        return _usual().model_copy(update={"database_url": url})
    return _read(database_url=url, **more)


@cache
def _usual() -> Settings:
    """The settings of most tests, read only once because the environment does not change between tests."""
    return _read()


def _read(**more: Any) -> Settings:
    given: dict[str, Any] = {
        "sqlite_synchronous": "NORMAL",
        "token_demo_key": DEMO_KEY,
        "poll_seconds": 0.05,
        "login_seconds": 0,
        # Long, so that polls are not among counted statements; tests of changing rights set it short.
        "rights_poll_seconds": 60,
        # Long, because many tests access the database synchronously in the event loop, and would wait for a writer
        # that is suspended in it. Tests of presence set it short.
        "presence_renew_seconds": 60,
        "presence_void_seconds": 300,
        # Long, so that tests that read raw messages get no pings.
        "presence_ping_seconds": 60,
        "presence_answer_seconds": 300,
        # Long, because a database on a busy machine answers late; tests of outages set it short.
        "database_wait_seconds": 20,
        "max_execution_seconds": 60,
        # The host names that tests use; without any the server logs a warning.
        "hosts": ("127.0.0.1", "overdracht"),
        # Long enough for a client on a busy machine; tests of this timeout set it short.
        "connection_init_seconds": 5,
        # Few tests use the screens, whose documents are loaded at every start of a server.
        "screens": False,
    }
    return Settings(**given | more)


@cache
def built_schema() -> Schema:
    """The schema with its resolvers, for every server of this process."""
    return build_schema()


def application(settings: Settings, **more: Any) -> Starlette:
    """The application with these settings; `more` are other arguments of `create_app`."""
    return create_app(settings, schema=built_schema(), **more)


@asynccontextmanager
async def serving(
    settings: Settings,
    eenheden: dict[str, str],
    *,
    send_buffer: int | None = None,
    port: int = 0,
    create: Create = application,
) -> AsyncIterator[Server]:
    """A server with these settings, inside this context. Fails if a task of it still runs after it has stopped.

    `send_buffer` is the size of the operating system's send buffer, in bytes. `create` creates the application, if
    it needs more than settings.
    """
    async with _nothing_left(), _running(settings, eenheden, send_buffer, port, create) as server:
        yield server


@asynccontextmanager
async def serving_two(settings: Settings, eenheden: dict[str, str]) -> AsyncIterator[tuple[Server, Server]]:
    """Two servers with one database. Fails if a task of them still runs after they have stopped."""
    async with _nothing_left(), _running(settings, eenheden) as one, _running(settings, eenheden) as other:
        yield one, other


class _Prompt(uvicorn.Server):
    """A server that stops fast. uvicorn checks ten times a second, which is most of the time of a short test."""

    async def main_loop(self) -> None:
        """Check a hundred times a second whether to stop."""
        while not await self.on_tick(0):
            await asyncio.sleep(0.01)


@asynccontextmanager
async def _nothing_left() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not left, f"left running: {left}"


@asynccontextmanager
async def _running(
    settings: Settings,
    eenheden: dict[str, str],
    send_buffer: int | None = None,
    port: int = 0,
    create: Create = application,
) -> AsyncIterator[Server]:
    with listen("127.0.0.1", port, send_buffer=send_buffer or settings.send_buffer_bytes) as listener:
        server = _Prompt(make_server(create(settings), settings).config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await until(lambda: server.started or running.done())
            port = listener.getsockname()[1]
            async with httpx.AsyncClient(timeout=GENEROUS, verify=NO_AUTHORITIES) as http:
                yield Server(f"http://127.0.0.1:{port}", eenheden, http, server)
        finally:
            server.should_exit = True
            await asyncio.wait_for(running, GENEROUS)
