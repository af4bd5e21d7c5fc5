"""How an event stream is refused and how it ends, as strictly as a socket; and what is asked behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.common.outage import Transient
from app.domain.organisation import LoginGeweigerd
from app.transport.connections.answer_budget import AnswerBudgetLimits
from app.transport.connections.connection_counter import ConnectionLimits
from tests.support.client import PATIENCE, Client, Event, Events, Stream
from tests.support.gates import Gate
from tests.support.raw import exchanged, status
from tests.support.slow import SMALL, slow_events
from tests.support.waiting import until
from tests.support.ways import beginning, each_way, follow
from tests.support.wires import COUNT, NOT_ALLOWED, RIGHTS, SETTINGS, Wires, wired


@each_way
async def test_where_there_is_no_more_it_is_complete(way: str) -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, follow(way, wires.client(server)) as stream:
        await wires.numbers.come()
        assert (await stream.next())["tel"]["nummer"] == 1
        await wires.numbers.end()
        if isinstance(stream, Stream):
            assert (await stream.message())["type"] == "complete"
            assert await is_free(stream)
        else:
            assert await stream.event() == Event("complete", None, None)
            assert await stream.ended()
        assert wires.followers == 0


@each_way
async def test_where_we_broke_it_ends_and_says_so(way: str, caplog: pytest.LogCaptureFixture) -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, follow(way, wires.client(server)) as stream:
        await wires.numbers.come()
        assert (await stream.next())["tel"]["nummer"] == 1
        await wires.numbers.end(RuntimeError("of ours"))
        if isinstance(stream, Stream):
            assert await stream.refused() == ["INTERNE_FOUT"]
            assert await is_free(stream)
        else:
            told = await stream.event()
            assert (told.name, told.id) == ("next", None)
            assert [error["extensions"]["code"] for error in told.data["errors"]] == ["INTERNE_FOUT"]
            assert await stream.event() == Event("complete", None, None)
            assert await stream.ended()
        assert wires.followers == 0
    assert [record.levelname for record in caplog.records if record.name.startswith("app.")] == ["ERROR"]


class NotNow(Gate):
    """Where whoever comes first is told to come back."""

    def __init__(self) -> None:
        super().__init__()
        self.came = 0

    async def passed(self) -> None:
        self.came += 1
        if self.came == 1:
            raise Transient


@each_way
async def test_what_cannot_be_told_for_a_reason_that_passes_is_told_when_it_can(way: str) -> None:
    gate = NotNow()
    wires = Wires({"vera": "one"}, telling=gate)
    async with wired(wires) as server, follow(way, wires.client(server)) as stream:
        await wires.numbers.come()
        assert (await stream.next())["tel"] == {"nummer": 1, "rechten": "one"}
        assert gate.came == 2


async def is_free(stream: Stream) -> bool:
    """Whether an operation may begin by the id of one that has ended."""
    await stream.socket.send({"id": stream.id, "type": "subscribe", "payload": {"query": RIGHTS}})
    return bool(await stream.next() == {"rechten": "one"})


@asynccontextmanager
async def on_one_connection(client: Client) -> AsyncIterator[Client]:
    """The same client with a connection of its own, which it keeps."""
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as http:
        yield replace(client, http=http)


async def follow_to_the_end(wires: Wires, client: Client) -> None:
    """Follow until the server says that there is no more."""
    async with client.events(COUNT) as events:
        await wires.numbers.end()
        assert (await events.event()).name == "complete"
        assert await events.ended()
    assert not wires.watching
    assert len(wires.serving.idle_watch) == 0


async def test_what_is_asked_behind_it_on_its_connection_outlives_the_token_that_it_had() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, on_one_connection(wires.client(server, seconds=1)) as client:
        await follow_to_the_end(wires, client)
        wires.answering.hold()
        asked = asyncio.create_task(replace(client, token="vera second 3600").post(RIGHTS))
        await wires.answering.reached()
        async with wires.client(server, seconds=1).socket() as later:
            assert await later.closed() == 4403
        wires.answering.release()
        assert (await asked).json() == {"data": {"rechten": "one"}}


async def test_what_is_asked_behind_it_on_its_connection_is_answered_though_the_server_stops() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, on_one_connection(wires.client(server)) as client:
        await follow_to_the_end(wires, client)
        wires.answering.hold()
        asked = asyncio.create_task(client.post(RIGHTS))
        async with wires.client(server).socket() as idle:
            await wires.answering.reached()
            server.stop()
            assert await idle.closed() == 1012
        wires.answering.release()
        assert (await asked).json() == {"data": {"rechten": "one"}}


async def test_one_that_begins_as_the_server_stops_is_broken_off() -> None:
    wires = Wires({"vera": "one"})
    opening = wires.numbers.opening
    opening.hold()
    async with (
        wired(wires, drain_seconds=10 * PATIENCE) as server,
        wires.client(server).socket() as idle,
        beginning("event stream", wires.client(server), opening) as begun,
    ):
        server.stop()
        assert await idle.closed() == 1012
        opening.release()
        events = await begun
        assert isinstance(events, Events)
        with pytest.raises(httpx.RemoteProtocolError):
            await events.event()


REFUSALS: dict[str, tuple[Exception, int, dict[str, str], str]] = {
    "for now": (Transient(), 503, {"retry-after": "5"}, "NIET_BESCHIKBAAR"),
    "since they left": (
        LoginGeweigerd("away"),
        401,
        {"www-authenticate": "Bearer"},
        "NIET_AANGEMELD",
    ),
    "since they may not": (NOT_ALLOWED, 200, {}, "NIET_BEVOEGD"),
    "since we broke": (RuntimeError("of ours"), 200, {}, "INTERNE_FOUT"),
}


@pytest.mark.parametrize(("why", "answer", "headers", "code"), REFUSALS.values(), ids=REFUSALS)
async def test_who_is_refused_is_told_why_by_the_status_where_it_has_one_and_leaves_their_place(
    why: Exception, answer: int, headers: dict[str, str], code: str
) -> None:
    """What has a status of its own is not told by an event: a client would take its `complete` for the end."""
    wires = Wires({"vera": "one"}, refuses={("one", "tel"): why}, settings=with_places(1))
    async with wired(wires) as server:
        client = wires.client(server)
        for _ in range(2):
            async with client.events(COUNT) as events:
                assert events.response.status_code == answer
                assert headers.items() <= dict(events.response.headers).items()
                if answer == 200:
                    told = (await events.event()).data
                    assert (await events.event()).name == "complete"
                else:
                    await events.response.aread()
                    told = events.response.json()
                assert [error["extensions"]["code"] for error in told["errors"]] == [code]
        assert wires.numbers.opened == 0
        await wires.nothing_left()


def with_places(of_address: int, of_caller: int = 100) -> Any:
    """Manners with so many places for connections."""
    limits = ConnectionLimits(
        of_address=of_address, of_caller=of_caller, of_anonymous=100, operations=100, messages=10_000
    )
    return replace(SETTINGS, sockets=limits)


@each_way
@pytest.mark.parametrize(("of_address", "of_caller"), [(2, 100), (100, 2)], ids=["an address", "a caller"])
async def test_more_than_there_are_places_for_are_refused_until_one_is_left(
    way: str, of_address: int, of_caller: int
) -> None:
    wires = Wires({"vera": "one"}, settings=with_places(of_address, of_caller))
    async with wired(wires) as server:
        client = wires.client(server)
        async with client.socket():
            async with follow(way, client), client.events(COUNT) as one_more:
                assert one_more.response.status_code == 429
                assert one_more.response.headers["retry-after"] == "5"
            await until(lambda: has_place(client))
            async with client.events(COUNT) as events:
                assert events.response.status_code == 200
                async with client.events(COUNT) as one_more:
                    assert one_more.response.status_code == 429


async def has_place(client: Client) -> bool:
    """Whether there is a place for an event stream."""
    async with client.events(COUNT) as events:
        return events.response.status_code == 200


async def test_those_that_are_open_take_no_room_from_answers() -> None:
    """One caller has room for two refusals; ten follow."""
    wires = Wires(
        {"vera": "one"}, settings=replace(SETTINGS, budget=AnswerBudgetLimits(65_536, 65_536, 8 * 65_536))
    )
    async with wired(wires) as server:
        client = wires.client(server)
        async with AsyncExitStack() as stack:
            for _ in range(10):
                await stack.enter_async_context(client.events(COUNT))
            assert wires.serving.budget.pipes == []
            assert (await client.post(RIGHTS)).status_code == 200


async def test_one_that_is_not_read_for_long_is_broken_off_and_goes_on_behind_its_last_event() -> None:
    brief = replace(SETTINGS, silence_seconds=0.6, max_pending=16_384)
    wires = Wires({"vera": 1_000 * "r"}, settings=brief)
    async with wired(wires, send_buffer=SMALL) as server:
        got: list[str | None] = []
        async with slow_events(wires.client(server), COUNT) as events:
            await wires.numbers.come(60)
            await wires.nothing_left()
            with suppress(httpx.TransportError):
                while True:
                    got.append((await events.event()).id)
        assert len(got) < 60
        last = got[-1] if got else "0"
        async with wires.client(server).events(COUNT, last_event_id=last) as again:
            got += [(await again.event()).id for _ in range(60 - len(got))]
        assert got == [str(number) for number in range(1, 61)]


async def test_one_that_is_not_read_is_given_longer_than_an_answer() -> None:
    wires = Wires({"vera": 1_000 * "r"}, settings=replace(SETTINGS, max_pending=16_384))
    async with (
        wired(wires, send_buffer=SMALL, request_seconds=0.3) as server,
        slow_events(wires.client(server), COUNT) as events,
    ):
        await wires.numbers.come(60)
        await until(lambda: wires.serving.pending)
        # Whoever keeps the server waiting from now on is broken off after that time.
        assert status(await exchanged(server, b"POST /graphql HTTP/1.1\r\n")) == 408
        assert [(await events.event()).id for _ in range(60)] == [str(number) for number in range(1, 61)]
