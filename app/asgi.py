"""The application: the one place that wires the concrete parts together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from starlette.types import Lifespan, Receive, Scope, Send
from strawberry import Schema

from app.access.tokens import (
    PUBLIC_ALGORITHMS,
    SECRET_ALGORITHMS,
    Keys,
    KeysUnusable,
    TokenReader,
    TokenRules,
    keys_from_jwks,
    keys_from_pem,
    keys_from_secret,
)
from app.api.context import UseCases
from app.api.errors import formatted
from app.api.schema import build_schema, executable
from app.api.session import Authenticator
from app.api.transport.executor import DocumentExecutor
from app.api.transport.serving import Manners, Serving
from app.api.transport.view import GraphQLView
from app.live.bus import Bus
from app.live.hub import Hub
from app.live.relay import Relay
from app.live.source import Source
from app.metrics import Figure, Metrics, live_figures, serving_figures
from app.service.following import Following
from app.service.handle import Handle
from app.service.logins import Logins
from app.service.presence import Presence
from app.service.reading import Reading
from app.service.register import Register
from app.service.writing import Writer
from app.settings import Settings, SettingsWrong
from app.storage.database import Database
from app.storage.failures import DatabaseOnbereikbaar
from app.storage.migrate import check

GRAPHQL_PATH = "/graphql"
METRICS_PATH = "/metrics"


def create_app(settings: Settings) -> Starlette:
    """The server as an ASGI application. Refuses settings without usable keys with `SettingsWrong`."""
    tokens = TokenReader(token_keys(settings), token_rules(settings))
    database = open_database(settings)
    bus = open_bus(settings)
    following = Following(database, max_behind=settings.max_behind, head=lambda stream: hub.head(stream))
    hub = Hub(following.facts_after, retry_seconds=settings.poll_seconds)
    relay = Relay(bus, hub, following.ends, poll_seconds=settings.poll_seconds)
    presence = Presence(
        database, renew_seconds=settings.presence_renew_seconds, void_seconds=settings.presence_void_seconds
    )
    writer = Writer(database, bus.publish)
    use_cases = UseCases(
        register=Register(writer, settings.kanalen),
        handle=Handle(writer),
        following=following,
        follow=lambda start: Source(hub, start),
        open_postvak=lambda start, login: Source(hub, start, presence.opened(start.stream.id, login.medewerker_id)),
        open_reading=lambda scope: Reading(database, scope),
        kanalen=settings.kanalen,
        gevraagde_handelingen=settings.gevraagde_handelingen,
    )
    logins = Logins(database, writer, keep_seconds=settings.login_seconds)
    schema = build_schema()
    serving = _serving(settings, schema, Authenticator(tokens, logins, use_cases))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            await check(settings.database_url)
            async with presence.running(), relay.running(), serving.running():
                yield
        finally:
            await database.close()

    view = GraphQLView(schema, serving)
    routes = [Route(GRAPHQL_PATH, view), *_metrics(settings, live_figures(bus, relay) + serving_figures(serving))]
    return Application(view, routes, [_cors(settings)], lifespan)


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
    ) -> None:
        super().__init__(routes=routes, middleware=middleware, lifespan=lifespan)
        self._view = view

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what comes in."""
        if scope["type"] == "websocket" and scope["path"] == GRAPHQL_PATH:
            await self._view(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _metrics(settings: Settings, figures: Sequence[Figure]) -> list[Route]:
    """Where figures are shown: nowhere without a token."""
    return [Route(METRICS_PATH, Metrics(settings.metrics_token, figures))] if settings.metrics_token else []


def passes(error: BaseException) -> bool:
    """Whether an error passes by itself: a database that is away comes back."""
    return isinstance(error, DatabaseOnbereikbaar)


def _serving(settings: Settings, schema: Schema, authenticate: Authenticator) -> Serving:
    manners = Manners(
        graphiql=settings.graphiql,
        allowed_origins=settings.allowed_origins,
        connection_init_seconds=settings.connection_init_seconds,
        silence_seconds=settings.silence_seconds,
        retry_seconds=settings.poll_seconds,
        max_pending=settings.max_pending_bytes,
    )
    executor = DocumentExecutor(executable(schema))
    return Serving(executor, authenticate, manners, format_error=formatted, passes=passes)


def _cors(settings: Settings) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "last-event-id"],
    )


def open_database(settings: Settings) -> Database:
    """The database of the settings; it connects when it is first used."""
    return Database(
        settings.database_url,
        readers=settings.database_readers,
        synchronous=settings.sqlite_synchronous,
        wait_seconds=settings.database_wait_seconds,
    )


def open_bus(settings: Settings) -> Bus:
    """The hint bus of the settings; it connects when it runs."""
    return Bus(
        settings.broker_url,
        beat_seconds=settings.bus_beat_seconds,
        deaf_seconds=settings.bus_deaf_seconds,
        retry_seconds=settings.bus_retry_seconds,
    )


def token_keys(settings: Settings) -> Keys:
    """The one kind of key that is configured, and usable with the allowed algorithms."""
    given = {
        "OVERDRACHT_TOKEN_DEMO_KEY": settings.token_demo_key,
        "OVERDRACHT_TOKEN_KEY_FILE": settings.token_key_file,
        "OVERDRACHT_TOKEN_JWKS_FILE": settings.token_jwks_file,
    }
    names = [name for name, value in given.items() if value]
    if len(names) != 1:
        raise SettingsWrong(f"Exactly one of {', '.join(given)} must be set; tokens cannot be checked otherwise.")
    try:
        if settings.token_demo_key:
            return keys_from_secret(settings.token_demo_key)
        if settings.token_key_file:
            return keys_from_pem(settings.token_key_file)
        assert settings.token_jwks_file  # noqa: S101 - it is the one that is left
        return keys_from_jwks(settings.token_jwks_file)
    except KeysUnusable as error:
        raise SettingsWrong(f"{names[0]}: {error}.") from None


def token_rules(settings: Settings) -> TokenRules:
    """Which tokens are believed. A secret goes with HMAC only, a public key never: neither is mistaken."""
    secret = settings.token_demo_key is not None
    algorithms = settings.token_algorithms or (("HS256",) if secret else ("RS256", "PS256", "ES256", "EdDSA"))
    if not set(algorithms) <= (SECRET_ALGORITHMS if secret else PUBLIC_ALGORITHMS):
        raise SettingsWrong(
            f"OVERDRACHT_TOKEN_ALGORITHMS: with a demo key some of {', '.join(sorted(SECRET_ALGORITHMS))}; "
            f"with a public key some of {', '.join(sorted(PUBLIC_ALGORITHMS))}."
        )
    return TokenRules(
        algorithms=algorithms,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        leeway_seconds=settings.token_leeway_seconds,
        subject_claim=settings.claim_subject,
        name_claim=settings.claim_name,
        eenheden_claim=settings.claim_eenheden,
        rollen_claim=settings.claim_rollen,
    )
