"""What was used is freed when its last user lets go of it, so that memory stays as it is while the collector of
cyclic garbage looks at few objects at a time.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from graphql import DocumentNode, FieldNode, GraphQLSchema, Token
from graphql.execution.values import VariableValues
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.graphql.reading.declarations import SchemaDeclarations
from app.graphql.schema import build_schema, executable
from app.live.hub import Feed
from app.plans.plan import QueryPlan
from app.transport.connections.session_watch import SessionWatch
from app.transport.delivery.groups import Delivery, Group
from app.transport.execution.documents import Definition, Document, DocumentRefused, DocumentRules, Documents
from app.transport.server.responses import ResponsePipe
from app.transport.server.sockets import SocketPipe
from app.transport.websocket.handler import WebSocketHandler
from app.transport.websocket.operation import SocketOperation
from tests.support.arrange import new_taak
from tests.support.commands import ROOT
from tests.support.garbage import alive, nothing_collected
from tests.support.limits import LIMITS
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.raw import connected, request
from tests.support.server import NO_AUTHORITIES, Server
from tests.support.waiting import until

VALID = """
query Q%d {
  interneTaken(filter: { status: TE_DOEN }, first: 20) { edges { node { ...Rij } } pageInfo { endCursor } }
}
fragment Rij on InterneTaak { id ontstaanUitKlantcontact { nummer onderwerp } }
"""
DIFFERING = {
    "valid": VALID,
    "not valid": VALID.replace("onderwerp", "onbekend"),
    "no GraphQL": VALID + "}",
}
OF_DOCUMENTS = (Document, Definition, QueryPlan, DocumentNode, FieldNode, Token)


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return executable(build_schema())


@asynccontextmanager
async def documents(schema: GraphQLSchema) -> AsyncIterator[Documents]:
    rules = DocumentRules(LIMITS, {}, only_trusted=False, open=False)
    opened = Documents(schema, rules, SchemaDeclarations(build_schema()))
    yield opened
    opened.close()


@pytest.mark.parametrize("text", DIFFERING.values(), ids=DIFFERING)
async def test_of_documents_that_differ_no_more_is_alive_than_is_kept(schema: GraphQLSchema, text: str) -> None:
    async with documents(schema) as opened:
        for number in range(400):
            try:
                definition = (await opened.document(text % number, None)).definition(None)
                await opened.plan(definition, VariableValues({}, {}))
            except DocumentRefused:
                pass
        # 256 are kept; of those before them the last few may wait for the collector.
        assert alive(DocumentNode)["DocumentNode"] < 256 + 20


async def test_a_document_is_freed_when_its_last_user_lets_go_of_it(schema: GraphQLSchema) -> None:
    async with documents(schema) as opened:
        with nothing_collected():
            before = alive(*OF_DOCUMENTS)
        held = [opened.read(VALID % number) for number in range(3)]
        for document in held:
            assert isinstance(document.definition(None).plans.make(VariableValues({}, {})), QueryPlan)
        # What validating leaves is young: the collector finds that.
        with nothing_collected():
            assert alive(*OF_DOCUMENTS) - before >= Counter(Document=3, Definition=3, QueryPlan=3, DocumentNode=3)
            del document, held
            # What earlier tests left may go meanwhile.
            assert alive(*OF_DOCUMENTS) - before == Counter()


TELLING = """
subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid, na: 0) { volgnummer } }
"""
OF_CONNECTIONS = (
    SocketPipe,
    ResponsePipe,
    RequestResponseCycle,
    WebSocketHandler,
    SocketOperation,
    SessionWatch,
    Delivery,
    Group,
    Feed,
)

Use = Callable[[Server], Awaitable[Callable[[], Awaitable[None]]]]
"""Connects and does something; what it returns ends that."""


async def a_socket(server: Server, end: str) -> Callable[[], Awaitable[None]]:
    """A socket that follows an inbox, and how it ends."""
    opening = server.as_(VERGUNNINGEN).socket()
    socket = await opening.__aenter__()
    stream = await socket.subscribe(TELLING, eenheid=server.eenheden["VER"])
    await stream.next()

    async def leave() -> None:
        if end == "its client completes and closes":
            await stream.complete()
        if end == "its client is gone":
            socket.ws.transport.abort()
        if end == "the server closes it":
            await socket.send("no JSON")
            await socket.closed()
        await opening.__aexit__(None, None, None)

    return leave


async def a_strangers_socket(server: Server) -> Callable[[], Awaitable[None]]:
    """A socket whose client goes before it has said who it is."""
    opening = server.with_token(None).opened("graphql-transport-ws")
    socket = await opening.__aenter__()
    await socket.send({"type": "ping"})
    assert await socket.receive() == {"type": "pong"}

    async def leave() -> None:
        await opening.__aexit__(None, None, None)

    return leave


async def a_stream(server: Server) -> Callable[[], Awaitable[None]]:
    """An event stream of an inbox, whose client goes."""
    opening = server.as_(VERGUNNINGEN).events(TELLING, eenheid=server.eenheden["VER"])
    events = await opening.__aenter__()
    await events.next()

    async def leave() -> None:
        await opening.__aexit__(None, None, None)

    return leave


async def a_connection(server: Server, document: str) -> Callable[[], Awaitable[None]]:
    """A connection that is kept after an answer."""
    http = httpx.AsyncClient(timeout=server.http.timeout, verify=NO_AUTHORITIES)
    await http.post(server.graphql, json={"query": document}, headers={"authorization": f"Bearer {DESK.token()}"})
    return http.aclose


async def an_unanswered_request(server: Server) -> Callable[[], Awaitable[None]]:
    """A connection whose client goes in the midst of a request."""
    _, writer = await connected(server)
    head = f"authorization: Bearer {DESK.token()}", "content-type: application/json", "content-length: 100"
    writer.write(request("POST", "/graphql", *head, body=b"{"))

    async def leave() -> None:
        writer.close()

    return leave


USES: dict[str, Use] = {
    **{
        f"a socket: {end}": lambda server, end=end: a_socket(server, end)  # type: ignore[misc]
        for end in (
            "its client closes",
            "its client completes and closes",
            "its client is gone",
            "the server closes it",
        )
    },
    "a stranger's socket": a_strangers_socket,
    "an event stream": a_stream,
    "an answer": lambda server: a_connection(server, "{ kanalen }"),
    "a refusal": lambda server: a_connection(server, "{ kanalen"),
    "an unanswered request": an_unanswered_request,
}


# What a connection has has nothing to do with where it reads.
@pytest.mark.database("sqlite")
@pytest.mark.parametrize("use", USES.values(), ids=USES)
async def test_what_a_connection_had_is_freed_when_it_has_gone(server: Server, use: Use) -> None:
    """It may have lasted for hours, and the collector does not seek among what is as old as that."""
    await new_taak(server.as_(DESK), server.eenheden["VER"])
    # Whatever is made once for the first of a kind.
    await (await use(server))()
    with nothing_collected():
        before = alive(*OF_CONNECTIONS)
        leaving = [await use(server) for _ in range(3)]
        for leave in leaving:
            await leave()

        async def all_is_freed() -> bool:
            # To look at all that there is takes long: in between, others have their turn many times.
            for _ in range(100):
                await asyncio.sleep(0)
            return alive(*OF_CONNECTIONS) - before == Counter()

        await until(all_is_freed)


LOOKS = """
import gc
from app.common.garbage import settle

settle()
looked_at = []


def look(phase, info):
    if phase == "start":
        looked_at.append(sum(len(gc.get_objects(generation=one)) for one in range(info["generation"] + 1)))


gc.callbacks.append(look)
kept = [[] for _ in range(500_000)]
print(max(looked_at))
"""


async def test_however_much_lives_the_collector_looks_at_few_objects_at_a_time() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LOOKS, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    assert 2_000 <= int(printed) < 100_000
