"""The processing log of subscriptions: who followed what, from where to where, and each fact once for all."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.settings import Settings
from tests.support.arrange import command_line, done, new_taak
from tests.support.client import Client, Stream
from tests.support.commands import Ran, run
from tests.support.figures import until, with_figures
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import serving
from tests.support.template import Template
from tests.support.tokens import NOW, newcomer, signed
from tests.support.verwerkingen import Log, log_of, readers_of

# What is written down of a fact is the same wherever it is read.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer interneTaak { ontstaanUitKlantcontact { id } }
  }
}
"""

SHORT = """
subscription ($eenheid: ID!, $na: Int) { postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer } }
"""

VER = '{ organisatorischeEenheden(zoektekst: "VER") { id } }'
TAAK = "subscription ($taak: ID!, $na: Int) { interneTaak(id: $taak, naVersie: $na) { versie } }"


@pytest.fixture
def log(settings: Settings, tmp_path: Path) -> Log:
    return log_of(with_figures(settings), tmp_path)


async def read_to(stream: Stream, last: int) -> None:
    while (await stream.next())["postvak"]["volgnummer"] < last:
        pass


async def test_following_is_told_when_it_begins_and_ends_and_each_fact_between(
    log: Log, template: Template
) -> None:
    eenheid = template.eenheden["VER"]
    async with serving(log.settings, template.eenheden) as server:
        tasks = [await new_taak(server.as_(DESK), eenheid) for _ in range(3)]
        async with server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=1) as inbox:
            await read_to(inbox, 3)
        await until(server, subscriptions=0.0)
    begun, first, second, ended = (line for line in log.lines() if "stroom" in line)
    assert [line["actieNaam"] for line in (begun, first, second, ended)] == [
        "begin-volgen", "gebeurtenis", "gebeurtenis", "einde-volgen",
    ]  # fmt: skip
    assert all(line["stroom"] == {"soort": "postvak", "id": eenheid} for line in (begun, first, second, ended))
    assert len({line["groep"] for line in (begun, first, second, ended)}) == 1
    assert begun["gebruiker"] == ended["gebruiker"] == VERGUNNINGEN.subject
    assert begun["traceId"] == ended["traceId"]
    assert (begun["na"], ended["na"], ended["tot"]) == (1, 1, 3)
    assert [(line["plaats"], line["gebruiker"], line["rollen"]) for line in (first, second)] == [
        (2, None, ["BEHANDELAAR"]), (3, None, ["BEHANDELAAR"]),
    ]  # fmt: skip
    assert [line["gelezen"]["interneTaken"] for line in (first, second)] == [[task["id"]] for task in tasks[1:]]
    assert all(len(line["gelezen"]["klantcontacten"]) == 1 for line in (first, second))


