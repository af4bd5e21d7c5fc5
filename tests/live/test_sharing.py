"""What several select alike from one fact is executed once, and what they may see differently never mixes."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice

from app.settings import Settings
from app.transport.delivery.sharing import SharedPayloads
from tests.support import waiting
from tests.support.arrange import new_taak, registreer, taak
from tests.support.client import Events, Socket
from tests.support.figures import figures, until, with_figures
from tests.support.people import (
    BURGERZAKEN,
    DESK,
    LEZER,
    TOEZICHTHOUDER,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
    Person,
)
from tests.support.server import Server, serving
from tests.support.statements import statements
from tests.support.template import Template
from tests.support.tokens import newcomer

POSTVAK = """
subscription ($eenheid: ID!, $na: Int, $metKlantcontact: Boolean = true) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer
    door { naam }
    interneTaak {
      versie
      ontstaanUitKlantcontact @include(if: $metKlantcontact) { onderwerp interneTaken { id } }
    }
  }
}
"""

TAAK = """
subscription ($taak: ID!) {
  interneTaak(id: $taak, naVersie: 0) { interneTaak { ontstaanUitKlantcontact { interneTaken { id } } } }
}
"""


EARLIER = 3
"""So many facts stand in the inbox before: subscribers come in after any of these places."""

SIZES = [12] * 14 + [1] * 24
"""So many subscriptions has each of the sockets; the rest of the 200 are event streams."""


@dataclass
class Audience:
    """Subscribers of one inbox, of one scope, over both transports, who came in at different places."""

    server: Server
    people: Sequence[Person]
    sockets: list[tuple[Socket, int]] = field(default_factory=list)
    """Each with how many subscriptions it has."""
    streams: list[Events] = field(default_factory=list)

    @asynccontextmanager
    async def gathered(self, sizes: Sequence[int], streams: int, end: int) -> AsyncIterator[None]:
        """Sockets with so many subscriptions each, and streams, all of which have read up to the end."""
        places, people = cycle(range(end - EARLIER, end + 1)), cycle(self.people)
        async with AsyncExitStack() as stack:
            for size in sizes:
                socket = await stack.enter_async_context(self.server.as_(next(people)).socket())
                await self._subscribe(socket, list(islice(places, size)), end)
            for na in islice(places, streams):
                self.streams.append(await stack.enter_async_context(self._follow(next(people), na)))
                await self._read(self.streams[-1], na, end)
            everybody = float(sum(sizes) + streams)
            await until(self.server, subscriptions=everybody, subscriptions_catching_up=0.0)
            yield

    async def _read(self, stream: Events, na: int, end: int) -> None:
        assert [(await stream.event()).id for _ in range(na, end)] == [str(n + 1) for n in range(na, end)]

    async def _subscribe(self, socket: Socket, places: list[int], end: int) -> None:
        for na in places:
            await socket.subscribe(POSTVAK, eenheid=self.server.eenheden["VER"], na=na)
        await frames(socket, sum(end - na for na in places))
        self.sockets.append((socket, len(places)))

    def _follow(self, person: Person, na: int) -> AbstractAsyncContextManager[Events]:
        return self.server.as_(person).events(POSTVAK, eenheid=self.server.eenheden["VER"], na=na)

    async def next(self) -> list[str]:
        """What each subscriber got of the next fact, as it came over the wire."""
        texts = [text for socket, size in self.sockets for text in await frames(socket, size)]
        payloads = [text.partition('"payload":')[2].removesuffix("}") for text in texts]
        return payloads + [(await stream.event()).text for stream in self.streams]


async def frames(socket: Socket, count: int) -> list[str]:
    """The texts of so many messages, each the `next` of an operation."""
    texts = [await socket.receive_text() for _ in range(count)]
    assert [text for text in texts if json.loads(text)["type"] != "next"] == []
    return texts


async def test_a_fact_is_executed_once_for_1_and_for_200_subscribers(
    settings: Settings, template: Template
) -> None:
    # A poll would come in between at any time.
    watched = with_figures(settings).model_copy(update={"poll_seconds": 60.0})
    people = (VERGUNNINGEN, VERGUNNINGEN_COLLEGA, newcomer("VER"), newcomer("VER"))

    async def next_fact(server: Server, audience: Audience) -> tuple[list[str], list[str], float]:
        """What all got, the statements that were executed for it, and how often the selection was."""
        before = (await figures(server))["payloads_made_total"]
        with statements() as executed:
            await new_taak(server.as_(DESK), server.eenheden["VER"])
            got = await audience.next()
        made = (await figures(server))["payloads_made_total"] - before
        # Leases are renewed beside it.
        return got, sorted(one for one in executed if "postvak_lease" not in one), made

    async with serving(watched, template.eenheden) as server:
        for _ in range(EARLIER):
            await new_taak(server.as_(DESK), server.eenheden["VER"])
        many, one = Audience(server, people), Audience(server, people)
        async with many.gathered(SIZES, 200 - sum(SIZES), end=EARLIER):
            # Those who came in earlier were sent what was made for the first of them.
            assert (await figures(server))["payloads_made_total"] == EARLIER
            got_by_many, statements_for_many, made_for_many = await next_fact(server, many)
        await until(server, subscriptions=0.0)
        async with one.gathered([1], 0, end=EARLIER + 1):
            got_by_one, statements_for_one, made_for_one = await next_fact(server, one)

    assert (len(got_by_many), len(set(got_by_many)), len(got_by_one)) == (200, 1, 1)
    assert json.loads(got_by_many[0])["data"]["postvak"]["volgnummer"] == EARLIER + 1
    assert made_for_many == made_for_one == 1
    (reads_for_many, others_for_many), (reads_for_one, others_for_one) = (
        apart(statements_for_many),
        apart(statements_for_one),
    )
    assert others_for_many == others_for_one
    # The fact itself is at hand. A late hint of an earlier one has the stream read, once for the process.
    assert max(len(reads_for_many), len(reads_for_one)) <= 1
    assert len([sql for sql in others_for_many if sql.startswith("SELECT this.")]) == 1


def apart(executed: Sequence[str]) -> tuple[list[str], list[str]]:
    """The reads of a stream, and the other statements."""
    reads = [sql for sql in executed if sql.startswith("SELECT gebeurtenis.") and "gebeurtenis.volgnummer >" in sql]
    return reads, [sql for sql in executed if sql not in reads]


async def test_what_is_selected_by_a_variable_is_not_shared_with_another_value_of_it(server: Server) -> None:
    eenheid, inbox = server.eenheden["VER"], server.as_(VERGUNNINGEN)
    async with (
        inbox.follow(POSTVAK, eenheid=eenheid, na=0, metKlantcontact=True) as whole,
        inbox.follow(POSTVAK, eenheid=eenheid, na=0, metKlantcontact=False) as bare,
    ):
        await new_taak(server.as_(DESK), eenheid)
        assert "ontstaanUitKlantcontact" in (await whole.next())["postvak"]["interneTaak"]
        assert "ontstaanUitKlantcontact" not in (await bare.next())["postvak"]["interneTaak"]


async def test_what_one_operation_of_a_document_selects_is_not_shared_with_another_of_the_same(
    server: Server,
) -> None:
    two = """
    subscription Kort($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid, na: 0) { volgnummer } }
    subscription Lang($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid, na: 0) { volgnummer soort } }
    """
    eenheid = server.eenheden["VER"]
    await new_taak(server.as_(DESK), eenheid)
    async with server.as_(VERGUNNINGEN).socket() as socket:
        for name in ("Kort", "Lang"):
            payload = {"query": two, "operationName": name, "variables": {"eenheid": eenheid}}
            await socket.send({"id": name, "type": "subscribe", "payload": payload})
        told = [await socket.receive() for _ in range(2)]
    assert {message["id"]: message["payload"]["data"]["postvak"] for message in told} == {
        "Kort": {"volgnummer": 1},
        "Lang": {"volgnummer": 1, "soort": "GEREGISTREERD"},
    }


async def test_each_scope_gets_what_it_may_see(server: Server) -> None:
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    contact = await registreer(server.as_(DESK), taak(ver), taak(bur))
    first, second = (task["id"] for task in contact["interneTaken"])
    may_see = [
        (DESK, first, {first, second}),
        (TOEZICHTHOUDER, first, {first, second}),
        (VERGUNNINGEN, first, {first}),
        (LEZER, first, {first}),
        (BURGERZAKEN, second, {second}),
        (DESK, second, {first, second}),
    ]

    async def follow(person: Person, task: str) -> set[str]:
        async with server.as_(person).follow(TAAK, taak=task) as card:
            fact = (await card.next())["interneTaak"]
            return {found["id"] for found in fact["interneTaak"]["ontstaanUitKlantcontact"]["interneTaken"]}

    for _ in range(3):
        seen = await asyncio.gather(*(follow(person, task) for person, task, _ in may_see))
        assert seen == [tasks for _, _, tasks in may_see]


class Slow:
    """A selection that waits until it is let go, and counts how often it was executed."""

    def __init__(self) -> None:
        self.key = "the same for all"
        self.let_go = asyncio.Event()
        self.executed = 0

    async def payload(self, event: str) -> bytes:
        self.executed += 1
        await self.let_go.wait()
        return event.encode()


async def test_who_leaves_in_the_midst_of_an_execution_leaves_it_to_another() -> None:
    shared, slow = SharedPayloads(), Slow()
    asking = [asyncio.create_task(shared.payload(slow, "feit")) for _ in range(3)]
    await waiting.until(lambda: slow.executed)
    asking[0].cancel()
    await waiting.until(lambda: slow.executed >= 2)
    slow.let_go.set()
    assert await asyncio.gather(*asking[1:]) == [b"feit", b"feit"]
    assert slow.executed == 2
    assert await shared.payload(slow, "feit") == b"feit"
    assert slow.executed == 2
