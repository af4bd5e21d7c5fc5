"""The transports without the rest of the program, over real connections: a small schema, and callers whose rights a
test sets. Gates make a caller wait at exact points, so that a test can do something between two steps.
"""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from time import time
from typing import Any, TypeVar

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from strawberry.types import Info as StrawberryInfo

from app.graphql.errors import Code, formatted, is_transient, is_unauthorized, not_logged_in, refused
from app.graphql.reading.declarations import SchemaDeclarations
from app.graphql.schema import executable
from app.plans.allowance import Allowance
from app.settings import Settings
from app.transport.connections.answer_budget import AnswerBudgetLimits
from app.transport.connections.connection_counter import ConnectionLimits
from app.transport.execution.documents import DocumentRules
from app.transport.execution.executor import DocumentExecutor
from app.transport.http.handler import HttpHandler
from app.transport.ports import Call
from app.transport.transport import Transport, TransportSettings
from app.transport.websocket.handshake import Handshakes
from tests.support.client import Client
from tests.support.gates import Gate
from tests.support.limits import LIMITS
from tests.support.numbers import Counting, Numbers
from tests.support.server import Server, serving
from tests.support.waiting import until

T = TypeVar("T")

COUNT = "subscription ($na: Int = 0) { tel(na: $na) { nummer rechten } }"
COUNT_OTHERS = "subscription ($na: Int = 0) { telAnders(na: $na) { nummer rechten } }"
RIGHTS = "{ rechten }"
NOT_ALLOWED = refused(Code.NIET_BEVOEGD, "Dit is niet voor u te zien.")

SETTINGS = TransportSettings(
    page=None,
    allowed_origins=(),
    max_body_bytes=65_536,
    max_query_bytes=16_384,
    request_seconds=40,
    connection_init_seconds=40,
    silence_seconds=60,
    ping_seconds=60,
    answer_seconds=300,
    retry_seconds=0.01,
    max_pending=65_536,
    budget=AnswerBudgetLimits(1_048_576, 2_097_152, 16_777_216),
    sockets=ConnectionLimits(of_address=1_000, of_caller=1_000, of_anonymous=100, operations=100, messages=10_000),
)

Heard = Callable[["Session | None"], None]


@dataclass
class Wires:
    """The rights of callers, and the gates at which they can be made to wait.

    `rights` are by the caller's name; None means that they cannot log in any more. `refuses` has, by rights and
    name of a subscription field, the error with which it is refused. `ended` are expired tokens, without a
    notification.
    """

    rights: dict[str, str | None] = field(default_factory=dict)
    refuses: dict[tuple[str, str], Exception] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    fails: Exception | None = None
    """The error with which reading a caller's rights fails, if any."""
    letting_in: Gate = field(default_factory=Gate)
    looking: Gate = field(default_factory=Gate)
    looked: Gate = field(default_factory=Gate)
    """The gate after a caller's rights were read."""
    answering: Gate = field(default_factory=Gate)
    telling: Gate = field(default_factory=Gate)
    numbers: Counting = field(default_factory=Counting)
    others: Counting = field(default_factory=Counting)
    calls: list[Call] = field(default_factory=list)
    looks: int = 0
    """How often a caller's rights were read."""
    contexts: int = 0
    """The number of open contexts."""
    watching: dict[object, tuple["Session", Heard]] = field(default_factory=dict)
    settings: TransportSettings = SETTINGS

    def __post_init__(self) -> None:
        schema = strawberry.Schema(query=Query, subscription=Subscription)
        rules = DocumentRules(LIMITS, {}, only_trusted=False, open=True)
        executor = DocumentExecutor(
            executable(schema), rules, SchemaDeclarations(schema), seconds=60, is_transient=is_transient
        )
        self.serving = Transport(
            executor,
            self.authenticate,
            self.settings,
            format_error=formatted,
            is_transient=is_transient,
            is_unauthorized=is_unauthorized,
        )

    def create(self, _: Settings) -> Starlette:
        """Create the application."""
        sockets = WebSocketRoute("/graphql", Handshakes(self.serving))
        routes = [Route("/graphql", HttpHandler(self.serving)), sockets]
        return Starlette(routes=routes, lifespan=lambda _: self.serving.running())

    async def authenticate(self, authorization: object) -> "Session":
        """Log in with `Bearer <name> <token> <seconds>`: a caller with their current rights, a token with any name,
        and how long it is valid.
        """
        _, name, token, seconds = (str(authorization).split(" ") + 4 * [""])[:4]
        if (rights := self.rights.get(name)) is None or token in self.ended:
            raise not_logged_in()
        session = Session(self, name, token, rights, time() + int(seconds))
        await self.letting_in.passed()
        return session

    def client(self, server: Server, *, seconds: int = 3600) -> Client:
        """A client of `vera` with the token `first`, which is valid for `seconds`."""
        return server.with_token(f"vera first {seconds}")

    def change(self, name: str, rights: str | None, *, is_told: bool = True) -> None:
        """Change a caller's rights, and call the callbacks of those who watch them, unless not `is_told`."""
        self.rights[name] = rights
        for session, heard in [*self.watching.values()] if is_told else ():
            if session.caller == name:
                heard(None if rights is None else replace(session, scope=rights))

    async def open(self, field: str, info: "Info", na: int | None) -> Numbers:
        """Open the numbers of a subscription field, after `na` or from now on if it is None."""
        counting = self.numbers if field == "tel" else self.others
        await counting.opening.passed()
        if (refuses := self.refuses.get((info.context.scope, field))) is not None:
            raise refuses
        last = info.context.call.last_event_id
        place = na if last is None else int(last)
        numbers = Numbers(counting, counting.last if place is None else place)
        await counting.placed.passed()
        return numbers

    @property
    def followers(self) -> int:
        """The number of subscribers."""
        return self.numbers.following + self.others.following

    async def nothing_left(self) -> None:
        """Wait until nothing is left of any client."""
        await until(lambda: not any(self.left()))

    def left(self) -> Sequence[int]:
        """What is left of clients: subscribers, contexts, watched callers, connections, budgets, deliveries …"""
        serving = self.serving
        return [
            self.followers,
            self.contexts,
            len(self.watching),
            len(serving.idle_watch),
            len(serving.budget.pipes),
            serving.deliveries.subscriptions,
            serving.deliveries.groups,
            serving.pending,
        ]


