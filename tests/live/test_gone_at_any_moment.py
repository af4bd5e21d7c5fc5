"""A client that goes, at whatever moment, over a socket or an event stream: what was begun for it is let go."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from app.transport.connections.connection_counter import ConnectionLimits
from tests.support.gates import Gate
from tests.support.server import Server
from tests.support.waiting import until
from tests.support.ways import WAYS, beginning, each_way, follow
from tests.support.wires import COUNT, RIGHTS, SETTINGS, Wires, wired

ALONE = replace(
    SETTINGS,
    sockets=ConnectionLimits(of_address=1, of_caller=1, of_anonymous=100, operations=100, messages=10_000),
)
"""One connection at a time: who comes next has a place only where the one before left theirs."""


Which = Callable[[Wires], Gate]

MOMENTS: dict[str, tuple[Which, str]] = {
    "is let in": (lambda wires: wires.letting_in, COUNT),
    "has their rights looked at": (lambda wires: wires.looking, COUNT),
    "waits for what they follow": (lambda wires: wires.numbers.opening, COUNT),
    "waits for an answer": (lambda wires: wires.answering, RIGHTS),
}
each_moment = pytest.mark.parametrize(("gate", "document"), MOMENTS.values(), ids=MOMENTS)


@asynccontextmanager
async def one_at_a_time() -> AsyncIterator[tuple[Wires, Server]]:
    """A server with room for one connection, and a test of it. Behind it others come and are served."""
    wires = Wires({"vera": "one"}, settings=ALONE)
    async with wired(wires) as server:
        yield wires, server
        await wires.nothing_left()
        for way in WAYS:
            async with follow(way, wires.client(server)) as stream:
                await wires.numbers.come()
                assert (await stream.next())["tel"]["nummer"] == 1
            await wires.nothing_left()


@each_moment
async def test_of_a_socket_nothing_is_left_though_what_it_waited_for_never_comes(
    gate: Which, document: str
) -> None:
    async with one_at_a_time() as (wires, server):
        gate(wires).hold()
        async with beginning("socket", wires.client(server), gate(wires), document) as begun:
            begun.cancel()
        await wires.nothing_left()
        gate(wires).release()


@each_moment
async def test_of_an_event_stream_nothing_is_left_when_what_it_waited_for_has_come(
    gate: Which, document: str
) -> None:
    async with one_at_a_time() as (wires, server):
        gate(wires).hold()
        async with beginning("event stream", wires.client(server), gate(wires), document) as begun:
            begun.cancel()
        gate(wires).release()

        # It was carried out for nobody.
        await until(lambda: len(wires.calls) == 1)


async def test_of_an_event_stream_that_was_begun_nothing_is_left_though_its_rights_are_still_looked_at() -> None:
    async with one_at_a_time() as (wires, server):
        wires.looking.hold()
        async with beginning("event stream", wires.client(server), wires.looking):
            pass
        await wires.nothing_left()
        # Whatever is found, they are gone.
        wires.change("vera", "two", is_told=False)
        wires.looking.release()


GOING_ON: dict[str, Which] = {
    "going on with other rights": lambda wires: wires.numbers.opening,
    "being told something": lambda wires: wires.telling,
}


@each_way
@pytest.mark.parametrize("gate", GOING_ON.values(), ids=GOING_ON)
async def test_of_who_follows_nothing_is_left_though_they_wait_for(gate: Which, way: str) -> None:
    async with one_at_a_time() as (wires, server):
        async with follow(way, wires.client(server)) as stream:
            await wires.numbers.come()
            await stream.next()
            gate(wires).hold()
            wires.change("vera", "two")
            await wires.numbers.come()
            await gate(wires).reached()
        await wires.nothing_left()
        gate(wires).release()
