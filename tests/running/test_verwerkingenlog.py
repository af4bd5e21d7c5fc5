"""The processing log: who read or changed which contacts and tasks, or was refused to, by ids only."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import add_taak, ask, deed, done, new_taak, registreer, taak
from tests.support.client import JSON
from tests.support.databases import refusing
from tests.support.each import each
from tests.support.inputs import NOTE, UNKNOWN
from tests.support.interpreting import interpreted
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
from tests.support.template import Template
from tests.support.verwerkingen import Log, log_of

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

INBOX = """
query Bel_mevrouw_Jansen($eenheid: ID!) {
  ik { rollen }
  anders: postvak(organisatorischeEenheidId: $eenheid) {
    interneTaken(filter: { zoektekst: "dakkapel" }) {
      edges { node { id ontstaanUitKlantcontact { id interneTaken { id } } } }
    }
  }
}
"""


@pytest.fixture
def log(settings: Settings, tmp_path: Path) -> Log:
    return log_of(settings, tmp_path)


def objects(klantcontacten: list[str], taken: list[str]) -> JSON:
    return {"klantcontacten": sorted(klantcontacten), "interneTaken": sorted(taken)}


NOTHING = objects([], [])


async def test_a_reading_is_one_line_that_says_who_read_what_by_which_operation(
    log: Log, template: Template
) -> None:
    async with serving(log.settings, template.eenheden) as server:
        ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
        contact = await registreer(server.as_(DESK), taak(ver), taak(ver), taak(bur))
        colleague = server.as_(VERGUNNINGEN)
        headers = {
            "authorization": f"Bearer {colleague.token}",
            "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01",
        }
        body = {"query": INBOX, "variables": {"eenheid": ver}}
        answer = (await server.http.post(server.graphql, json=body, headers=headers)).json()
        assert len(answer["data"]["anders"]["interneTaken"]["edges"]) == 2
    taken = [one["id"] for one in contact["interneTaken"][:2]]
    [line] = log.lines(actieNaam="lezen")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("tijdstip"))
    assert line == {
        "systeem": "overdracht",
        "actieNaam": "lezen",
        "gebruiker": VERGUNNINGEN.subject,
        "rollen": ["BEHANDELAAR"],
        "organisatorischeEenheden": [ver],
        "uitkomst": "toegestaan",
        "bewerking": "query",
        "velden": ["ik", "postvak"],
        "traceId": TRACE,
        "gelezen": objects([contact["id"]], taken),
        "gewijzigd": NOTHING,
        "contactgegevens": False,
        "opDigitaalAdres": False,
        "weigeringen": [],
    }


# The ways to come by a contact or a task; C, T and F stand for the ids of one of each and of a fact.
READS = {
    "{ klantcontact(id: C) { nummer } }": "C",
    "{ klantcontact(id: C) { interneTaken { nummer } } }": "CT",
    "{ klantcontacten { edges { node { nummer } } } }": "C",
    "{ klantcontacten { edges { node { interneTaken { nummer } } } } }": "CT",
    "{ interneTaak(id: T) { nummer } }": "T",
    "{ interneTaak(id: T) { ontstaanUitKlantcontact { nummer } } }": "CT",
    "{ interneTaak(id: T) { logboek { soort } } }": "T",
    "{ interneTaak(id: T) { laatsteGebeurtenis { interneTaak { nummer } } } }": "T",
    "{ interneTaken { edges { node { nummer } } } }": "T",
    "{ node(id: C) { id } }": "C",
    "{ node(id: T) { id } }": "T",
    "{ node(id: F) { id } }": "T",
    "{ node(id: F) { ... on Gebeurtenis { interneTaak { ontstaanUitKlantcontact { nummer } } } } }": "CT",
    "{ postvak(organisatorischeEenheidId: E) { interneTaken { edges { cursor } } } }": "T",
    "{ node(id: F) { ... on Gebeurtenis { postvak { interneTaken { edges { cursor } } } } } }": "T",
}


# A query has no plan in which a type is asked for beside it, told or not: graphql-core executes it.
@pytest.mark.parametrize("beside", ["", '__type(name: "Query") { name }'], ids=["planned", "by graphql-core"])
async def test_every_read_of_a_toezichthouder_stands_in_it(log: Log, template: Template, beside: str) -> None:
    async with serving(log.settings, template.eenheden) as server:
        who = server.as_(TOEZICHTHOUDER)
        contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
        ids = {"C": contact["id"], "T": contact["interneTaken"][0]["id"], "E": server.eenheden["VER"]}
        fact = await who.data("query ($id: ID!) { interneTaak(id: $id) { logboek { id } } }", id=ids["T"])
        ids["F"] = fact["interneTaak"]["logboek"][0]["id"]
        for document in READS:
            asked = re.sub(r"(?<=: )[CTEF](?=\))", lambda found: f'"{ids[found[0]]}"', document)
            await who.data(asked.removesuffix("}") + beside + "}")
    lines = log.lines(gebruiker=TOEZICHTHOUDER.subject)[1:]
    told = ["".join(key for key in "CT" if ids[key] in str(line["gelezen"])) for line in lines]
    assert dict(zip(READS, told, strict=True)) == READS


NOTHING_OF_IT = [
    "{ kanalen gevraagdeHandelingen ik { rollen postvakken { aantalTeDoen } } }",
    "{ organisatorischeEenheden { naam medewerkers { naam } } }",
    '{ interneTaken(filter: { nummer: "1000000000" }) { totalCount edges { cursor } } }',
    "{ __schema { queryType { name } } }",
    "{ nonsense }",
]


async def test_what_touches_no_contact_and_no_task_is_not_told(log: Log, template: Template) -> None:
    async with serving(log.settings, template.eenheden) as server:
        for document in NOTHING_OF_IT:
            await server.as_(TOEZICHTHOUDER).answer(document)
    assert log.lines() == []


async def test_a_registration_tells_what_it_made_and_the_same_again_what_it_showed(
    log: Log, template: Template
) -> None:
    async with serving(log.settings, template.eenheden) as server:
        ver = server.eenheden["VER"]
        chosen = "10000000-0000-4000-8000-00000000000a"
        for _ in range(2):
            contact = await registreer(server.as_(DESK), taak(ver), taak(ver), id=chosen)
        bare = await registreer(server.as_(DESK))
    taken = [one["id"] for one in contact["interneTaken"]]
    first, again, last = log.lines(bewerking="mutation", uitkomst="toegestaan")
    assert [first["gewijzigd"], again["gewijzigd"]] == [objects([chosen], taken), NOTHING]
    assert again["gelezen"] == objects([chosen], taken)
    assert last["gewijzigd"] == objects([bare["id"]], [])


async def test_a_task_that_is_added_is_told_as_made_and_the_same_again_as_shown(
    log: Log, template: Template
) -> None:
    async with serving(log.settings, template.eenheden) as server:
        contact = await registreer(server.as_(DESK))
        chosen = "10000000-0000-4000-8000-00000000000b"
        for _ in range(2):
            await add_taak(server.as_(DESK), contact["id"], server.eenheden["VER"], id=chosen)
    first, again = log.lines(velden="registreerInterneTaak")
    assert [first["gewijzigd"], again["gewijzigd"]] == [objects([], [chosen]), NOTHING]
    assert again["gelezen"] == objects([], [chosen])


async def test_a_deed_tells_the_task_that_it_changed_and_the_contact_that_its_answer_shows(
    log: Log, template: Template
) -> None:
    document = """mutation ($input: INPUT!) { answer: MUTATION(input: $input) {
      ... on InterneTaakGewijzigd { interneTaak { ontstaanUitKlantcontact { onderwerp } } }
    } }"""
    async with serving(log.settings, template.eenheden) as server:
        contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
        task = contact["interneTaken"][0]["id"]
        for _ in range(2):
            await ask(server.as_(VERGUNNINGEN), document, "neemInterneTaak", id=task)
    taken, again = log.lines(velden="neemInterneTaak")
    assert taken["gewijzigd"] == objects([], [task])
    assert again["gewijzigd"] == NOTHING, "it was theirs already"
    assert taken["gelezen"] == again["gelezen"] == objects([contact["id"]], [task])


MALFORMED = "no-uuid-but-text"

# Who does what to a task of VER that a colleague has at versie 2, and why not.
REFUSED: list[tuple[Person, str, dict[str, Any], str]] = [
    (BURGERZAKEN, "neemInterneTaak", {}, "NietGevonden"),
    (VERGUNNINGEN, "neemInterneTaak", {"id": UNKNOWN.upper()}, "NietGevonden"),
    (VERGUNNINGEN, "neemInterneTaak", {"id": MALFORMED}, "OngeldigeInvoer"),
    (LEZER, "neemInterneTaak", {}, "NietBevoegd"),
    (VERGUNNINGEN, "legInterneTaakTerug", {"versie": 1}, "VersieVerouderd"),
    (VERGUNNINGEN, "neemInterneTaak", {}, "OvergangGeweigerd"),
    (VERGUNNINGEN, "wijsInterneTaakToe", {"versie": 2, "medewerkerId": DESK.subject}, "OngeldigeInvoer"),
]


async def test_a_refused_deed_tells_why_and_which_task_was_asked(log: Log, template: Template) -> None:
    async with serving(log.settings, template.eenheden) as server:
        task = (await new_taak(server.as_(DESK), server.eenheden["VER"]))["id"]
        await done(server.as_(VERGUNNINGEN_COLLEGA), "neemInterneTaak", id=task)
        for person, mutation, input, reden in REFUSED:
            answer = await deed(server.as_(person), mutation, **{"id": task} | input)
            assert answer["__typename"] == reden
    lines = log.lines(actieNaam="wijzigen", uitkomst="geweigerd")
    told = [(line["gebruiker"], line["weigeringen"]) for line in lines]
    asked = [input.get("id", task) for *_, input, _ in REFUSED]
    shown = [None if id_ == MALFORMED else id_.lower() for id_ in asked]
    assert told == [
        (person.subject, [{"reden": reden, "id": id_}])
        for (person, _, _, reden), id_ in zip(REFUSED, shown, strict=True)
    ]
    assert all(line["gewijzigd"] == NOTHING for line in each(lines))
    # Two of the refusals come with the task as it stands.
    showing = [line["weigeringen"][0]["reden"] for line in lines if line["gelezen"] == objects([], [task])]
    assert showing == ["VersieVerouderd", "OvergangGeweigerd"]


async def test_a_refused_registration_tells_why(log: Log, template: Template) -> None:
    document = "mutation ($input: INPUT!) { answer: MUTATION(input: $input) { __typename } }"
    async with serving(log.settings, template.eenheden) as server:
        contact = await registreer(server.as_(DESK))
        inputs: list[tuple[Person, str, dict[str, Any]]] = [
            (LEZER, "registreerKlantcontact", {"onderwerp": NOTE}),
            (DESK, "registreerKlantcontact", {"onderwerp": ""}),
            (VERGUNNINGEN, "registreerKlantcontact", {"onderwerp": NOTE, "id": contact["id"]}),
            (BURGERZAKEN, "registreerInterneTaak", taak(template.eenheden["VER"], klantcontactId=contact["id"])),
        ]
        for person, mutation, input in inputs:
            await ask(server.as_(person), document, mutation, **input)
    lines = log.lines(uitkomst="geweigerd")
    assert [line["weigeringen"] for line in lines] == [
        [{"reden": "NietBevoegd", "id": None}],
        [{"reden": "OngeldigeInvoer", "id": None}],
        [{"reden": "IdAlInGebruik", "id": contact["id"]}],
        [{"reden": "NietGevonden", "id": contact["id"]}],
    ]


async def test_a_deed_that_breaks_off_is_told_as_failed_with_what_was_asked(log: Log, template: Template) -> None:
    document = "mutation ($input: INPUT!) { answer: MUTATION(input: $input) { __typename } }"
    chosen, ver = "10000000-0000-4000-8000-00000000000a", template.eenheden["VER"]
    async with serving(log.settings, template.eenheden) as server:
        desk = server.as_(DESK)
        contact = await registreer(desk, taak(ver))
        task = contact["interneTaken"][0]["id"]
        deeds: list[tuple[Person, str, dict[str, Any], str]] = [
            (
                DESK,
                "registreerKlantcontact",
                {"onderwerp": NOTE, "id": chosen, "interneTaken": [taak(ver)]},
                chosen,
            ),
            (DESK, "registreerInterneTaak", taak(ver, klantcontactId=contact["id"]), contact["id"]),
            (VERGUNNINGEN, "neemInterneTaak", {"id": task}, task),
        ]
        await server.as_(VERGUNNINGEN).data("{ kanalen }")
        async with refusing(
            log.settings.database_url, "AFTER INSERT", "gebeurtenis", "NEW.volgnummer > 1", "broken"
        ):
            for person, mutation, input, _ in deeds:
                with pytest.raises(AssertionError, match="INTERNE_FOUT"):
                    await ask(server.as_(person), document, mutation, **input)
    lines = log.lines(uitkomst="mislukt")
    assert [line["weigeringen"] for line in lines] == [[{"reden": "Mislukt", "id": asked}] for *_, asked in deeds]
    assert all(line["gewijzigd"] == NOTHING for line in each(lines))


async def test_a_look_up_that_finds_nothing_is_a_refusal_with_the_id_that_was_asked(
    log: Log, template: Template
) -> None:
    document = """query ($c: ID!, $t: ID!, $e: ID!) {
      klantcontact(id: $c) { id } interneTaak(id: $t) { id } node(id: $t) { id } nogmaals: node(id: $t) { id }
      kapot: node(id: "no-uuid-but-text") { id } postvak(organisatorischeEenheidId: $e) { id }
    }"""
    async with serving(log.settings, template.eenheden) as server:
        contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
        c, t, e = contact["id"], contact["interneTaken"][0]["id"], server.eenheden["VER"]
        assert await server.as_(BURGERZAKEN).codes(document, c=c, t=t, e=e) == ["NIET_BEVOEGD"]
    [line] = log.lines(gebruiker=BURGERZAKEN.subject)
    assert (line["uitkomst"], line["gelezen"]) == ("geweigerd", NOTHING)
    assert sorted(line["weigeringen"], key=str) == sorted(
        [
            {"reden": "NietGevonden", "id": c},
            {"reden": "NietGevonden", "id": t},
            {"reden": "NietGevonden", "id": None},
            {"reden": "NietBevoegd", "id": e},
        ],
        key=str,
    )


@pytest.mark.parametrize("seen", [lambda server: server, interpreted], ids=["by a plan", "by graphql-core"])
async def test_whatever_is_not_theirs_to_look_up_by_its_id_is_a_refusal_whichever_way_it_is_answered(
    log: Log, template: Template, seen: Callable[[Server], Server]
) -> None:
    document = """query ($c: ID!, $t: ID!, $f: ID!, $p: ID!, $u: ID!) {
      klantcontact(id: $c) { id } interneTaak(id: $t) { id } contact: node(id: $c) { id } taak: node(id: $t) { id }
      feit: node(id: $f) { id } postvak: node(id: $p) { id }
      onbekend: node(id: $u) { id } kapot: node(id: "no-uuid-but-text") { id }
    }"""
    async with serving(log.settings.model_copy(update={"introspection": True}), template.eenheden) as server:
        contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
        c, t = contact["id"], contact["interneTaken"][0]["id"]
        theirs = await server.as_(VERGUNNINGEN).data(
            """query ($t: ID!, $e: ID!) {
              interneTaak(id: $t) { laatsteGebeurtenis { id } } postvak(organisatorischeEenheidId: $e) { id }
            }""",
            t=t,
            e=server.eenheden["VER"],
        )
        f, p = theirs["interneTaak"]["laatsteGebeurtenis"]["id"], theirs["postvak"]["id"]
        found = await seen(server).as_(BURGERZAKEN).data(document, c=c, t=t, f=f, p=p.upper(), u=UNKNOWN)
        assert set(found.values()) == {None}
    [line] = log.lines(gebruiker=BURGERZAKEN.subject)
    assert (line["uitkomst"], line["gelezen"]) == ("geweigerd", NOTHING)
    told = [(one["reden"], one["id"]) for one in line["weigeringen"]]
    assert sorted(told, key=str) == sorted((("NietGevonden", id_) for id_ in (c, t, f, p, UNKNOWN, None)), key=str)


async def test_what_was_read_beside_what_is_refused_was_shown_to_nobody_and_is_not_told(
    log: Log, template: Template
) -> None:
    document = "{ a: interneTaken { edges { node { id } } } b: interneTaken(first: 0) { totalCount } }"
    async with serving(log.settings, template.eenheden) as server:
        await new_taak(server.as_(DESK), server.eenheden["VER"])
        answer = await server.as_(VERGUNNINGEN).answer(document)
        assert answer["data"] is None
        # Told as GraphQL tells it: where it stands, and of which field it is.
        assert [(error["extensions"]["code"], error["path"]) for error in answer["errors"]] == [
            ("ONGELDIG_ARGUMENT", ["b"])
        ]
    assert log.lines(gebruiker=VERGUNNINGEN.subject) == []


async def test_what_goes_over_a_socket_and_an_event_stream_is_told_alike(log: Log, template: Template) -> None:
    document = "query ($id: ID!) { interneTaak(id: $id) { nummer } }"
    async with serving(log.settings, template.eenheden) as server:
        task = (await new_taak(server.as_(DESK), server.eenheden["VER"]))["id"]
        async with server.as_(VERGUNNINGEN).follow(document, id=task) as answer:
            await answer.next()
        async with server.as_(VERGUNNINGEN).events(document, id=task) as events:
            await events.next()
    assert [line["gelezen"]["interneTaken"] for line in log.lines(actieNaam="lezen")] == [[task], [task]]


async def test_an_operation_that_is_broken_off_tells_what_was_read_by_then(log: Log, template: Template) -> None:
    """The innermost list is refused, when what is around it was read: the client gets nothing of it."""
    document = (
        "{ interneTaken { edges { node { logboek { postvak { interneTaken(first: 0) { totalCount } } } } } } }"
    )
    async with serving(log.settings, template.eenheden) as server:
        task = (await new_taak(server.as_(DESK), server.eenheden["VER"]))["id"]
        answer = await server.as_(VERGUNNINGEN).answer(document)
        assert answer["data"] is None
    [line] = log.lines(actieNaam="lezen")
    assert line["gelezen"] == objects([], [task])


async def test_texts_and_names_do_not_stand_in_it(log: Log, template: Template) -> None:
    async with serving(log.settings, template.eenheden) as server:
        await registreer(server.as_(DESK), taak(server.eenheden["VER"], toelichting=NOTE))
        await server.as_(VERGUNNINGEN).data(INBOX, eenheid=server.eenheden["VER"])
    written = log.path.read_text().lower()
    assert "lezen" in written
    assert not [text for text in ("dakkapel", "jansen", "overname", NOTE.lower(), "vera") if text in written]


async def test_it_can_be_switched_off_and_the_ordinary_log_says_so(
    settings: Settings, template: Template, verwerkingenlog: Path, caplog: pytest.LogCaptureFixture
) -> None:
    default = Log(verwerkingenlog, settings)
    before = default.lines()
    async with serving(settings.model_copy(update={"verwerkingenlog": "uit"}), template.eenheden) as server:
        await registreer(server.as_(DESK))
    assert default.lines() == before
    said = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert said == ["nobody writes down who reads and changes what: OVERDRACHT_VERWERKINGENLOG is uit"]
