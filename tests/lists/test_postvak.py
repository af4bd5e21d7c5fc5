"""An inbox: its counters after every deed, its place in the stream, and one snapshot for all that is read."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import text

from app.settings import Settings
from tests.support.arrange import add_taak, done, registreer, taak
from tests.support.client import JSON, Client
from tests.support.databases import connected
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server
from tests.support.statements import statements

POSTVAK = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    __typename organisatorischeEenheid { id }
    laatsteVolgnummer aantalTeDoen aantalNietToegewezen aantalKlantAanDeLijn langstWachtendSinds
    interneTaken(first: 200) {
      edges { node { status klantAanDeLijn medewerker { id } ontstaanUitKlantcontact { geregistreerdOp } } }
    }
  }
  interneTaken(first: 200) { edges { node { logboek { volgnummer organisatorischeEenheid { id } } } } }
}
"""

PAGE_AND_TOTAL = """
query ($eenheid: ID!) {
  interneTaken(filter: { organisatorischeEenheidId: $eenheid }) { totalCount edges { node { id } } }
}
"""

STABLE = "query ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { id } }"

SNAPSHOT = """
query ($eenheid: ID!) {
  organisatorischeEenheden(zoektekst: "VER") { naam }
  node(id: $eenheid) { ... on OrganisatorischeEenheid { naam } }
  postvak(organisatorischeEenheidId: $eenheid) { organisatorischeEenheid { naam } }
  klantcontacten { edges { node { interneTaken { organisatorischeEenheid { naam } } } } }
}
"""


OWN = "query { ik { postvakken { interneTaken { totalCount edges { node { id } } } } } }"

OF_A_TASK = """
query ($id: ID!) {
  interneTaak(id: $id) {
    laatsteGebeurtenis { postvak { interneTaken { totalCount edges { node { id } } } } }
  }
}
"""


TWO_LISTS = """
query ($eenheid: ID!, $one: String!, $other: String!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    one: interneTaken(filter: { zoektekst: $one }) { totalCount edges { node { toelichting } } }
    other: interneTaken(filter: { zoektekst: $other }) { totalCount edges { node { toelichting } } }
  }
}
"""


async def check(client: Client, eenheid: str) -> JSON:
    """The inbox, once its counters were compared with a recount of its tasks and of the facts."""
    found = await client.data(POSTVAK, eenheid=eenheid)
    postvak, tasks = found["postvak"], [edge["node"] for edge in found["postvak"]["interneTaken"]["edges"]]
    facts = [fact for edge in found["interneTaken"]["edges"] for fact in edge["node"]["logboek"]]
    numbers = sorted(f["volgnummer"] for f in facts if f["organisatorischeEenheid"]["id"] == eenheid)
    open_ones = [task for task in tasks if task["status"] == "TE_DOEN"]
    waiting = [task["ontstaanUitKlantcontact"]["geregistreerdOp"] for task in open_ones]
    assert numbers == list(range(1, len(numbers) + 1))
    assert postvak | {"interneTaken": None} == {
        "__typename": "Postvak",
        "organisatorischeEenheid": {"id": eenheid},
        "laatsteVolgnummer": len(numbers),
        "aantalTeDoen": len(open_ones),
        "aantalNietToegewezen": sum(task["medewerker"] is None for task in open_ones),
        "aantalKlantAanDeLijn": sum(task["klantAanDeLijn"] for task in open_ones),
        "langstWachtendSinds": min(waiting, default=None),
        "interneTaken": None,
    }
    return postvak


async def test_the_counters_of_an_inbox_are_those_of_a_recount_after_every_deed(server: Server) -> None:
    desk, vera, bo, tess = (server.as_(who) for who in (DESK, VERGUNNINGEN, BURGERZAKEN, TOEZICHTHOUDER))
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]

    async def recount() -> tuple[list[int], list[int]]:
        counters = ("aantalTeDoen", "aantalNietToegewezen", "aantalKlantAanDeLijn")
        found = [await check(tess, eenheid) for eenheid in (ver, bur)]
        return tuple([postvak[counter] for counter in counters] for postvak in found)  # type: ignore[return-value]

    assert await recount() == ([0, 0, 0], [0, 0, 0])
    old = await registreer(desk, taak(ver))
    contact = await registreer(
        desk,
        taak(ver, klantAanDeLijn=True),
        taak(ver, medewerkerId=VERGUNNINGEN_COLLEGA.subject),
        taak(bur, klantAanDeLijn=True),
    )
    assert await recount() == ([3, 2, 1], [1, 1, 1])
    await add_taak(desk, old["id"], bur)
    assert await recount() == ([3, 2, 1], [2, 2, 1])

    [oldest] = old["interneTaken"]
    caller, given, other = contact["interneTaken"]
    await done(vera, "neemInterneTaak", id=caller["id"])
    assert await recount() == ([3, 1, 1], [2, 2, 1])
    await done(vera, "voegToelichtingToe", id=caller["id"], toelichting="Hangt nog.")
    assert await recount() == ([3, 1, 1], [2, 2, 1])
    await done(vera, "legInterneTaakTerug", id=caller["id"], versie=3)
    assert await recount() == ([3, 2, 1], [2, 2, 1])
    await done(vera, "wijsInterneTaakToe", id=caller["id"], versie=4, medewerkerId=VERGUNNINGEN.subject)
    assert await recount() == ([3, 1, 1], [2, 2, 1])
    away = {"organisatorischeEenheidId": bur, "toelichting": "Voor jullie."}
    await done(vera, "stuurInterneTaakDoor", id=caller["id"], versie=5, **away)
    assert await recount() == ([2, 1, 0], [3, 3, 2])
    await done(vera, "stuurInterneTaakDoor", id=given["id"], versie=1, **away, medewerkerId=BURGERZAKEN.subject)
    assert await recount() == ([1, 1, 0], [4, 3, 2])
    await done(vera, "wijzigInterneTaakStatus", id=oldest["id"], versie=1, status="GEDAAN")
    assert await recount() == ([0, 0, 0], [4, 3, 2])
    await done(bo, "wijzigInterneTaakStatus", id=caller["id"], versie=7, status="GEDAAN")
    assert await recount() == ([0, 0, 0], [3, 2, 1])
    await done(bo, "wijzigInterneTaakStatus", id=caller["id"], versie=8, status="TE_DOEN", toelichting="Toch niet.")
    assert await recount() == ([0, 0, 0], [4, 2, 1])
    await done(desk, "trekInterneTaakIn", id=other["id"], versie=1, toelichting="Opgehangen.")
    assert await recount() == ([0, 0, 0], [3, 1, 0])


