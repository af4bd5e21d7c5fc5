"""A real server, on loopback and a free port, in the test's own event loop."""

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
"""For clients who ask over plain HTTP: to read whom a machine trusts takes longer than a server takes to start."""

GENEROUS = 40.0
"""How long a test waits for what must come, in seconds; nothing is measured by it."""


@dataclass
class Server:
    """A serving process, with the ids of its departments by identificatie."""

    url: str
    eenheden: dict[str, str]
    http: httpx.AsyncClient
    process: uvicorn.Server | None = None
    """Where it runs in the test's own event loop."""

    def stop(self) -> None:
        """Ask it to stop, as a signal would."""
        assert self.process is not None
        self.process.should_exit = True

    @property
    def graphql(self) -> str:
        """Where GraphQL is served over HTTP."""
        return f"{self.url}/graphql"

    @property
    def graphql_ws(self) -> str:
        """Where GraphQL is served over WebSocket."""
        return self.graphql.replace("http", "ws", 1)

    def as_(self, person: Person) -> Client:
        """A client logged in as a person."""
        return self.with_token(person.token())

    def with_token(self, token: str | None) -> Client:
        """A client with a token, or without any."""
        return Client(self.http, self.graphql, self.graphql_ws, token)


def settings_on(url: str, **more: Any) -> Settings:
    """Settings on the database at a URL. Every duration is small; `more` adds to them or replaces some."""
    if not more:
        return _usual().model_copy(update={"database_url": url})
    return _read(database_url=url, **more)


@cache
def _usual() -> Settings:
    """Read once: what is in the environment does not change between tests."""
    return _read()


def _read(**more: Any) -> Settings:
    given: dict[str, Any] = {
        "sqlite_synchronous": "NORMAL",
        "token_demo_key": DEMO_KEY,
        "poll_seconds": 0.05,
        "login_seconds": 0,
        # Tests that count statements count no looks; those of rights that change look often.
        "rights_poll_seconds": 60,
        # Tests of presence tell it often. Others look into the database from their own loop, which may wait for
        # a writer that stands still in it.
        "presence_renew_seconds": 60,
        "presence_void_seconds": 300,
        # What tests read raw, message by message, holds no pings.
        "presence_ping_seconds": 60,
        "presence_answer_seconds": 300,
        # On a busy machine a database answers late; tests of one that does not answer set it small.
        "database_wait_seconds": 20,
        "max_execution_seconds": 60,
        # The names by which tests call it; without any it warns.
        "hosts": ("127.0.0.1", "overdracht"),
        # A client on a busy machine has the time to say who it is; tests of the limit set it small.
        "connection_init_seconds": 5,
        # Few tests have a use for the screens, whose documents are read whenever a server starts.
        "screens": False,
    }
    return Settings(**given | more)


@cache
def built_schema() -> Schema:
    """The schema with its resolvers, for every server of this process."""
    return build_schema()


def application(settings: Settings, **more: Any) -> Starlette:
    """The application with these settings; `more` is what else it is made with."""
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
    """A server with these settings. When it has stopped, nothing that it started may be left.

    `send_buffer` is what the operating system keeps for a client that does not read, in bytes. `create` makes the
    application, where it is to have more than settings tell.
    """
    async with _nothing_left(), _running(settings, eenheden, send_buffer, port, create) as server:
        yield server


@asynccontextmanager
async def serving_two(settings: Settings, eenheden: dict[str, str]) -> AsyncIterator[tuple[Server, Server]]:
    """Two servers on one database. When both have stopped, nothing that they started may be left."""
    async with _nothing_left(), _running(settings, eenheden) as one, _running(settings, eenheden) as other:
        yield one, other


class _Prompt(uvicorn.Server):
    """One that soon sees that it is to stop. uvicorn looks ten times a second, which is most of a short test."""

    async def main_loop(self) -> None:
        """Look until it is to stop."""
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
