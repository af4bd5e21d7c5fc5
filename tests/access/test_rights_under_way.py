"""Rights that change in the midst of something, over sockets and event streams alike: while a caller is let in,
while what they follow begins or goes on.
"""

from collections.abc import Awaitable
from contextlib import AsyncExitStack

import pytest
import websockets

from app.common.outage import Transient
from tests.support.client import Events, Socket, Stream
from tests.support.waiting import until
from tests.support.ways import Told, beginning, each_way, ended, follow, refusal, said, told
from tests.support.wires import COUNT, COUNT_OTHERS, NOT_ALLOWED, Wires, wired


async def told_on(socket: Socket, many: int) -> dict[str, list[Told]]:
    """What the next messages tell, by the id of their operation."""
    found: dict[str, list[Told]] = {}
    for _ in range(many):
        message = await socket.receive()
        found.setdefault(message["id"], []).append(said(message["payload"]["data"]))
    return found


@each_way
async def test_who_follows_goes_on_from_their_place_with_the_rights_that_they_have_now(way: str) -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, follow(way, wires.client(server)) as stream:
        for rights in ("one", "two", "one"):
            wires.change("vera", rights)
            place = wires.numbers.last
            await wires.numbers.come(3)
            assert await told(stream, 3) == [(place + one, rights) for one in (1, 2, 3)]
        # Where their rights are the same nothing is begun anew.
        assert wires.numbers.opened == 3


@each_way
async def test_nothing_is_told_with_the_rights_before_while_going_on_waits(way: str) -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, follow(way, wires.client(server)) as stream:
        await wires.numbers.come()
        assert await told(stream) == [(1, "one")]
        wires.numbers.opening.hold()
        wires.change("vera", "two")
        await wires.numbers.opening.reached()
        assert wires.followers == 0
        await wires.numbers.come(2)
        wires.numbers.opening.release()
        assert await told(stream, 2) == [(2, "two"), (3, "two")]


async def test_nothing_is_told_with_the_rights_before_on_a_socket_while_another_operation_goes_on() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).follow(COUNT) as first:
        second = await first.socket.subscribe(COUNT_OTHERS)
        await wires.numbers.come()
        assert await told_on(first.socket, 1) == {first.id: [(1, "one")]}
        await wires.others.come()
        assert await told_on(first.socket, 1) == {second.id: [(1, "one")]}
        wires.numbers.opening.hold()
        wires.change("vera", "two")
        await wires.numbers.opening.reached()
        assert wires.followers == 0
        await wires.others.come()
        wires.numbers.opening.release()
        assert await told_on(first.socket, 1) == {second.id: [(2, "two")]}


@each_way
async def test_of_several_changes_while_going_on_waits_only_the_last_one_counts(way: str) -> None:
    wires = Wires({"vera": "one"}, refuses={("three", "tel"): NOT_ALLOWED})
    async with wired(wires) as server, follow(way, wires.client(server)) as stream:
        await wires.numbers.come()
        assert await told(stream) == [(1, "one")]
        wires.numbers.opening.hold()
        wires.change("vera", "two")
        await wires.numbers.opening.reached()
        # As they are being gone on with: what came between does not count any more.
        for rights in ("three", "two"):
            wires.change("vera", rights)
        assert wires.numbers.opening.waiting == 1, "one after the other"
        wires.numbers.opening.release()
        await wires.numbers.come(2)
        assert await told(stream, 2) == [(2, "two"), (3, "two")]
        assert wires.followers == 1


@each_way
async def test_what_may_be_followed_no_more_ends_with_its_refusal_and_is_not_told_any_further(way: str) -> None:
    wires = Wires({"vera": "one"}, refuses={("two", "tel"): NOT_ALLOWED})
    async with wired(wires) as server, follow(way, wires.client(server)) as stream:
        await wires.numbers.come()
        assert await told(stream) == [(1, "one")]
        wires.change("vera", "two")
        await wires.numbers.come()
        assert await refusal(stream) == ["NIET_BEVOEGD"]
        assert wires.followers == 0
        if way == "socket":
            assert await ended(stream) == 4401


@each_way
async def test_who_is_not_let_in_any_more_is_told_nothing_further(way: str) -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, follow(way, wires.client(server)) as stream:
        await wires.numbers.come()
        assert await told(stream) == [(1, "one")]
        wires.change("vera", None)
        await wires.numbers.come()
        assert await ended(stream) == (4401 if way == "socket" else None)


@each_way
async def test_who_cannot_go_on_for_now_is_sent_to_come_back_with_their_place(way: str) -> None:
    wires = Wires({"vera": "one"}, refuses={("two", "tel"): Transient()})
    async with wired(wires) as server:
        async with follow(way, wires.client(server)) as stream:
            await wires.numbers.come()
            assert await told(stream) == [(1, "one")]
            wires.change("vera", "two")
            assert await ended(stream) == (1013 if way == "socket" else None)
        wires.refuses.clear()
        await wires.numbers.come()
        async with follow(way, wires.client(server), na=1) as again:
            assert await told(again) == [(2, "two")]


