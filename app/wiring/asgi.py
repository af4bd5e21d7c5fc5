"""The application: the one place that wires the concrete parts together."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan
from strawberry import Schema

from app.access.tokens import TokenReader
from app.api.context import UseCases
from app.api.declarations import SchemaDeclarations
from app.api.errors import formatted, passes, sends_away
from app.api.schema import build_schema, executable
from app.api.session import Authenticator
from app.domain.model import Gebeurtenis
from app.live.source import Source
from app.logs.lines import LogLines
from app.observing.figures import keys_figures, live_figures, loglines_figures, serving_figures
from app.service.at_hand import AtHand, Recent
from app.service.handle import Handle
from app.service.logins import Logins
from app.service.reading import Reading
from app.service.register import Register
from app.service.rows import ReadRows
from app.service.standing import Standing
from app.service.verwerkingenlog import Gevolgd, Verwerkingenlog
from app.service.writing import Writer
from app.settings import Settings, SettingsWrong
from app.storage.database import Database
from app.storage.migrate import check
from app.transport.connections.room import RoomBounds
from app.transport.execution.documents import TrustedUnusable
from app.transport.execution.executor import DocumentExecutor
from app.transport.http.handler import HttpHandler
from app.transport.http.headers import Cors
from app.transport.ports import Observer
from app.transport.serving import Manners, Serving
from app.transport.websocket.handshake import Handshakes
from app.web.spa import SCREENS
from app.wiring import watching
from app.wiring.application import GRAPHQL_PATH, Application
from app.wiring.parts import (
    Live,
    crowd_limits,
    document_rules,
    open_database,
    open_live,
    token_keys,
    token_rules,
    verwerkingenlog_lines,
)
from app.wiring.showing import Shown, open_shown

log = logging.getLogger(__name__)


def create_app(
    settings: Settings,
    *,
    workers: Path | None = None,
    demo_login: Sequence[BaseRoute] = (),
    screens: Path = SCREENS,
    schema: Schema | None = None,
) -> Starlette:
    """The server as an ASGI application. Refuses settings without usable keys with `SettingsWrong`.

    `workers` is a directory that it shares with the other serving processes on its port, where there are others.
    `demo_login` is where the demo lets a visitor choose who he is, `screens` the directory where they are built.
    `schema` is what it serves, where several serve the same; without it, it is built.
    """
    keys = token_keys(settings)
    observing = watching.open_observing(settings, workers)
    watcher = observing.watcher
    database = open_database(settings, waited=watcher.waited)
    lines = verwerkingenlog_lines(settings)
    verwerkingenlog = _verwerkingenlog(lines)
    live = open_live(settings, database)
    recent = Recent(keep_seconds=settings.poll_seconds)
    writer = Writer(
        database,
        live.bus.publish,
        watcher,
        by_system=verwerkingenlog.by_system,
        hand_over=partial(_hand_over, live, recent),
    )
    use_cases = _use_cases(settings, database, writer, live, recent, verwerkingenlog)
    logins = Logins(database, writer, keep_seconds=settings.login_seconds)
    standing = Standing(database, logins.forget, poll_seconds=settings.rights_poll_seconds)
    tokens = TokenReader(keys, token_rules(settings))
    authenticate = Authenticator(tokens, logins, standing, use_cases, watcher.login_refused)
    shown = open_shown(settings, demo_login, screens)
    schema = schema or build_schema()
    serving = _serving(settings, schema, authenticate, shown, watcher)
    # Names of employees and departments stand in both.
    standing.also_forget(recent.forget)
    standing.also_forget(serving.deliveries.forget_payloads)
    of_lines = loglines_figures(lines) if lines else []
    observing.show([*live_figures(live.bus, live.relay), *serving_figures(serving), *keys_figures(keys), *of_lines])
    readiness = watching.open_readiness(settings, database, live.bus, keys)
    # Outermost the log: what is ended with the others is still written down.
    parts: list[Part] = [
        *([lines] if lines else []),
        observing,
        readiness,
        keys,
        live.presence,
        live.relay,
        standing,
        serving,
    ]
    graphql = HttpHandler(serving)
    watched = watching.routes(settings, observing, readiness)
    routes = [Route(GRAPHQL_PATH, graphql), *watched, *shown.routes(), *demo_login]
    return Application(
        graphql,
        Handshakes(serving),
        routes,
        [Middleware(Cors, named=settings.allowed_origins, max_age=settings.cors_max_age_seconds)],
        _lifespan(settings, database, parts),
        hosts=settings.hosts,
        anywhere=watching.PATHS,
        hsts_seconds=settings.hsts_seconds,
        access_log=settings.access_log,
    )


class Part(Protocol):
    """Something that runs as long as the server does."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """It runs while this is open."""


def _lifespan(settings: Settings, database: Database, parts: Sequence[Part]) -> Lifespan[Starlette]:
    """What runs from before the first request until after the last one."""

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


def _verwerkingenlog(lines: LogLines | None) -> Verwerkingenlog:
    return Verwerkingenlog((lambda line: None) if lines is None else lines.write)


def _hand_over(live: Live, recent: Recent, facts: Sequence[Gebeurtenis], at_hand: AtHand) -> None:
    """Facts were committed here: whoever follows them here gets them at once, and what was at hand with them."""
    recent.keep(facts, at_hand)
    live.hub.hand_over(facts)


def _use_cases(
    settings: Settings,
    database: Database,
    writer: Writer,
    live: Live,
    recent: Recent,
    verwerkingenlog: Verwerkingenlog,
) -> UseCases:
    def open_postvak(gevolgd: Gevolgd) -> Source:
        opened = live.presence.opened(gevolgd.start.stream.id, gevolgd.login.medewerker_id)

        def gone(place: int) -> None:
            opened.close()
            gevolgd.ended(place)

        return Source(live.hub, gevolgd.start, begun=gevolgd.begun, gone=gone, there=opened.there)

    return UseCases(
        register=Register(writer, settings.kanalen),
        handle=Handle(writer),
        following=live.following,
        follow=lambda gevolgd: Source(live.hub, gevolgd.start, begun=gevolgd.begun, gone=gevolgd.ended),
        open_postvak=open_postvak,
        open_reading=lambda verwerking: Reading(database, verwerking),
        read_rows=ReadRows(database),
        recent=recent,
        verwerkingenlog=verwerkingenlog,
        kanalen=settings.kanalen,
        gevraagde_handelingen=settings.gevraagde_handelingen,
    )


def _serving(
    settings: Settings, schema: Schema, authenticate: Authenticator, shown: Shown, observer: Observer
) -> Serving:
    manners = Manners(
        page=shown.graphiql,
        allowed_origins=settings.allowed_origins,
        max_body_bytes=settings.max_body_bytes,
        max_query_bytes=settings.max_query_bytes,
        request_seconds=settings.request_seconds,
        connection_init_seconds=settings.connection_init_seconds,
        silence_seconds=settings.silence_seconds,
        ping_seconds=settings.presence_ping_seconds,
        answer_seconds=settings.presence_answer_seconds,
        retry_seconds=settings.poll_seconds,
        max_pending=settings.max_pending_bytes,
        room=RoomBounds(
            settings.max_answer_bytes, settings.max_answers_of_connection_bytes, settings.max_answers_bytes
        ),
        sockets=crowd_limits(settings),
    )
    rules = document_rules(settings, shown.documents)
    executor = DocumentExecutor(
        executable(schema),
        rules,
        SchemaDeclarations(schema),
        seconds=settings.max_execution_seconds,
        passes=passes,
    )
    try:
        executor.documents.check_trusted()
    except TrustedUnusable as error:
        of_screens = error.document_id in shown.documents
        name = "OVERDRACHT_SCREENS" if of_screens else "OVERDRACHT_TRUSTED_DOCUMENTS"
        raise SettingsWrong(f"{name}: {error}") from None
    return Serving(
        executor,
        authenticate,
        manners,
        format_error=formatted,
        passes=passes,
        sends_away=sends_away,
        observer=observer,
    )
