"""Many clients reconnect at once, as after a server was killed: each gets exactly what they missed, and goes on."""

import asyncio
from contextlib import AsyncExitStack

from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.client import JSON, Stream
from tests.support.each import each
from tests.support.figures import figures, until, with_figures
from tests.support.people import DESK, LEZER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import serving
from tests.support.statements import statements
from tests.support.template import Template

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer interneTaak { id ontstaanUitKlantcontact { onderwerp } }
  }
}
"""

FACTS, MISSED, MANY = 10, 3, 100


async def facts(stream: Stream, count: int) -> list[JSON]:
    return [(await stream.next())["postvak"] for _ in range(count)]


async def test_many_who_come_back_at_once_get_what_they_missed_and_go_on(
    settings: Settings, template: Template
) -> None:
    async with serving(with_figures(settings), template.eenheden) as server:
        desk, eenheid = server.as_(DESK), server.eenheden["VER"]
        tasks = [(await new_taak(desk, eenheid))["id"] for _ in range(FACTS)]
        people = [server.as_(who) for who in (VERGUNNINGEN, VERGUNNINGEN_COLLEGA, LEZER)]
        async with AsyncExitStack() as stack:
            sockets = [await stack.enter_async_context(people[n % 3].socket()) for n in range(MANY)]
            with statements() as executed:
                streams = await asyncio.gather(
                    *(socket.subscribe(POSTVAK, eenheid=eenheid, na=FACTS - MISSED) for socket in sockets)
                )
                got = await asyncio.gather(*(facts(stream, MISSED) for stream in streams))
            await until(server, subscriptions=float(MANY), subscriptions_catching_up=0.0)
            # Once for each of the two scopes, and only the selection reads so.
            assert (await figures(server))["payloads_made_total"] == 2 * MISSED
            assert len([sql for sql in executed if sql.startswith("SELECT this.")]) == 2 * MISSED
            tasks.append((await new_taak(desk, eenheid))["id"])
            last = await asyncio.gather(*(facts(stream, 1) for stream in streams))
    expected = list(enumerate(tasks, 1))[FACTS - MISSED :]
    for facts_of_one in each([missed + live for missed, live in zip(got, last, strict=True)]):
        assert [(fact["volgnummer"], fact["interneTaak"]["id"]) for fact in facts_of_one] == expected
