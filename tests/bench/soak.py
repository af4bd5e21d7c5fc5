"""A soak: minutes or hours of what wears a server, and whether its memory and its stalls stay as they were.

Nothing that is asked is asked twice: documents with ids in their text, subscriptions that come and go, and contacts
that are registered.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, cycle
from time import monotonic

import orjson
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from tests.bench.documents import PATH, differing, following, mistaken, registration
from tests.bench.http import Connection
from tests.bench.ledger import Inbox, Ledger
from tests.bench.machine import Cores
from tests.bench.servers import OURS, MeasuringFailed, Server, running
from tests.bench.stalls import Stalls

DOCUMENTS, REGISTRATIONS, SOCKETS, STREAMS = "documents", "registrations", "sockets", "streams"
PARTS = (DOCUMENTS, REGISTRATIONS, SOCKETS, STREAMS)

_INBOXES = 20
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class SoakPlan:
    """What is done, for how long, while so many others follow an inbox and are told nothing but its facts."""

    parts: Sequence[str]
    minutes: float
    every_seconds: float
    """How often it is told how the server stands."""
    idle: int


@dataclass(frozen=True)
class Standing:
    """How a server stands after some time: its resident memory, and the longest that its event loop stood still
    since it was last looked at, as another process found.
    """

    minutes: float
    resident_mib: float
    stall_ms: float
    done: dict[str, int]

    def __str__(self) -> str:
        done = "  ".join(f"{what} {times:,}" for what, times in self.done.items())
        return (
            f"{self.minutes:7.2f} min  {self.resident_mib:7.1f} MiB  longest stall {self.stall_ms:6.1f} ms  {done}"
        )


async def run(plan: SoakPlan, cores: Cores, report: Callable[[Standing], None]) -> Ledger:
    """Wear a fresh server, and report how it stands again and again; returns what went wrong."""
    ledger = Ledger()
    try:
        async with running(OURS, _INBOXES, cores) as server:
            await _Soak(server, ledger).run(plan, report)
    except MeasuringFailed as failed:
        ledger.violation("failed", str(failed).encode())
    return ledger


class _Soak:
    def __init__(self, server: Server, ledger: Ledger) -> None:
        self._server = server
        self._ledger = ledger
        self._done: Counter[str] = Counter()
        self._numbers: Iterator[int] = count()

    async def run(self, plan: SoakPlan, report: Callable[[Standing], None]) -> None:
        began = monotonic()
        ways: dict[str, Callable[[Connection, Inbox], Awaitable[None]]] = {
            DOCUMENTS: self._ask,
            REGISTRATIONS: self._register,
            SOCKETS: self._follow_by_socket,
            STREAMS: self._follow_by_stream,
        }
        await self._a_fact_in_each_inbox()
        idle = [await self._connected(inbox) for _, inbox in zip(range(plan.idle), cycle(self._server.inboxes))]
        with Stalls(self._server.port) as stalls:
            async with asyncio.TaskGroup() as tasks:
                working = [tasks.create_task(self._over_and_over(part, ways[part])) for part in plan.parts]
                while (minutes := (monotonic() - began) / 60) < plan.minutes:
                    await asyncio.sleep(min(plan.every_seconds, (plan.minutes - minutes) * 60))
                    resident = self._server.tree.resident_kib() / 1024
                    passed = (monotonic() - began) / 60
                    report(Standing(passed, resident, stalls.longest() * 1000, dict(self._done)))
                for task in working:
                    task.cancel()
        for visitor in idle:
            visitor.leave()

    async def _a_fact_in_each_inbox(self) -> None:
        connection = Connection(self._server.port)
        for inbox in self._server.inboxes:
            await self._register(connection, inbox)
        connection.close()

    async def _over_and_over(self, part: str, do: Callable[[Connection, Inbox], Awaitable[None]]) -> None:
        connection = Connection(self._server.port)
        try:
            for inbox in cycle(self._server.inboxes):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await do(connection, inbox)
                self._done[part] += 1
        except ConnectionError as error:
            self._ledger.violation("connection lost", str(error).encode())
        except TimeoutError:
            self._ledger.violation("no answer in time", part.encode())
        finally:
            connection.close()

    async def _ask(self, connection: Connection, inbox: Inbox) -> None:
        """A document that nobody asked before; one of ten has a mistake."""
        number = next(self._numbers)
        has_mistake = number % 10 == 9
        body = mistaken(inbox.eenheid_id, number) if has_mistake else differing(inbox.eenheid_id, number)
        answer = await connection.post(body, inbox.token)
        if ("errors" in orjson.loads(answer.body)) != has_mistake:
            self._ledger.violation("answered otherwise", answer.body)

    async def _register(self, connection: Connection, inbox: Inbox) -> None:
        answer = await connection.post(registration(inbox.eenheid_id, f"#{next(self._numbers):08}#"), inbox.token)
        self._ledger.registered(answer.status, answer.body)

    async def _follow_by_socket(self, _: Connection, inbox: Inbox) -> None:
        """Follow until the first fact, and go: of two one without a word."""
        visitor = await self._connected(inbox)
        await visitor.told
        visitor.leave()

    async def _connected(self, inbox: Inbox) -> "Visitor":
        number = next(self._numbers)
        visitor = Visitor(inbox, following(inbox.eenheid_id, number), graceful=number % 2 == 0)
        await ws_connect(
            lambda: visitor,
            f"ws://127.0.0.1:{self._server.port}{PATH}",
            extra_headers={"Sec-WebSocket-Protocol": "graphql-transport-ws"},
            websocket_handshake_timeout=_PATIENCE_SECONDS,
            read_buffer_init_size=4096,
        )
        await visitor.acknowledged
        return visitor

    async def _follow_by_stream(self, _: Connection, inbox: Inbox) -> None:
        """Follow as server-sent events, and go when it has begun."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._server.port)
        body = following(inbox.eenheid_id, next(self._numbers))
        writer.write(
            (
                f"POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n"
                f"authorization: Bearer {inbox.token}\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\n\r\n"
            ).encode()
            + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head:
            self._ledger.violation("stream refused", head)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


class Visitor(WSListener):
    """A WebSocket with one operation, which it is told a first fact of."""

    def __init__(self, inbox: Inbox, payload: bytes, *, graceful: bool) -> None:
        self._inbox = inbox
        self._payload = payload
        self._graceful = graceful
        self._transport: WSTransport | None = None
        loop = asyncio.get_running_loop()
        self.acknowledged: asyncio.Future[None] = loop.create_future()
        self.told: asyncio.Future[None] = loop.create_future()

    def leave(self) -> None:
        """Go."""
        if self._transport is not None:
            if self._graceful:
                self._transport.send(WSMsgType.TEXT, b'{"id":"1","type":"complete"}')
            self._transport.disconnect(graceful=self._graceful)

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Say who it is."""
        self._transport = transport
        payload = {"authorization": f"Bearer {self._inbox.token}"}
        transport.send(WSMsgType.TEXT, orjson.dumps({"type": "connection_init", "payload": payload}))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Nothing will come any more."""
        for waiting in (self.acknowledged, self.told):
            if not waiting.done():
                waiting.set_exception(ConnectionError("the server closed a socket"))
                waiting.exception()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Subscribe, and look for the first fact."""
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            match orjson.loads(frame.get_payload_as_bytes())["type"]:
                case "connection_ack":
                    transport.send(WSMsgType.TEXT, b'{"id":"1","type":"subscribe","payload":%b}' % self._payload)
                    # Whoever waited for it may have been told to stop.
                    if not self.acknowledged.done():
                        self.acknowledged.set_result(None)
                case "ping":
                    transport.send(WSMsgType.TEXT, b'{"type":"pong"}')
                case "next" if not self.told.done():
                    self.told.set_result(None)