@dataclass(frozen=True, eq=False)
class Session:
    """A logged-in caller."""

    wires: Wires
    caller: str
    token: str
    scope: str
    valid_until: float

    @property
    def seconds_left(self) -> float:
        """How many seconds the token is still valid."""
        return 0 if self.token in self.wires.ended else max(self.valid_until - time(), 0)

    @property
    def is_expired(self) -> bool:
        """Whether the token is no longer valid."""
        return self.seconds_left == 0

    async def renewed(self) -> "Session":
        """The session with the caller's current rights."""
        await self.wires.looking.passed()
        if self.wires.fails is not None:
            raise self.wires.fails
        rights = self.wires.rights[self.caller]
        await self.wires.looked.passed()
        self.wires.looks += 1
        if rights is None or self.is_expired:
            raise not_logged_in()
        return self if rights == self.scope else replace(self, scope=rights)

    def watch(self, heard: Heard) -> Callable[[], None]:
        """Call a function when their rights change, until the returned function is called."""
        key = object()
        self.wires.watching[key] = (self, heard)

        def unwatch() -> None:
            del self.wires.watching[key]

        return unwatch

    def open_context(self, call: Call) -> "Context":
        """Open a new context."""
        self.wires.calls.append(call)
        return Context(self.wires, self.scope, call)


class Context:
    """The context of an operation, or of a number."""

    def __init__(self, wires: Wires, scope: str, call: Call) -> None:
        self.wires = wires
        self.scope = scope
        self.call = call
        self.notes: Any = {}
        self.is_done = False
        self.refusals: list[str] = []
        self.allowance = Allowance(0, {}, 1)
        wires.contexts += 1

    def of_fact(self, event: int) -> "Context":
        """Open a new context for a number."""
        return Context(self.wires, self.scope, self.call)

    def begin_again(self) -> None:
        """Do nothing: nothing was recorded."""

    async def read(self, work: Callable[[Any], Awaitable[T]], *, alone: bool) -> T:
        """Call `work` without a reader: there is nothing to read."""
        return await work(None)

    async def close(self) -> None:
        """Close the context."""
        self.wires.contexts -= 1


Info = StrawberryInfo[Context, None]


@strawberry.type
class Number:
    """A number as an event."""

    @strawberry.field
    def nummer(self: Any) -> int:
        """The number itself."""
        return int(self)

    @strawberry.field
    async def rechten(self, info: Info) -> str:
        """The rights of the context in which this was executed."""
        await info.context.wires.telling.passed()
        return info.context.scope


@strawberry.type
class Query:
    """The queries."""

    @strawberry.field
    async def rechten(self, info: Info) -> str:
        """The rights of the caller."""
        await info.context.wires.answering.passed()
        return info.context.scope


async def _tel(info: Info, na: int | None) -> AsyncIterable[int]:
    return await info.context.wires.open("tel", info, na)


async def _tel_anders(info: Info, na: int | None) -> AsyncIterable[int]:
    return await info.context.wires.open("telAnders", info, na)


@strawberry.type
class Subscription:
    """The subscriptions."""

    tel: AsyncIterable[int] = strawberry.subscription(resolver=_tel, graphql_type=AsyncGenerator[Number, None])
    tel_anders: AsyncIterable[int] = strawberry.subscription(
        resolver=_tel_anders, graphql_type=AsyncGenerator[Number, None]
    )


@asynccontextmanager
async def wired(wires: Wires, *, send_buffer: int | None = None, **settings: Any) -> AsyncIterator[Server]:
    """A server with these transports. Fails if something of a client is left after it has stopped."""
    async with serving(Settings(**settings), {}, create=wires.create, send_buffer=send_buffer) as server:
        yield server
    assert set(wires.left()) == {0}, wires.left()
