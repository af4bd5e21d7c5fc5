"""`create_app`: creates all parts of the server, and connects them to each other."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan
from strawberry import Schema

from app.graphql.schema import build_schema
from app.monitoring.figures import AnyFigure, keys_figures, live_figures, loglines_figures, serving_figures
from app.settings import Settings
from app.storage.engine.database import Database
from app.storage.migrations.migrate import check
from app.transport.http.handler import HttpHandler
from app.transport.http.response_headers import Cors
from app.transport.transport import Transport
from app.transport.websocket.handshake import Handshakes
from app.web.spa import SCREENS
from app.wiring import monitoring
from app.wiring.application import GRAPHQL_PATH, Application
from app.wiring.callers import open_callers
from app.wiring.parts import Parts, open_parts
from app.wiring.showing import open_pages
from app.wiring.transports import open_transport

log = logging.getLogger(__name__)


def create_app(
    settings: Settings,
    *,
    workers: Path | None = None,
    demo_login: Sequence[BaseRoute] = (),
    screens: Path = SCREENS,
    schema: Schema | None = None,
) -> Starlette:
    """Create the server as an ASGI application. Raises `SettingsWrong` for settings that cannot work, such as
    missing keys.

    `workers` is a directory shared by all serving processes on the port; None for a single process. `demo_login`
    are the routes where visitors of the demo choose an identity. `screens` is the directory of the built screens.
    `schema` can be passed in to be shared by several applications; by default it is built.
    """
    parts = open_parts(settings, workers)
    callers = open_callers(parts)
    pages = open_pages(settings, demo_login, screens)
    authenticate, rights_watch = callers.authenticate, callers.rights_watch
    transport = open_transport(settings, schema or build_schema(), authenticate, pages, parts.monitoring.recorder)
    # Both caches hold names of employees and departments, so they are cleared when one changes.
    rights_watch.also_forget(parts.recent.forget)
    rights_watch.also_forget(transport.deliveries.forget_payloads)
    parts.monitoring.show(_figures(parts, transport))
    readiness = monitoring.open_readiness(settings, parts.database, parts.live.bus, parts.keys)
    lifespan = _lifespan(settings, parts.database, _running(parts, readiness, rights_watch, transport))
    monitoring_routes = monitoring.routes(settings, parts.monitoring, readiness)
    return _application(settings, transport, [*monitoring_routes, *pages.routes(), *demo_login], lifespan)


def _figures(parts: Parts, transport: Transport) -> Sequence[AnyFigure]:
    live, lines = parts.live, parts.lines
    of_lines = loglines_figures(lines) if lines else []
    return [
        *live_figures(live.bus, live.relay),
        *serving_figures(transport),
        *keys_figures(parts.keys),
        *of_lines,
    ]


class Part(Protocol):
    """A part of the server that runs as long as the server does."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """The part runs while this context is open."""


def _running(parts: Parts, readiness: Part, rights_watch: Part, transport: Part) -> Sequence[Part]:
    """The parts in the order in which they start; they stop in reverse order. The processing log comes first, so
    that it still writes what the others log while they stop.
    """
    return [
        *([parts.lines] if parts.lines else []),
        parts.monitoring,
        readiness,
        parts.keys,
        parts.live.presence,
        parts.live.relay,
        rights_watch,
        transport,
    ]


def _lifespan(settings: Settings, database: Database, parts: Sequence[Part]) -> Lifespan[Starlette]:
    """The lifespan handler: checks the database, and runs the parts while the server serves."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            await check(settings.database_url)
            if not settings.hosts:
                log.warning(
                    "requests are answered whatever host they name: OVERDRACHT_HOSTS says who this server is"
                )
            async with AsyncExitStack() as stack:
                for part in parts:
                    await stack.enter_async_context(part.running())
                yield
        finally:
            await database.close()

    return lifespan


def _application(
    settings: Settings, transport: Transport, routes: Sequence[BaseRoute], lifespan: Lifespan[Starlette]
) -> Application:
    graphql = HttpHandler(transport)
    return Application(
        graphql,
        Handshakes(transport),
        [Route(GRAPHQL_PATH, graphql), *routes],
        [Middleware(Cors, named=settings.allowed_origins, max_age=settings.cors_max_age_seconds)],
        lifespan,
        hosts=settings.hosts,
        anywhere=monitoring.PATHS,
        hsts_seconds=settings.hsts_seconds,
        access_log=settings.access_log,
    )
