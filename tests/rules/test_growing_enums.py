"""What a newer program stored under a name that this one does not know is handed out as it is stored.

It is written behind the server's back, as a newer program beside it would.
"""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.settings import Settings
from tests.support.arrange import deed, done, new_taak, registreer, taak
from tests.support.client import JSON
from tests.support.commands import run
from tests.support.databases import execute
from tests.support.figures import figures, with_figures
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.verwerkingen import Log, log_of

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer soort status interneTaak { status laatsteGebeurtenis { soort } logboek { soort } WIDE }
  }
}
"""
TAAK = "subscription ($id: ID!) { interneTaak(id: $id, naVersie: 0) { versie soort } }"
READ = """
query ($id: ID!) {
  interneTaak(id: $id) {
    versie status laatsteGebeurtenis { soort status } logboek { soort status } WIDE
    ontstaanUitKlantcontact { initiatiefnemer kanaal interneTaken { status } }
  }
}
"""
# So many records are joined to one that the document has no plan, and graphql-core executes it.
WHO = "{ organisatorischeEenheid { naam } }"
JOINED = f"geregistreerdDoor {WHO} medewerker {WHO} gedaanDoor {WHO} ontstaanUitKlantcontact {{ medewerker {WHO} }}"
WIDE = JOINED
for _ in range(4):
    WIDE = f"w: laatsteGebeurtenis {{ interneTaak {{ {JOINED} {WIDE} }} }}"

ways = pytest.mark.parametrize(
    ("way", "more"), [("compiled", ""), ("too_wide", WIDE)], ids=["compiled", "too wide"]
)


async def executed(server: Server, kind: str) -> dict[str, float]:
    """How often operations of a kind were executed, by the way."""
    start = f"operations_executed_total{{kind={kind},way="
    found = (await figures(server)).items()
    return {name.removeprefix(start).removesuffix("}"): count for name, count in found if name.startswith(start)}


@pytest.fixture
def log(settings: Settings, tmp_path: Path) -> Log:
    return log_of(with_figures(settings), tmp_path)


@pytest.fixture
async def server(log: Log, template: Template) -> AsyncIterator[Server]:
    async with serving(log.settings, template.eenheden) as running:
        yield running


def stored_by_a_newer_program(url: str, taak_id: str, *, soort: str = "GEBELD", status: str = "TE_DOEN") -> None:
    """The next fact of a task, of a kind and with a status of a newer program."""
    execute(
        url,
        "UPDATE interne_taak SET versie = versie + 1, status = :status WHERE id = :taak",
        "UPDATE organisatorische_eenheid SET laatste_volgnummer = laatste_volgnummer + 1 "
        "WHERE id = (SELECT eenheid_id FROM interne_taak WHERE id = :taak)",
        "INSERT INTO gebeurtenis (id, eenheid_id, volgnummer, taak_id, versie, soort, tijdstip, status) "
        "SELECT :fact, t.eenheid_id, e.laatste_volgnummer, t.id, t.versie, :soort, t.geregistreerd_op, t.status "
        "FROM interne_taak t JOIN organisatorische_eenheid e ON e.id = t.eenheid_id WHERE t.id = :taak",
        taak=taak_id,
        fact=str(uuid.uuid4()),
        soort=soort,
        status=status,
    )


@ways
@pytest.mark.parametrize("transport", ["socket", "events"])
async def test_a_fact_of_a_kind_that_is_not_known_reaches_who_follows_and_so_does_what_comes_after_it(
    server: Server, log: Log, way: str, more: str, transport: str
) -> None:
    eenheid, colleague = server.eenheden["VER"], server.as_(VERGUNNINGEN)
    task = await new_taak(server.as_(DESK), eenheid)
    follow = colleague.follow if transport == "socket" else colleague.events
    async with follow(POSTVAK.replace("WIDE", more), eenheid=eenheid, na=1) as inbox:
        stored_by_a_newer_program(log.settings.database_url, task["id"], soort="GEBELD", status="GEPARKEERD")
        fact = (await inbox.next())["postvak"]
        assert (fact["volgnummer"], fact["soort"], fact["status"]) == (2, "GEBELD", "GEPARKEERD")
        assert fact["interneTaak"]["status"] == "GEPARKEERD"
        assert fact["interneTaak"]["laatsteGebeurtenis"] == {"soort": "GEBELD"}
        assert [one["soort"] for one in fact["interneTaak"]["logboek"]] == ["GEREGISTREERD", "GEBELD"]
        await new_taak(server.as_(DESK), eenheid)
        assert (await inbox.next())["postvak"]["soort"] == "GEREGISTREERD"
    assert await executed(server, "subscription") == {way: 2}


async def test_who_replays_a_task_is_told_every_fact_of_it_also_of_a_kind_that_is_not_known(
    server: Server, log: Log
) -> None:
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    stored_by_a_newer_program(log.settings.database_url, task["id"])
    async with server.as_(DESK).follow(TAAK, id=task["id"]) as facts:
        assert [(await facts.next())["interneTaak"]["soort"] for _ in range(2)] == ["GEREGISTREERD", "GEBELD"]
        await done(server.as_(VERGUNNINGEN), "neemInterneTaak", id=task["id"])
        assert (await facts.next())["interneTaak"] == {"versie": 3, "soort": "GENOMEN"}


@ways
async def test_what_is_not_known_is_read_as_it_is_stored_by_plans_and_by_graphql_core_alike(
    server: Server, log: Log, way: str, more: str
) -> None:
    contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    [task] = contact["interneTaken"]
    url = log.settings.database_url
    stored_by_a_newer_program(url, task["id"], soort="GEBELD", status="GEPARKEERD")
    execute(url, "UPDATE klantcontact SET initiatiefnemer = 'BUURMAN', kanaal = 'Rooksignaal'")
    before = await executed(server, "query")
    read = (await server.as_(VERGUNNINGEN).data(READ.replace("WIDE", more), id=task["id"]))["interneTaak"]
    assert (await executed(server, "query"))[way] - before.get(way, 0) == 1
    assert {name: value for name, value in read.items() if not name.startswith("w")} == {
        "versie": 2,
        "status": "GEPARKEERD",
        "laatsteGebeurtenis": {"soort": "GEBELD", "status": "GEPARKEERD"},
        "logboek": [{"soort": "GEREGISTREERD", "status": "TE_DOEN"}, {"soort": "GEBELD", "status": "GEPARKEERD"}],
        "ontstaanUitKlantcontact": {
            "initiatiefnemer": "BUURMAN",
            "kanaal": "Rooksignaal",
            "interneTaken": [{"status": "GEPARKEERD"}],
        },
    }


async def test_kinds_that_are_not_known_make_no_labels_of_figures_and_are_in_the_processing_log(
    log: Log, template: Template
) -> None:
    eenheid = template.eenheden["VER"]
    async with serving(log.settings, template.eenheden) as server:
        task = await new_taak(server.as_(DESK), eenheid)
        known = {name for name in await figures(server) if "soort" in name}
        async with server.as_(VERGUNNINGEN).follow(POSTVAK.replace("WIDE", ""), eenheid=eenheid, na=1) as inbox:
            for number in range(5):
                stored_by_a_newer_program(log.settings.database_url, task["id"], soort=f"SOORT_{number}")
                assert (await inbox.next())["postvak"]["soort"] == f"SOORT_{number}"
        assert {name for name in await figures(server) if "soort" in name} == known
    assert len(log.lines(actieNaam="gebeurtenis", uitkomst="toegestaan")) == 5


DEEDS: list[tuple[str, JSON]] = [
    ("neemInterneTaak", {}),
    ("wijsInterneTaakToe", {"medewerkerId": VERGUNNINGEN.subject}),
    ("legInterneTaakTerug", {}),
    ("wijzigInterneTaakStatus", {"status": "GEDAAN"}),
    ("wijzigInterneTaakStatus", {"status": "TE_DOEN", "toelichting": "Toch nog niet."}),
]


@pytest.mark.parametrize(("mutation", "input"), DEEDS)
async def test_a_deed_on_a_task_in_a_status_that_is_not_known_is_refused_and_changes_nothing(
    server: Server, log: Log, mutation: str, input: JSON
) -> None:
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    stored_by_a_newer_program(log.settings.database_url, task["id"], status="GEPARKEERD")
    versie = {} if mutation == "neemInterneTaak" else {"versie": 2}
    answer = await deed(server.as_(VERGUNNINGEN), mutation, id=task["id"], **versie, **input)
    assert answer["__typename"] == "OvergangGeweigerd"
    assert "later" in answer["bericht"]
    read = (await server.as_(VERGUNNINGEN).data(READ.replace("WIDE", ""), id=task["id"]))["interneTaak"]
    assert (read["versie"], read["status"]) == (2, "GEPARKEERD")


async def test_a_colleague_with_a_role_that_is_not_known_can_be_given_a_task_and_is_not_let_in(
    server: Server, log: Log
) -> None:
    url = log.settings.database_url
    # Said by a token that was issued later than any other.
    execute(
        url,
        "UPDATE medewerker SET rollen = 'BEHANDELAAR PLANNER', vastgesteld = 99999999999 WHERE id = :id",
        id=VERGUNNINGEN_COLLEGA.subject,
    )
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    given = {"id": task["id"], "versie": 1, "medewerkerId": VERGUNNINGEN_COLLEGA.subject}
    after = await done(server.as_(VERGUNNINGEN), "wijsInterneTaakToe", **given)
    assert after["medewerker"] == {"id": VERGUNNINGEN_COLLEGA.subject}
    assert (await server.as_(VERGUNNINGEN_COLLEGA).post("{ ik { rollen } }")).status_code == 401
    listed = await run(url, "employees", "list")
    assert "BEHANDELAAR,PLANNER" in listed.out