@each_way
async def test_rights_that_changed_while_it_began_are_those_with_which_it_is_told(way: str) -> None:
    wires = Wires({"vera": "one"})
    await wires.numbers.come(3)
    opening = wires.numbers.opening
    opening.hold()
    async with wired(wires) as server, beginning(way, wires.client(server), opening, na=1) as begun:
        wires.change("vera", "two")
        opening.release()
        stream = await begun
        assert await told(stream, 2) == [(2, "two"), (3, "two")]
        await wires.numbers.come()
        assert await told(stream) == [(4, "two")]
        assert wires.followers == 1


@each_way
async def test_who_follows_from_now_on_misses_nothing_by_rights_that_changed_while_it_began(way: str) -> None:
    wires = Wires({"vera": "one"})
    await wires.numbers.come(3)
    placed = wires.numbers.placed
    placed.hold()
    async with wired(wires) as server, beginning(way, wires.client(server), placed, na=None) as begun:
        wires.change("vera", "two")
        await wires.numbers.come()
        placed.release()
        assert await told(await begun) == [(4, "two")]


@each_way
@pytest.mark.parametrize("na", [None, 1], ids=["from now on", "from a place"])
async def test_who_follows_goes_on_from_what_they_were_told_and_not_from_where_they_began(
    way: str, na: int | None
) -> None:
    wires = Wires({"vera": "one"})
    await wires.numbers.come(3)
    opening = wires.numbers.opening
    async with wired(wires) as server, follow(way, wires.client(server), na=na) as stream:
        await until_followed(wires)
        await wires.numbers.come()
        assert (await told(stream, 1 if na is None else 3))[-1] == (4, "one")
        opening.hold()
        wires.change("vera", "two")
        await opening.reached()
        await wires.numbers.come()
        opening.release()
        assert await told(stream) == [(5, "two")]


async def until_followed(wires: Wires) -> None:
    """Wait until somebody follows."""
    await until(lambda: wires.followers == 1)


async def ended_as_it_began(way: str, begun: Awaitable[Stream | Events]) -> int | None:
    """How a connection is ended on which nothing is followed yet, as `ended` tells it."""
    if way == "event stream":
        return await ended(await begun)
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await begun
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


@each_way
@pytest.mark.parametrize("rights", ["two", None], ids=["other rights", "not let in any more"])
async def test_rights_that_changed_while_they_were_let_in_count_from_the_beginning(
    way: str, rights: str | None
) -> None:
    wires = Wires({"vera": "one"})
    await wires.numbers.come()
    wires.letting_in.hold()
    async with wired(wires) as server, AsyncExitStack() as stack:
        begun = await stack.enter_async_context(beginning(way, wires.client(server), wires.letting_in))
        wires.change("vera", rights)
        wires.letting_in.release()
        if rights is None:
            assert await ended_as_it_began(way, begun) == (4401 if way == "socket" else None)
        else:
            assert await told(await begun) == [(1, rights)]


@each_way
async def test_nothing_is_told_before_it_is_known_how_a_caller_stands(way: str) -> None:
    wires = Wires({"vera": "one"})
    await wires.numbers.come()
    wires.looking.hold()
    async with wired(wires) as server, beginning(way, wires.client(server), wires.looking) as begun:
        wires.change("vera", "two", is_told=False)
        await wires.numbers.come()
        wires.looking.release()
        assert await told(await begun, 2) == [(1, "two"), (2, "two")]


@each_way
async def test_where_it_cannot_be_looked_up_how_a_caller_stands_they_are_sent_to_come_back(way: str) -> None:
    wires = Wires({"vera": "one"})
    wires.looking.hold()
    async with wired(wires) as server, AsyncExitStack() as stack:
        begun = await stack.enter_async_context(beginning(way, wires.client(server), wires.looking))
        wires.fails = Transient()
        wires.looking.release()
        assert await ended_as_it_began(way, begun) == (1013 if way == "socket" else None)


async def test_a_socket_stays_where_something_is_followed_that_began_with_the_rights_of_now() -> None:
    wires = Wires({"vera": "one"}, refuses={("two", "tel"): NOT_ALLOWED})
    async with wired(wires) as server, wires.client(server).follow(COUNT) as lost:
        await wires.numbers.come()
        assert await told(lost) == [(1, "one")]
        wires.numbers.opening.hold()
        wires.change("vera", "two")
        await wires.numbers.opening.reached()
        kept = await lost.socket.subscribe(COUNT_OTHERS)
        await wires.others.come()
        assert await told(kept) == [(1, "two")]
        wires.numbers.opening.release()
        assert await lost.refused() == ["NIET_BEVOEGD"]
        await wires.others.come()
        assert await told(kept) == [(2, "two")]


async def test_what_its_client_ended_while_it_waited_to_go_on_is_not_gone_on_with() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).follow(COUNT) as first:
        second = await first.socket.subscribe(COUNT_OTHERS)
        await wires.others.come()
        assert await told_on(first.socket, 1) == {second.id: [(1, "one")]}
        wires.numbers.opening.hold()
        wires.change("vera", "two")
        await wires.numbers.opening.reached()
        await second.complete()
        await first.socket.send({"type": "ping"})
        assert (await first.socket.receive())["type"] == "pong"
        wires.numbers.opening.release()
        await wires.numbers.come()
        assert await told(first) == [(1, "two")]
        assert (wires.followers, wires.others.opened) == (1, 1)
