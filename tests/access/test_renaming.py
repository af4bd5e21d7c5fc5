"""What is renamed or closed elsewhere is so in every process within a poll: in the next fact, and in one that was
handed out before and is replayed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from app.settings import Settings
from tests.support.arrange import command_line, done, new_taak
from tests.support.each import each
from tests.support.people import DESK, DESK_COLLEGA, VERGUNNINGEN, Person
from tests.support.server import Server, serving_two
from tests.support.template import Template
from tests.support.waiting import until

POSTVAK = """
subscription ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid, na: 0) {
    volgnummer door { naam } organisatorischeEenheid { naam actief }
    interneTaak { geregistreerdDoor { naam } organisatorischeEenheid { naam actief } }
  }
}
"""
TAAK = "subscription ($id: ID!) { interneTaak(id: $id, naVersie: 0) { organisatorischeEenheid { actief } } }"
WHO = "{ ik { medewerker { naam } } }"


@pytest.fixture
async def servers(settings: Settings, template: Template) -> AsyncIterator[tuple[Server, Server]]:
    """Two processes that look often whether something about employees and departments was changed."""
    # A login and what was at hand with a fact are kept for long, so that they are forgotten because of the change.
    kept = {"rights_poll_seconds": 0.05, "login_seconds": 60, "poll_seconds": 30}
    async with serving_two(settings.model_copy(update=kept), template.eenheden) as both:
        yield both


async def department_renamed(settings: Settings, server: Server) -> None:
    async with command_line(settings) as (eenheden, _):
        await eenheden.rename("VER", "Bouwen en wonen")


async def employee_renamed(settings: Settings, server: Server) -> None:
    renamed = Person(DESK.subject, "Dewi van den Desk", DESK.eenheden, DESK.rollen)
    token = renamed.token(iat=9_999_999_000, exp=9_999_999_999, nbf=0)
    assert await server.with_token(token).data(WHO) == {"ik": {"medewerker": {"naam": "Dewi van den Desk"}}}


Change = Callable[[Settings, Server], Awaitable[None]]


def as_told(naam: str = "Afdeling vergunningen", *, actief: bool = True, door: str = "Dewi de Desk") -> object:
    """A fact of a registration at the desk, for a department."""
    eenheid = {"naam": naam, "actief": actief}
    return {
        "door": {"naam": door},
        "organisatorischeEenheid": eenheid,
        "interneTaak": {"geregistreerdDoor": {"naam": door}, "organisatorischeEenheid": eenheid},
    }


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (department_renamed, as_told("Bouwen en wonen")),
        (employee_renamed, as_told(door="Dewi van den Desk")),
    ],
)
async def test_a_new_name_is_in_the_facts_of_every_process_also_in_those_that_were_handed_out_before(
    servers: tuple[Server, Server], settings: Settings, change: Change, after: object
) -> None:
    ver = servers[0].eenheden["VER"]
    await new_taak(servers[0].as_(DESK), ver)
    for server in each(servers):
        assert await replayed(server, ver) == as_told()
    await change(settings, servers[1])

    async def is_new(server: Server) -> bool:
        return await replayed(server, ver) == after

    for server in servers:
        await until(lambda server=server: is_new(server))  # type: ignore[misc]


async def replayed(server: Server, eenheid: str) -> object:
    """The first fact of a department, to somebody who comes back and has none."""
    async with server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid) as inbox:
        fact = (await inbox.next())["postvak"]
        assert fact.pop("volgnummer") == 1
        return fact


async def test_an_inbox_that_is_open_shows_the_new_name_with_the_next_fact(
    servers: tuple[Server, Server], settings: Settings
) -> None:
    ver = servers[0].eenheden["VER"]
    await new_taak(servers[0].as_(DESK_COLLEGA), ver)
    async with (
        servers[0].as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver) as one,
        servers[1].as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver) as other,
    ):
        for inbox in (one, other):
            await inbox.next()
        await department_renamed(settings, servers[0])
        task = await new_taak(servers[0].as_(DESK_COLLEGA), ver)
        await done(servers[1].as_(VERGUNNINGEN), "neemInterneTaak", id=task["id"])
        # Whoever writes reads what was written elsewhere, long before the poll would.
        await new_taak(servers[0].as_(DESK_COLLEGA), ver)
        for inbox in (one, other):
            for _ in range(2):
                fact = (await inbox.next())["postvak"]
                assert fact["organisatorischeEenheid"]["naam"] == "Bouwen en wonen"
                assert fact["interneTaak"]["organisatorischeEenheid"]["naam"] == "Bouwen en wonen"


async def test_a_department_that_was_closed_is_closed_in_the_facts_that_are_replayed(
    servers: tuple[Server, Server], settings: Settings
) -> None:
    soc, reader = servers[0].eenheden["SOC"], servers[0].as_(DESK_COLLEGA)
    task = await new_taak(reader, soc)

    async def is_closed(server: Server) -> bool:
        async with server.as_(DESK_COLLEGA).follow(TAAK, id=task["id"]) as facts:
            return not (await facts.next())["interneTaak"]["organisatorischeEenheid"]["actief"]

    for server in each(servers):
        assert not await is_closed(server)
    async with command_line(settings) as (eenheden, _):
        await eenheden.set_actief("SOC", actief=False)
    for server in servers:
        await until(lambda server=server: is_closed(server))  # type: ignore[misc]
