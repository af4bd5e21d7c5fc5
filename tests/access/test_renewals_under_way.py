"""Looking up how a caller stands, and renewing what they came in with, while something else changes or begins."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.common.outage import Transient
from tests.support.client import Events, Stream
from tests.support.gates import Gate
from tests.support.server import Server
from tests.support.waiting import until
from tests.support.ways import beginning, each_way, ping, told
from tests.support.wires import COUNT, NOT_ALLOWED, RIGHTS, Wires, wired


@asynccontextmanager
async def looked_up(way: str, wires: Wires, server: Server, gate: Gate) -> AsyncIterator[Stream | Events]:
    """Who follows, while it is looked up how they stand: as an event stream begins, as a socket is renewed."""
    if way == "event stream":
        gate.hold()
        async with beginning(way, wires.client(server), gate) as begun:
            yield await begun
    else:
        async with wires.client(server).follow(COUNT) as stream:
            assert await stream.is_quiet()
            gate.hold()
            await stream.socket.send(ping("second"))
            await gate.reached()
            yield stream


@each_way
@pytest.mark.parametrize("last", ["two", "one"], ids=["others than before", "those from before"])
async def test_what_is_told_while_it_is_looked_up_how_a_caller_stands_is_newer_than_what_is_found(
    way: str, last: str
) -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, looked_up(way, wires, server, wires.looked) as stream:
        for rights in ("two", last):
            wires.change("vera", rights)
        wires.looked.release()
        await renewed(stream)
        await wires.numbers.come()
        assert await told(stream) == [(1, last)]


async def renewed(stream: Stream | Events) -> None:
    """A renewal is done, on a socket."""
    if isinstance(stream, Stream):
        assert (await stream.socket.receive())["type"] == "pong"


@each_way
async def test_what_is_found_when_it_is_looked_up_counts_though_other_rights_wait_to_be_gone_on_with(
    way: str,
) -> None:
    wires = Wires({"vera": "one"}, refuses={("three", "tel"): NOT_ALLOWED})
    async with wired(wires) as server, looked_up(way, wires, server, wires.looking) as stream:
        wires.numbers.opening.hold()
        wires.change("vera", "two")
        await wires.numbers.opening.reached()
        wires.change("vera", "three")
        wires.change("vera", "two", is_told=False)
        looks = wires.looks
        wires.looking.release()

        await until(lambda: wires.looks > looks)
        wires.numbers.opening.release()
        await renewed(stream)
        for number in (1, 2):
            await wires.numbers.come()
            assert await told(stream) == [(number, "two")]


async def test_what_changed_while_a_renewal_was_checked_counts_for_what_is_followed() -> None:
    """The token is checked against what the caller might before; what they may since then was told meanwhile."""
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).follow(COUNT) as stream:
        await wires.numbers.come()
        assert await told(stream) == [(1, "one")]
        wires.letting_in.hold()
        await stream.socket.send(ping("second"))
        await wires.letting_in.reached()
        wires.change("vera", "two")
        wires.letting_in.release()
        assert (await stream.socket.receive())["type"] == "pong"
        await wires.numbers.come()
        assert await told(stream) == [(2, "two")]
        wires.change("vera", "three")
        await wires.numbers.come()
        assert await told(stream) == [(3, "three")]
        assert wires.followers == 1


async def test_a_renewal_holds_though_other_rights_are_told_before_it_is_gone_on_with() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).follow(COUNT) as stream:
        await wires.numbers.come()
        assert await told(stream) == [(1, "one")]
        wires.numbers.opening.hold()
        wires.change("vera", "two")
        await wires.numbers.opening.reached()
        await stream.socket.send(ping("second"))

        await until(lambda: [session.token for session, _ in wires.watching.values()] == ["second"])
        wires.change("vera", "three")
        wires.ended.add("first")
        wires.numbers.opening.release()
        await renewed(stream)
        await stream.socket.subscribe(RIGHTS)
        answers = [await stream.socket.receive() for _ in range(2)]
        assert answers[0]["payload"] == {"data": {"rechten": "three"}}

        await until(lambda: wires.numbers.opened == 3)
        await wires.numbers.come()
        assert await told(stream) == [(2, "three")]


async def test_who_is_not_let_in_any_more_while_a_renewal_is_checked_is_closed_with_4401() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).follow(COUNT) as stream:
        wires.letting_in.hold()
        await stream.socket.send(ping("second"))
        await wires.letting_in.reached()
        wires.change("vera", None, is_told=False)
        wires.letting_in.release()
        assert await stream.socket.closed() == 4401


async def test_a_renewal_that_cannot_be_checked_for_now_closes_with_1013() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).socket() as socket:
        wires.fails = Transient()
        await socket.send(ping("second"))
        assert await socket.closed() == 1013


async def test_who_asks_something_when_it_cannot_be_looked_up_how_they_stand_is_closed_with_1013() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).socket() as socket:
        wires.fails = Transient()
        await socket.subscribe(RIGHTS)
        assert await socket.closed() == 1013


async def test_where_we_broke_as_it_is_looked_up_how_they_stand_that_operation_alone_is_refused() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).socket() as socket:
        wires.fails = RuntimeError("of ours")
        assert await (await socket.subscribe(RIGHTS)).refused() == ["INTERNE_FOUT"]
        wires.fails = None
        assert (await (await socket.subscribe(RIGHTS)).next())["rechten"] == "one"


async def test_a_token_that_is_renewed_while_an_operation_begins_is_the_one_that_counts() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).socket() as socket:
        wires.looking.hold()
        asked = await socket.subscribe(RIGHTS)
        await wires.looking.reached()
        await socket.send(ping("second"))
        await wires.looking.reached(2)
        wires.looking.release()
        answers = [await socket.receive() for _ in range(3)]
        assert sorted(message["type"] for message in answers) == ["complete", "next", "pong"]
        assert asked.id in {message.get("id") for message in answers}
        # What is told from now on goes with the second as well.
        wires.change("vera", "two")
        wires.ended.add("first")
        assert (await (await socket.subscribe(RIGHTS)).next())["rechten"] == "two"


async def test_what_is_told_while_an_operation_looks_up_how_its_caller_stands_counts_for_it() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).socket() as socket:
        wires.looked.hold()
        asked = await socket.subscribe(RIGHTS)
        await wires.looked.reached()
        wires.change("vera", "two")
        wires.looked.release()
        assert (await asked.next())["rechten"] == "two"


async def test_an_operation_that_began_with_a_token_that_ends_as_it_is_renewed_is_answered() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).socket() as socket:
        wires.looking.hold()
        asked = await socket.subscribe(RIGHTS)
        await wires.looking.reached()
        await socket.send(ping("second"))
        await wires.looking.reached(2)
        wires.ended.add("first")
        wires.looking.release()
        found = {message["type"]: message for message in [await socket.receive() for _ in range(3)]}
        assert found["next"] == {"id": asked.id, "type": "next", "payload": {"data": {"rechten": "one"}}}
        assert found.keys() == {"next", "complete", "pong"}


@pytest.mark.parametrize(("has_ended", "code"), [(True, 4403), (False, 4401)])
async def test_who_asks_something_when_they_are_not_let_in_any_more_is_told_so_and_sent_away(
    has_ended: bool, code: int
) -> None:
    """Whose token has ended comes back with a fresh one; anybody else stays away."""
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).socket() as socket:
        if has_ended:
            wires.ended.add("first")
        else:
            wires.change("vera", None, is_told=False)
        asked = await socket.subscribe(RIGHTS)
        assert await asked.refused() == ["NIET_AANGEMELD"]
        assert await socket.closed() == code