async def test_an_inbox_has_an_id_of_its_own_that_stays(server: Server) -> None:
    collega, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
    before = (await collega.data(STABLE, eenheid=eenheid))["postvak"]
    await registreer(server.as_(DESK), taak(eenheid))
    assert (await collega.data(STABLE, eenheid=eenheid.upper()))["postvak"] == before
    assert before["id"] not in server.eenheden.values()


async def test_an_inbox_that_is_unknown_or_forbidden_is_null_and_not_allowed(server: Server) -> None:
    for eenheid in (server.eenheden["BUR"], "99999999-9999-4999-8999-999999999999", "postvak", "\ud800"):
        answer = await server.as_(VERGUNNINGEN).answer(STABLE, eenheid=eenheid)
        assert answer["data"] == {"postvak": None}
        [error] = answer["errors"]
        assert (error["path"], error["extensions"]) == (["postvak"], {"code": "NIET_BEVOEGD"})


async def test_all_that_one_query_reads_is_of_one_moment(server: Server, settings: Settings) -> None:
    await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    numbers = count()

    def names(found: JSON) -> Iterator[str]:
        for key, value in found.items() if isinstance(found, dict) else enumerate(found):
            if key == "naam":
                yield value
            elif isinstance(value, dict | list):
                yield from names(value)

    with connected(settings.database_url) as other:

        def rename() -> None:
            renaming = text("UPDATE organisatorische_eenheid SET naam = :naam WHERE identificatie = 'VER'")
            other.execute(renaming, {"naam": f"VER {next(numbers)}"})

        with statements(after_each=rename) as executed:
            first = await server.as_(VERGUNNINGEN).data(SNAPSHOT, eenheid=server.eenheden["VER"])
        second = await server.as_(VERGUNNINGEN).data(SNAPSHOT, eenheid=server.eenheden["VER"])
    assert len(executed) > 4
    assert len(list(names(first))) == 4
    assert len(set(names(first))) == 1
    assert set(names(second)) == {f"VER {len(executed) - 1}"}


async def test_a_page_and_its_total_are_of_one_moment(server: Server, settings: Settings) -> None:
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    await registreer(server.as_(DESK), *(taak(ver) for _ in range(8)))
    away = text(
        "UPDATE interne_taak SET eenheid_id = :bur "
        "WHERE id = (SELECT min(id) FROM interne_taak WHERE eenheid_id = :ver)"
    )
    with connected(settings.database_url) as other:

        def move_one() -> None:
            other.execute(away, {"bur": bur, "ver": ver})

        with statements(after_each=move_one) as executed:
            found = (await server.as_(VERGUNNINGEN).data(PAGE_AND_TOTAL, eenheid=ver))["interneTaken"]
    # At least the login, and the page before its total.
    assert len(executed) > 1
    assert found["totalCount"] == len(found["edges"]) > 4


async def test_an_inbox_has_the_same_tasks_wherever_it_hangs_and_whatever_was_asked_before(server: Server) -> None:
    [task] = (await registreer(server.as_(DESK), taak(server.eenheden["VER"])))["interneTaken"]
    vera, expected = server.as_(VERGUNNINGEN), {"totalCount": 1, "edges": [{"node": {"id": task["id"]}}]}
    assert (await vera.data(OWN))["ik"]["postvakken"] == [{"interneTaken": expected}]
    of_fact = (await vera.data(OF_A_TASK, id=task["id"]))["interneTaak"]["laatsteGebeurtenis"]
    assert of_fact["postvak"] == {"interneTaken": expected}
    assert (await vera.data(OWN))["ik"]["postvakken"] == [{"interneTaken": expected}]


async def test_of_two_lists_of_an_inbox_each_has_what_it_was_asked_for(server: Server) -> None:
    eenheid = server.eenheden["VER"]
    await registreer(server.as_(DESK), *(taak(eenheid, toelichting=text) for text in ("Appel", "Peer", "Peren")))
    found = await server.as_(VERGUNNINGEN).data(TWO_LISTS, eenheid=eenheid, one="appel", other="pe")
    texts = {
        name: sorted(edge["node"]["toelichting"] for edge in one["edges"]) for name, one in found["postvak"].items()
    }
    assert texts == {"one": ["Appel"], "other": ["Peer", "Peren"]}
    assert {name: one["totalCount"] for name, one in found["postvak"].items()} == {"one": 1, "other": 2}