async def test_a_fact_is_one_line_however_many_follow_and_who_read_it_is_found_by_them(
    log: Log, template: Template
) -> None:
    eenheid = template.eenheden["VER"]
    many, places = 20, 3
    async with serving(log.settings, template.eenheden) as server, AsyncExitStack() as stack:
        people = [VERGUNNINGEN, VERGUNNINGEN_COLLEGA]
        streams = []
        for number in range(many):
            client = server.as_(people[number % 2])
            streams.append(await stack.enter_async_context(client.follow(POSTVAK, eenheid=eenheid, na=0)))
        await stack.enter_async_context(server.as_(TOEZICHTHOUDER).follow(SHORT, eenheid=eenheid, na=0))
        await until(server, subscriptions=many + 1.0, subscriptions_catching_up=0.0)
        tasks = [await new_taak(server.as_(DESK), eenheid) for _ in range(places)]
        for stream in streams:
            await read_to(stream, places)
        # Who leaves before the last of them, and who comes when all have been read for others.
        late = await stack.enter_async_context(server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=2))
        await read_to(late, places)
    lines = log.lines()
    facts = [line for line in lines if line["actieNaam"] == "gebeurtenis"]
    assert sorted(line["plaats"] for line in facts) == sorted(2 * list(range(1, places + 1)))
    assert [line["gelezen"]["interneTaken"] for line in facts if line["rollen"] == ["BEHANDELAAR"]] == [
        [task["id"]] for task in tasks
    ]
    expected = {person.subject: many // 2 for person in people} | {TOEZICHTHOUDER.subject: 1}
    for task, more in zip(tasks, [0, 0, 1], strict=True):
        found = list(readers_of(lines, task["id"]))
        told = {subject: found.count(subject) for subject in expected}
        # The desk registered them, and its answer shows the tasks.
        assert told == expected | {VERGUNNINGEN.subject: many // 2 + more}


async def test_what_is_followed_over_an_event_stream_is_told_alike(log: Log, template: Template) -> None:
    eenheid = template.eenheden["VER"]
    async with serving(log.settings, template.eenheden) as server:
        task = await new_taak(server.as_(DESK), eenheid)
        async with server.as_(DESK).events(TAAK, taak=task["id"], na=0) as events:
            await events.next()
            await done(server.as_(VERGUNNINGEN), "neemInterneTaak", id=task["id"])
            await events.next()
    ended = log.lines(actieNaam="einde-volgen")
    assert [(line["gebruiker"], line["stroom"], line["tot"]) for line in ended] == [
        (DESK.subject, {"soort": "interneTaak", "id": task["id"]}, 2)
    ]


async def test_who_may_not_follow_is_told_with_what_they_asked(log: Log, template: Template) -> None:
    async def refused(client: Client, document: str, **variables: object) -> None:
        async with client.follow(document, **variables) as stream:
            await stream.refused()

    eenheid = template.eenheden["VER"]
    async with serving(log.settings, template.eenheden) as server:
        task = (await new_taak(server.as_(DESK), eenheid))["id"]
        stranger = server.as_(BURGERZAKEN)
        await refused(stranger, POSTVAK, eenheid=eenheid)
        await refused(stranger, TAAK, taak=task)
        await refused(server.as_(DESK), TAAK, taak=task, na=7)
    lines = log.lines(actieNaam="volgen")
    assert [(line["gebruiker"], line["uitkomst"], line["velden"], line["weigeringen"]) for line in lines] == [
        (BURGERZAKEN.subject, "geweigerd", ["postvak"], [{"reden": "NietBevoegd", "id": eenheid}]),
        (BURGERZAKEN.subject, "geweigerd", ["interneTaak"], [{"reden": "NietBevoegd", "id": task}]),
        (DESK.subject, "geweigerd", ["interneTaak"], [{"reden": "CursorOngeldig", "id": task}]),
    ]
    assert log.lines(actieNaam="begin-volgen") == []


async def test_whose_token_is_genuine_and_who_is_not_let_in_is_told(log: Log, template: Template) -> None:
    who = newcomer("VER")
    async with serving(log.settings, template.eenheden) as server:
        await server.with_token(signed(who)).data("{ ik { rollen } }")
        async with command_line(log.settings) as (_, employees):
            await employees.set_actief(who.subject, actief=False)
        assert (await server.with_token(signed(who)).post("{ ik { rollen } }")).status_code == 401
        assert (await server.with_token("a.b.c").post("{ ik { rollen } }")).status_code == 401
    [line] = log.lines()
    assert (line["actieNaam"], line["uitkomst"], line["gebruiker"]) == ("aanmelden", "geweigerd", who.subject)


async def test_tasks_that_the_system_lays_back_are_told_as_nobodys_deed(log: Log, template: Template) -> None:
    eenheid = template.eenheden["VER"]
    who = newcomer("VER", "BUR")
    async with serving(log.settings, template.eenheden) as server:
        await server.with_token(signed(who)).data("{ ik { rollen } }")
        task = (await new_taak(server.as_(DESK), eenheid, medewerkerId=who.subject))["id"]
        newer = signed(who, eenheden=["BUR"], iat=NOW)
        await server.with_token(newer).data("{ ik { rollen } }")
    laid_back = log.lines(actieNaam="terugleggen")
    assert [(line["gebruiker"], line["gewijzigd"]["interneTaken"]) for line in laid_back] == [(None, [task])]


async def test_following_ends_once_where_it_is_lost_with_ones_rights(log: Log, template: Template) -> None:
    """Over a socket and over an event stream, of which the log tells two beginnings and two ends."""
    eenheid, who = template.eenheden["VER"], newcomer("VER", "BUR")
    watchful = log.settings.model_copy(update={"rights_poll_seconds": 0.05})
    async with serving(watchful, template.eenheden) as server:
        client = server.with_token(signed(who))
        async with (
            client.follow(POSTVAK, eenheid=eenheid, na=0) as socket,
            client.events(POSTVAK, eenheid=eenheid, na=0) as events,
        ):
            await new_taak(server.as_(DESK), eenheid)
            await socket.next()
            await events.next()
            async with command_line(watchful) as (_, employees):
                await employees.move(who.subject, ["BUR"])
            assert await socket.refused() == ["NIET_BEVOEGD"]
            assert (await events.event()).data["errors"]
    told = [(line["actieNaam"], line["uitkomst"]) for line in log.lines(gebruiker=who.subject)]
    assert sorted(told) == sorted(
        2 * [("begin-volgen", "toegestaan"), ("einde-volgen", "toegestaan"), ("volgen", "geweigerd")]
    )


async def test_what_the_command_line_lays_back_is_told_in_a_file(log: Log, template: Template) -> None:
    who = newcomer("VER")
    async with serving(log.settings, template.eenheden) as server:
        await server.with_token(signed(who)).data("{ ik { rollen } }")
        task = (await new_taak(server.as_(DESK), template.eenheden["VER"], medewerkerId=who.subject))["id"]
    url, deactivate = log.settings.database_url, ("employees", "deactivate", who.subject)
    assert await run(url, *deactivate, verwerkingenlog=str(log.path)) == Ran(0, "", "")
    [line] = log.lines(actieNaam="terugleggen")
    assert line["gewijzigd"]["interneTaken"] == [task]


async def test_what_a_command_prints_is_no_log(settings: Settings) -> None:
    """On standard output it would stand between what was asked for."""
    who = newcomer("VER")
    async with serving(settings, {}) as server:
        await server.with_token(signed(who)).data("{ ik { rollen } }")
        eenheid = (await server.as_(DESK).data(VER))["organisatorischeEenheden"][0]["id"]
        await new_taak(server.as_(DESK), eenheid, medewerkerId=who.subject)
    assert await run(settings.database_url, "employees", "deactivate", who.subject) == Ran(0, "", "")
