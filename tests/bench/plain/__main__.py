"""Serves it."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import strawberry
import uvicorn
from broadcaster import Broadcast
from sqlalchemy import event
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from tests.bench.plain.roots import Mutation, Query, Subscription
from tests.bench.plain.types import Context, Sessions


class View(GraphQL[Context, None]):
    """Strawberry's own ASGI application, with the context that the resolvers need."""

    sessions: Sessions
    broadcast: Broadcast

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """A fresh one for every request."""
        return Context(self.sessions, self.broadcast)


def create_app(file: str) -> Starlette:
    """The server as an ASGI application, on a SQLite file with its tables in it."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _: object) -> None:
        # As ours is told to: a commit survives a killed process, and no disk is measured.
        connection.execute("PRAGMA synchronous=NORMAL")

    view = View(strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription))
    view.sessions = async_sessionmaker(engine, expire_on_commit=False)
    view.broadcast = Broadcast("memory://")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with view.broadcast:
            yield
        await engine.dispose()

    routes = [Route("/graphql", view), WebSocketRoute("/graphql", view)]
    return Starlette(routes=routes, lifespan=lifespan)


def main(port: int, file: str) -> None:
    """Serve on loopback."""
    uvicorn.run(
        create_app(file),
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
