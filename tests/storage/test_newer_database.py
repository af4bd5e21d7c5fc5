"""This program as the version before: it serves a database that a newer one has migrated, or says that it may not.

The newer programs stand in tests/support/migrations: the next one expands, the one after that contracts.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from app.storage.migrations.compatibility import DatabaseVerouderd, Program
from app.storage.migrations.migrate import check, migrate
from app.wiring.asgi import create_app
from app.wiring.listening import listen, make_server
from tests.support.arrange import add_taak, done, new_taak, registreer, taak
from tests.support.client import Client
from tests.support.commands import run
from tests.support.databases import execute, rows
from tests.support.each import each
from tests.support.health import WELL, asked
from tests.support.logs import kept
from tests.support.newer import CONTRACTED, EXPANDED, next_program, program_after_next
from tests.support.people import DEMO_KEY, DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.tokens import newcomer, signed

KEYED = {"token_demo_key": DEMO_KEY}
POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer soort door { naam } postvak { aantalTeDoen }
    interneTaak { versie status ontstaanUitKlantcontact { onderwerp } logboek { soort } }
  }
}
"""
INBOX = """
query ($eenheid: ID!, $woord: String) {
  postvak(organisatorischeEenheidId: $eenheid) {
    laatsteVolgnummer aantalTeDoen
    interneTaken(filter: { zoektekst: $woord }) { totalCount edges { node { nummer status } } }
  }
}
"""
CONTACT = "query ($id: ID!) { klantcontact(id: $id) { onderwerp interneTaken { status logboek { soort } } } }"
REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) { registreerKlantcontact(input: $input) { __typename } }
"""


@pytest.fixture
def fresh(settings: Settings) -> Settings:
    """Settings with which a server looks at its database whenever it is asked whether it is ready."""
    return settings.model_copy(update={"ready_keep_seconds": 0})


@pytest.fixture
async def server(fresh: Settings, template: Template) -> AsyncIterator[Server]:
    async with serving(fresh, template.eenheden) as running:
        yield running


async def everything_works(server: Server, earlier: str, word: str = "boom") -> None:
    """Every kind of statement is executed: those of before the migration as well, such as a task of then."""
    ver, soc = server.eenheden["VER"], server.eenheden["SOC"]
    desk, colleague = server.as_(DESK), server.as_(VERGUNNINGEN)
    start = (await colleague.data(INBOX, eenheid=ver))["postvak"]["laatsteVolgnummer"]
    async with colleague.follow(POSTVAK, eenheid=ver, na=start) as inbox:
        contact = await registreer(desk, taak(ver), taak(soc), onderwerp=f"Een {word} op de stoep")
        first = contact["interneTaken"][0]["id"]
        await done(colleague, "neemInterneTaak", id=first)
        await done(colleague, "legInterneTaakTerug", id=first, versie=2)
        await done(colleague, "wijsInterneTaakToe", id=first, versie=3, medewerkerId=VERGUNNINGEN_COLLEGA.subject)
        await done(desk, "voegToelichtingToe", id=first, toelichting="Graag voor vijf uur.")
        await done(colleague, "wijzigInterneTaakStatus", id=first, versie=5, status="GEDAAN")
        await done(
            colleague, "wijzigInterneTaakStatus", id=first, versie=6, status="TE_DOEN", toelichting="Toch niet."
        )
        await done(
            colleague,
            "stuurInterneTaakDoor",
            id=first,
            versie=7,
            toelichting="Sociaal.",
            organisatorischeEenheidId=soc,
        )
        withdrawn = await add_taak(desk, contact["id"], ver)
        await done(desk, "trekInterneTaakIn", id=withdrawn["id"], versie=1, toelichting="Opgehangen.")
        await done(colleague, "neemInterneTaak", id=earlier)
        facts = [(await inbox.next())["postvak"] for _ in range(10)]
    assert [fact["volgnummer"] - start for fact in facts] == list(range(1, 11))
    assert [fact["soort"] for fact in facts] == [
        "GEREGISTREERD",
        "GENOMEN",
        "TERUGGELEGD",
        "TOEGEWEZEN",
        "TOEGELICHT",
        "GEDAAN",
        "HEROPEND",
        "DOORGESTUURD",
        "GEREGISTREERD",
        "INGETROKKEN",
    ]
    found = (await colleague.data(INBOX, eenheid=ver, woord=word))["postvak"]["interneTaken"]
    assert found["totalCount"] == 1
    read = (await colleague.data(CONTACT, id=contact["id"]))["klantcontact"]
    assert read["onderwerp"] == f"Een {word} op de stoep"
    assert len(read["interneTaken"][0]["logboek"]) == 9
    await server.with_token(signed(newcomer("VER"))).data("{ ik { rollen } }")


async def test_a_server_goes_on_serving_while_and_after_a_newer_program_expands_its_database(
    server: Server, fresh: Settings
) -> None:
    eenheid, desk = server.eenheden["VER"], server.as_(DESK)
    earlier = [(await new_taak(desk, eenheid))["id"] for _ in range(20)]
    await everything_works(server, earlier[0])
    migrated = asyncio.Event()
    registering = asyncio.create_task(registered_until(migrated, desk, eenheid))
    await migrate(fresh.database_url, program=next_program())
    migrated.set()
    await registering
    assert await asked(server) == (200, {"status": "ready", "checks": WELL | {"migrations": "degraded"}})
    await everything_works(server, earlier[1], "struik")
    [[unfilled]] = rows(fresh.database_url, "SELECT count(*) FROM interne_taak WHERE gevuld <> nummer")
    assert unfilled == 0
    assert rows(fresh.database_url, "SELECT DISTINCT vol FROM gebeurtenis") == [(7,)]


async def registered_until(migrated: asyncio.Event, client: Client, eenheid: str) -> None:
    # Not without end: who fills what is added all the while may never come to it.
    for _ in range(200):
        if migrated.is_set():
            return
        await new_taak(client, eenheid)


async def test_a_server_starts_on_a_database_that_a_newer_program_expanded(
    fresh: Settings, template: Template
) -> None:
    await migrate(fresh.database_url, program=next_program())
    async with serving(fresh, template.eenheden) as server:
        earlier = await new_taak(server.as_(DESK), server.eenheden["VER"])
        assert await asked(server) == (200, {"status": "ready", "checks": WELL | {"migrations": "degraded"}})
        await everything_works(server, earlier["id"])


async def test_a_command_works_on_a_database_that_a_newer_program_expanded(fresh: Settings) -> None:
    await migrate(fresh.database_url, program=next_program())
    listed = await run(fresh.database_url, "departments", "list")
    assert (listed.code, "Afdeling vergunningen" in listed.out) == (0, True)
    again = await run(fresh.database_url, "migrate")
    assert (again.code, again.err) == (0, "")
    assert again.out.splitlines() == [
        f"The database is at version {EXPANDED}, newer than this program, which may serve it.",
        f"The database is at version {EXPANDED}.",
    ]


async def test_a_server_that_may_serve_no_more_says_so_and_is_not_ready(server: Server, fresh: Settings) -> None:
    assert await asked(server) == (200, {"status": "ready", "checks": WELL})
    await migrate(fresh.database_url, program=program_after_next())
    with kept() as said:
        for _ in range(3):
            assert await asked(server) == (503, {"status": "failed", "checks": WELL | {"migrations": "failed"}})
    assert len(said) == 1
    assert all(word in said[0] for word in (CONTRACTED, EXPANDED, Program().newest))


COMMANDS = [["serve"], ["serve", "--workers=2"], ["migrate"], ["departments", "list"], ["employees", "list"]]


async def test_whatever_may_not_serve_a_newer_database_is_refused_in_one_line(fresh: Settings) -> None:
    await migrate(fresh.database_url, program=program_after_next())
    ended = await asyncio.gather(*(run(fresh.database_url, *command, **KEYED) for command in COMMANDS))
    assert [ran for ran in ended if not ran.is_one_line(CONTRACTED, EXPANDED, Program().newest)] == []


async def test_the_oldest_version_that_may_serve_decides_and_not_the_newest(fresh: Settings) -> None:
    await migrate(fresh.database_url, program=next_program())
    await check(fresh.database_url)
    execute(fresh.database_url, "UPDATE alembic_version SET version_num = '9999'")
    await check(fresh.database_url)
    execute(fresh.database_url, "UPDATE oldest_serving SET revision = '9000'")
    with pytest.raises(DatabaseVerouderd, match=r"9999.*9000"):
        await check(fresh.database_url)


async def test_a_newer_program_is_not_ready_before_its_migration_has_come_to_its_end(
    fresh: Settings, template: Template
) -> None:
    with pytest.raises(DatabaseVerouderd, match="overdracht migrate"):
        await check(fresh.database_url, next_program())
    await migrate(fresh.database_url, program=next_program())
    assert await check(fresh.database_url, next_program()) == EXPANDED
    execute(fresh.database_url, "INSERT INTO backfill (revision, nr) VALUES (:version, 0)", version=EXPANDED)
    with pytest.raises(DatabaseVerouderd, match=r"not finished.*overdracht migrate"):
        await check(fresh.database_url, next_program())
    # The version before goes on: nothing that it reads is being filled.
    await check(fresh.database_url)


async def test_a_process_that_finds_at_its_start_that_it_may_not_serve_says_so_without_a_traceback(
    fresh: Settings,
) -> None:
    # As one of several workers that is started anew: the command looked before there were any.
    await migrate(fresh.database_url, program=program_after_next())
    server = make_server(create_app(fresh), fresh)
    with listen("127.0.0.1", 0) as listener, kept() as said, pytest.raises(SystemExit):
        await server.serve(sockets=[listener])
    assert not server.started
    assert any(CONTRACTED in line and EXPANDED in line for line in said)
    assert not any("Traceback" in line or "\n" in line for line in each(said))
