"""The application: the one place that wires the concrete parts together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import Lifespan, Receive, Scope, Send
from strawberry import Schema

from app import watching
from app.access.tokens import TokenReader
from app.api.context import UseCases
from app.api.errors import formatted
from app.api.schema import build_schema, executable
from app.api.session import Authenticator
from app.api.transport.cors import Cors
from app.api.transport.documents import TrustedUnusable
from app.api.transport.executor import DocumentExecutor
from app.api.transport.observer import Observer
from app.api.transport.protecting import ProtectingHeaders
from app.api.transport.serving import Manners, Serving
from app.api.transport.view import GraphQLView
from app.live.hub import Hub
from app.live.relay import Relay
from app.live.source import Source
from app.loglines import LogLines
from app.observing.figures import keys_figures, live_figures, loglines_figures, serving_figures
from app.observing.requests import identified, recorded
from app.parts import (
    crowd_limits,
    document_rules,
    open_bus,
    open_database,
    token_keys,
    token_rules,
    verwerkingenlog_lines,
)
from app.service.following import Following
from app.service.handle import Handle
from app.service.logins import Logins
from app.service.presence import Presence
from app.service.reading import Reading
from app.service.register import Register
from app.service.standing import Standing
from app.service.verwerkingenlog import Gevolgd, Verwerkingenlog
from app.service.writing import Writer
from app.settings import Settings, SettingsWrong
from app.storage.database import Database
from app.storage.failures import DatabaseOnbereikbaar
from app.storage.migrate import check
from app.web.pages import GraphiQL

GRAPHQL_PATH = "/graphql"


def create_app(settings: Settings, *, workers: Path | None = None) -> Starlette:
    """The server as an ASGI application. Refuses settings without usable keys with `SettingsWrong`.

    `workers` is a directory that it shares with the other serving processes on its port, where there are others.
    """
    keys = token_keys(settings)
    tokens = TokenReader(keys, token_rules(settings))
    observing = watching.open_observing(settings, workers)
    watcher = observing.watcher
    database = open_database(settings, waited=watcher.waited)
    bus = open_bus(settings)
    following = Following(database, max_behind=settings.max_behind, head=lambda stream: hub.head(stream))
    hub = Hub(following.facts_after, retry_seconds=settings.poll_seconds)
    relay = Relay(bus, hub, following.ends, poll_seconds=settings.poll_seconds)
    presence = Presence(
        database, renew_seconds=settings.presence_renew_seconds, void_seconds=settings.presence_void_seconds
    )
    lines = verwerkingenlog_lines(settings)
    verwerkingenlog = _verwerkingenlog(lines)
    writer = Writer(database, bus.publish, watcher, by_system=verwerkingenlog.by_system)
    use_cases = _use_cases(settings, database, writer, following, hub, presence, verwerkingenlog)
    logins = Logins(database, writer, keep_seconds=settings.login_seconds)
    standing = Standing(database, logins.forget, poll_seconds=settings.rights_poll_seconds)
    schema = build_schema()
    authenticate = Authenticator(tokens, logins, standing, use_cases, watcher.login_refused)
    graphiql = GraphiQL() if settings.graphiql else None
    serving = _serving(settings, schema, authenticate, graphiql, watcher)
    of_lines = loglines_figures(lines) if lines else []
    observing.show([*live_figures(bus, relay), *serving_figures(serving), *keys_figures(keys), *of_lines])
    readiness = watching.open_readiness(settings, database, bus, keys)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            await check(settings.database_url)
            async with AsyncExitStack() as stack:
                # Outermost: what is ended with the others is still written down.
                await stack.enter_async_context(_running(lines))
                for part in (observing, readiness, keys, presence, relay, standing, serving):
                    await stack.enter_async_context(part.running())
                yield
        finally:
            await database.close()

    view = GraphQLView(schema, serving)
    pages = graphiql.routes() if graphiql else ()
    routes = [Route(GRAPHQL_PATH, view), *pages, *watching.routes(settings, observing, readiness)]
    cors = Middleware(Cors, named=settings.allowed_origins, max_age=settings.cors_max_age_seconds)
    return Application(
        view, routes, [cors], lifespan, hsts_seconds=settings.hsts_seconds, access_log=settings.access_log
    )


def _verwerkingenlog(lines: LogLines | None) -> Verwerkingenlog:
    return Verwerkingenlog((lambda line: None) if lines is None else lines.write)


def _running(lines: LogLines | None) -> AbstractAsyncContextManager[None]:
    return nullcontext() if lines is None else lines.running()


def _use_cases(
    settings: Settings,
    database: Database,
    writer: Writer,
    following: Following,
    hub: Hub,
    presence: Presence,
    verwerkingenlog: Verwerkingenlog,
) -> UseCases:
    def open_postvak(gevolgd: Gevolgd) -> Source:
        closed = presence.opened(gevolgd.start.stream.id, gevolgd.login.medewerker_id)

        def gone(place: int) -> None:
            closed()
            gevolgd.ended(place)

        return Source(hub, gevolgd.start, begun=gevolgd.begun, gone=gone)

    return UseCases(
        register=Register(writer, settings.kanalen),
        handle=Handle(writer),
        following=following,
        follow=lambda gevolgd: Source(hub, gevolgd.start, begun=gevolgd.begun, gone=gevolgd.ended),
        open_postvak=open_postvak,
        open_reading=lambda verwerking: Reading(database, verwerking),
        verwerkingenlog=verwerkingenlog,
        kanalen=settings.kanalen,
        gevraagde_handelingen=settings.gevraagde_handelingen,
    )


class Application(Starlette):
    """Starlette's application, past which WebSockets go to the view at once.

    A socket keeps its call stack for as long as it lives, and what the middleware does (CORS, errors as pages) is
    for HTTP.
    """

    def __init__(
        self,
        view: GraphQLView,
        routes: Sequence[Route],
        middleware: Sequence[Middleware],
        lifespan: Lifespan[Starlette],
        *,
        hsts_seconds: int,
        access_log: bool,
    ) -> None:
        super().__init__(routes=routes, middleware=middleware, lifespan=lifespan)
        self._view = view
        self._recorded = {route.path for route in routes} if access_log else None
        # Around everything, so that an answer to what broke has them as well.
        self._http = ProtectingHeaders(super().__call__, hsts_seconds=hsts_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what comes in."""
        if scope["type"] in ("http", "websocket"):
            send = identified(scope, send)
        if scope["type"] == "http" and self._recorded is not None:
            send = recorded(scope, send, self._recorded)
        if scope["type"] == "websocket" and scope["path"] == GRAPHQL_PATH:
            await self._view(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def passes(error: BaseException) -> bool:
    """Whether an error passes by itself: a database that is away comes back."""
    return isinstance(error, DatabaseOnbereikbaar)


def _serving(
    settings: Settings, schema: Schema, authenticate: Authenticator, page: GraphiQL | None, observer: Observer
) -> Serving:
    manners = Manners(
        page=page,
        allowed_origins=settings.allowed_origins,
        max_body_bytes=settings.max_body_bytes,
        max_query_bytes=settings.max_query_bytes,
        request_seconds=settings.request_seconds,
        connection_init_seconds=settings.connection_init_seconds,
        silence_seconds=settings.silence_seconds,
        retry_seconds=settings.poll_seconds,
        max_pending=settings.max_pending_bytes,
        sockets=crowd_limits(settings),
    )
    rules = document_rules(settings)
    executor = DocumentExecutor(executable(schema), rules, seconds=settings.max_execution_seconds)
    try:
        executor.documents.check_trusted()
    except TrustedUnusable as error:
        raise SettingsWrong(f"OVERDRACHT_TRUSTED_DOCUMENTS: {error}") from None
    return Serving(executor, authenticate, manners, format_error=formatted, passes=passes, observer=observer)
