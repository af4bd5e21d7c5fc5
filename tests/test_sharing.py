"""What several select alike from one fact is executed once, and what they may see differently never mixes."""

import asyncio
from contextlib import AsyncExitStack

from app.api.transport.sharing import SharedPayloads
from tests.support.arrange import new_taak, registreer, taak
from tests.support.people import (
    BURGERZAKEN,
    DESK,
    LEZER,
    TOEZICHTHOUDER,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
    Person,
)
from tests.support.server import Server
from tests.support.statements import statements

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


async def test_a_fact_is_executed_once_for_1_and_for_40_subscribers(server: Server) -> None:
    eenheid = server.eenheden["VER"]

    async def cost_of_a_fact(subscribers: int, na: int) -> list[str]:
        async with AsyncExitStack() as stack:
            # Two people of one scope, who came in at different places.
            people = [server.as_((VERGUNNINGEN, VERGUNNINGEN_COLLEGA)[n % 2]) for n in range(subscribers)]
            streams = [
                await stack.enter_async_context(person.follow(POSTVAK, eenheid=eenheid, na=na - n % 2))
                for n, person in enumerate(people)
            ]
            for n, stream in enumerate(streams):
                for _ in range(n % 2 + 1):
                    await stream.next()
            with statements() as executed:
                await new_taak(server.as_(DESK), eenheid)
                last = [await stream.next() for stream in streams]
            assert all(fact == last[0] for fact in last)
            # Of what is executed meanwhile only the selection reads the contact by its id.
            return [statement for statement in executed if statement.startswith("SELECT klantcontact.id, ")]

    await new_taak(server.as_(DESK), eenheid)
    await new_taak(server.as_(DESK), eenheid)
    assert len(await cost_of_a_fact(40, na=1)) == 1
    assert len(await cost_of_a_fact(1, na=2)) == 1


async def test_what_is_selected_by_a_variable_is_not_shared_with_another_value_of_it(server: Server) -> None:
    eenheid, inbox = server.eenheden["VER"], server.as_(VERGUNNINGEN)
    async with (
        inbox.follow(POSTVAK, eenheid=eenheid, na=0, metKlantcontact=True) as whole,
        inbox.follow(POSTVAK, eenheid=eenheid, na=0, metKlantcontact=False) as bare,
    ):
        await new_taak(server.as_(DESK), eenheid)
        assert "ontstaanUitKlantcontact" in (await whole.next())["postvak"]["interneTaak"]
        assert "ontstaanUitKlantcontact" not in (await bare.next())["postvak"]["interneTaak"]


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
    while not slow.executed:
        await asyncio.sleep(0)
    asking[0].cancel()
    while slow.executed < 2:
        await asyncio.sleep(0)
    slow.let_go.set()
    assert await asyncio.gather(*asking[1:]) == [b"feit", b"feit"]
    assert slow.executed == 2
    assert await shared.payload(slow, "feit") == b"feit"
    assert slow.executed == 2
