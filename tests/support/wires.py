"""The transports by themselves, over real connections: a small schema, and callers of whom the test says what they
may and where they are held. So what happens between two steps happens exactly there.
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

MANNERS = TransportSettings(
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
    sockets=ConnectionLimits(of_address=1_000, of_caller=1_000, of_nobody=100, operations=100, messages=10_000),
)

Heard = Callable[["Session | None"], None]


@dataclass
class Wires:
    """Who may what, and where they are held.

    `rights` are those of a caller by name, None where they are not let in any more. `refuses` says of rights, and
    of what is followed, why it may not be. `ended` are the tokens that are valid no more; nobody is told.
    """

    rights: dict[str, str | None] = field(default_factory=dict)
    refuses: dict[tuple[str, str], Exception] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    fails: Exception | None = None
    """What looking how a caller stands comes to, where that fails."""
    letting_in: Gate = field(default_factory=Gate)
    looking: Gate = field(default_factory=Gate)
    looked: Gate = field(default_factory=Gate)
    """Where those wait who have read how a caller stands."""
    answering: Gate = field(default_factory=Gate)
    telling: Gate = field(default_factory=Gate)
    numbers: Counting = field(default_factory=Counting)
    others: Counting = field(default_factory=Counting)
    calls: list[Call] = field(default_factory=list)
    looks: int = 0
    """How often it was looked up how a caller stands."""
    contexts: int = 0
    """How many are not closed yet."""
    watching: dict[object, tuple["Session", Heard]] = field(default_factory=dict)
    manners: TransportSettings = MANNERS

    def __post_init__(self) -> None:
        schema = strawberry.Schema(query=Query, subscription=Subscription)
        rules = DocumentRules(LIMITS, {}, only_trusted=False, open=True)
        executor = DocumentExecutor(
            executable(schema), rules, SchemaDeclarations(schema), seconds=60, is_transient=is_transient
        )
        self.serving = Transport(
            executor,
            self.authenticate,
            self.manners,
            format_error=formatted,
            is_transient=is_transient,
            is_unauthorized=is_unauthorized,
        )

    def create(self, _: Settings) -> Starlette:
        """The application."""
        sockets = WebSocketRoute("/graphql", Handshakes(self.serving))
        routes = [Route("/graphql", HttpHandler(self.serving)), sockets]
        return Starlette(routes=routes, lifespan=lambda _: self.serving.running())

    async def authenticate(self, authorization: object) -> "Session":
        """Let in who says `Bearer <name> <token> <seconds>`, for so long, with the rights that they have when
        they come. The token has any name.
        """
        _, name, token, seconds = (str(authorization).split(" ") + 4 * [""])[:4]
        if (rights := self.rights.get(name)) is None or token in self.ended:
            raise not_logged_in()
        session = Session(self, name, token, rights, time() + int(seconds))
        await self.letting_in.passed()
        return session

    def client(self, server: Server, *, seconds: int = 3600) -> Client:
        """A client of `vera`, whose token is `first`, and valid for so long."""
        return server.with_token(f"vera first {seconds}")

    def change(self, name: str, rights: str | None, *, is_told: bool = True) -> None:
        """From now on a caller has other rights; whoever watches them is told, unless it went by unnoticed."""
        self.rights[name] = rights
        for session, heard in [*self.watching.values()] if is_told else ():
            if session.caller == name:
                heard(None if rights is None else replace(session, scope=rights))

    async def open(self, field: str, info: "Info", na: int | None) -> Numbers:
        """What is followed, by the name of a field; from now on where no place is said."""
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
        """How many follow anything."""
        return self.numbers.following + self.others.following

    async def nothing_left(self) -> None:
        """Wait until nothing is left of anybody who came."""
        await until(lambda: not any(self.left()))

    def left(self) -> Sequence[int]:
        """What is left of those who came: who follow, contexts, who is watched, connections, room, and places."""
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
    """A caller who was let in."""

    wires: Wires
    caller: str
    token: str
    scope: str
    valid_until: float

    @property
    def seconds_left(self) -> float:
        """How long what they came in with is still valid."""
        return 0 if self.token in self.wires.ended else max(self.valid_until - time(), 0)

    @property
    def is_expired(self) -> bool:
        """Whether it is no longer valid."""
        return self.seconds_left == 0

    async def renewed(self) -> "Session":
        """As they stand now."""
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
        """Have a function called when their rights change."""
        key = object()
        self.wires.watching[key] = (self, heard)

        def unwatch() -> None:
            del self.wires.watching[key]

        return unwatch

    def open_context(self, call: Call) -> "Context":
        """A fresh context."""
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
        """A fresh context for a number."""
        return Context(self.wires, self.scope, self.call)

    def begin_again(self) -> None:
        """Nothing was noted."""

    async def read(self, work: Callable[[Any], Awaitable[T]], *, alone: bool) -> T:
        """There is nothing to read."""
        return await work(None)

    async def close(self) -> None:
        """It is used no more."""
        self.wires.contexts -= 1


Info = StrawberryInfo[Context, None]


@strawberry.type
class Number:
    """A number that came."""

    @strawberry.field
    def nummer(self: Any) -> int:
        """Which."""
        return int(self)

    @strawberry.field
    async def rechten(self, info: Info) -> str:
        """The rights with which this was made."""
        await info.context.wires.telling.passed()
        return info.context.scope


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def rechten(self, info: Info) -> str:
        """The rights of who asks."""
        await info.context.wires.answering.passed()
        return info.context.scope


async def _tel(info: Info, na: int | None) -> AsyncIterable[int]:
    return await info.context.wires.open("tel", info, na)


async def _tel_anders(info: Info, na: int | None) -> AsyncIterable[int]:
    return await info.context.wires.open("telAnders", info, na)


@strawberry.type
class Subscription:
    """What can be followed."""

    tel: AsyncIterable[int] = strawberry.subscription(resolver=_tel, graphql_type=AsyncGenerator[Number, None])
    tel_anders: AsyncIterable[int] = strawberry.subscription(
        resolver=_tel_anders, graphql_type=AsyncGenerator[Number, None]
    )


@asynccontextmanager
async def wired(wires: Wires, *, send_buffer: int | None = None, **settings: Any) -> AsyncIterator[Server]:
    """A server of them. When it has stopped, nothing of anybody may be left."""
    async with serving(Settings(**settings), {}, create=wires.create, send_buffer=send_buffer) as server:
        yield server
    assert set(wires.left()) == {0}, wires.left()
