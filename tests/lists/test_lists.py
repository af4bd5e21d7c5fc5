"""Lists in their three orders, page by page."""

from collections.abc import AsyncIterator, Callable
from itertools import product
from typing import Any

import pytest

from tests.support.arrange import add_taak, done, registreer, taak
from tests.support.client import JSON, Client
from tests.support.each import each
from tests.support.filling import CONTACTS, TASKS, TASKS_OF_VER, nodes, the_list
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN
from tests.support.server import Server

TASKS_PAGE = """
fragment Page on InterneTaakConnection {
  totalCount
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges {
    cursor
    node {
      id versie status klantAanDeLijn geregistreerdOp gedaanOp medewerker { id }
      ontstaanUitKlantcontact { geregistreerdOp } organisatorischeEenheid { identificatie }
    }
  }
}
"""

INTERNE_TAKEN = f"""
query (
  $filter: InterneTaakFilter, $volgorde: Volgorde! = LANGST_WACHTEND_EERST, $first: Int! = 50, $after: String
) {{
  list: interneTaken(filter: $filter, volgorde: $volgorde, first: $first, after: $after) {{ ...Page }}
}}
{TASKS_PAGE}"""

POSTVAK = f"""
query (
  $eenheid: ID!, $filter: PostvakFilter, $volgorde: Volgorde! = LANGST_WACHTEND_EERST, $first: Int! = 50
  $after: String
) {{
  postvak(organisatorischeEenheidId: $eenheid) {{
    list: interneTaken(filter: $filter, volgorde: $volgorde, first: $first, after: $after) {{ ...Page }}
  }}
}}
{TASKS_PAGE}"""

KLANTCONTACTEN = """
query ($filter: KlantcontactFilter, $volgorde: Volgorde! = NIEUWSTE_EERST, $first: Int! = 50, $after: String) {
  list: klantcontacten(filter: $filter, volgorde: $volgorde, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id geregistreerdOp } }
  }
}
"""

BY_GRAPHQL_CORE = '{ __type(name: "Query") { name } '
"""What no plan is made for: beside it everything is read by graphql-core."""

DEFAULTS = """
query ($eenheid: ID!) {
  interneTaken { edges { node { id } } }
  klantcontacten { edges { node { id } } }
  postvak(organisatorischeEenheidId: $eenheid) { interneTaken { edges { node { id } } } }
}
"""

SIZES = {INTERNE_TAKEN: TASKS, POSTVAK: TASKS_OF_VER, KLANTCONTACTEN: CONTACTS}
LISTS = pytest.mark.parametrize("document", SIZES, ids=["interneTaken", "postvak", "klantcontacten"])
TASK_LISTS = pytest.mark.parametrize("document", [INTERNE_TAKEN, POSTVAK], ids=["interneTaken", "postvak"])
ORDERS = ["LANGST_WACHTEND_EERST", "NIEUWSTE_EERST", "LAATST_GEDAAN_EERST"]


async def pages(client: Client, document: str, **variables: Any) -> AsyncIterator[JSON]:
    """The pages of a list, one after another until none follows."""
    after, follows = None, True
    while follows:
        page = await the_list(client, document, **variables, after=after)
        yield page
        assert page["pageInfo"]["endCursor"] != after
        after, follows = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]


def waiting(task: JSON) -> tuple[Any, ...]:
    free_caller = task["status"] == "TE_DOEN" and task["klantAanDeLijn"] and task["medewerker"] is None
    return (not free_caller, task["ontstaanUitKlantcontact"]["geregistreerdOp"], task["id"])


def newest(node: JSON) -> tuple[Any, ...]:
    return (node["geregistreerdOp"], node["id"])


@TASK_LISTS
async def test_tasks_stand_in_the_order_that_is_asked(full: Server, document: str) -> None:
    client, eenheid = full.as_(TOEZICHTHOUDER), full.eenheden["VER"]
    found = {order: await nodes(client, document, eenheid=eenheid, volgorde=order) for order in ORDERS}
    tasks = found["NIEUWSTE_EERST"]
    assert len(tasks) == SIZES[document]

    assert found["LANGST_WACHTEND_EERST"] == sorted(tasks, key=waiting)
    assert tasks == sorted(tasks, key=newest, reverse=True)
    assert tasks != sorted(tasks, key=waiting)

    last = found["LAATST_GEDAAN_EERST"]
    finished = [task["gedaanOp"] for task in last if task["gedaanOp"]]
    assert finished == sorted(finished, reverse=True)
    assert len(finished) > 1
    assert last[len(finished) :] == [task for task in tasks if task["status"] == "TE_DOEN"]
    assert len(last) == len(tasks)


async def test_contacts_stand_by_their_registration_oldest_or_newest_first(full: Server) -> None:
    client = full.as_(TOEZICHTHOUDER)
    found = {order: await nodes(client, KLANTCONTACTEN, volgorde=order) for order in ORDERS}
    contacts = found["NIEUWSTE_EERST"]
    assert len(contacts) == CONTACTS
    assert contacts == sorted(contacts, key=newest, reverse=True)
    assert found == {
        "LANGST_WACHTEND_EERST": contacts[::-1],
        "NIEUWSTE_EERST": contacts,
        "LAATST_GEDAAN_EERST": contacts,
    }


async def test_a_task_that_was_forwarded_keeps_its_place_in_waiting(server: Server) -> None:
    desk, ver, bur = server.as_(DESK), server.eenheden["VER"], server.eenheden["BUR"]
    [moved] = (await registreer(desk, taak(ver)))["interneTaken"]
    later = await registreer(desk, taak(bur), taak(bur, klantAanDeLijn=True))
    away = {"organisatorischeEenheidId": bur, "toelichting": "Voor jullie."}
    await done(server.as_(VERGUNNINGEN), "stuurInterneTaakDoor", id=moved["id"], versie=1, **away)
    found = await nodes(server.as_(BURGERZAKEN), POSTVAK, eenheid=bur)
    call_back, caller = later["interneTaken"]
    assert [task["id"] for task in found] == [caller["id"], moved["id"], call_back["id"]]


@TASK_LISTS
async def test_what_was_withdrawn_stands_by_its_waiting_and_not_on_top(server: Server, document: str) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    first = await registreer(desk, taak(ver, klantAanDeLijn=True))
    contact = await registreer(desk, *(taak(ver, klantAanDeLijn=lijn) for lijn in (True, True, False, True)))
    withdrawn, caller, waits, other = (task["id"] for task in contact["interneTaken"])
    oldest = first["interneTaken"][0]["id"]
    for task in (oldest, withdrawn):
        await done(desk, "trekInterneTaakIn", id=task, versie=1, toelichting="Opgehangen.")
    for who in (TOEZICHTHOUDER, VERGUNNINGEN, DESK):
        if who is DESK and document == POSTVAK:
            continue
        found = await nodes(server.as_(who), document, eenheid=ver)
        assert found == sorted(found, key=waiting)
        shown = [task["id"] for task in found]
        assert (set(shown[:2]), shown[2], set(shown[3:])) == ({caller, other}, oldest, {withdrawn, waits})
        for size in (1, 2, 3):
            walked = [page async for page in pages(server.as_(who), document, eenheid=ver, first=size)]
            assert [edge["node"]["id"] for page in walked for edge in page["edges"]] == shown


async def test_left_out_an_order_is_longest_waiting_for_tasks_and_newest_for_contacts_and_fifty_at_most(
    server: Server,
) -> None:
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]
    for number in range(51):
        await registreer(desk, taak(eenheid), onderwerp=f"Dakkapel {number}")
    found = await server.as_(VERGUNNINGEN).data(DEFAULTS, eenheid=eenheid)
    connections = {"interneTaken": found["interneTaken"], "klantcontacten": found["klantcontacten"]}
    connections["postvak"] = found["postvak"]["interneTaken"]
    shown = {name: [edge["node"]["id"] for edge in one["edges"]] for name, one in connections.items()}
    in_order: dict[str, Callable[..., Any]] = {"interneTaken": waiting, "postvak": waiting}
    for document, name in (
        (INTERNE_TAKEN, "interneTaken"),
        (POSTVAK, "postvak"),
        (KLANTCONTACTEN, "klantcontacten"),
    ):
        everything = await nodes(server.as_(VERGUNNINGEN), document, eenheid=eenheid, first=200)
        assert len(everything) == 51
        expected = sorted(everything, key=in_order.get(name, newest), reverse=name == "klantcontacten")
        assert shown[name] == [node["id"] for node in expected[:50]]


@LISTS
async def test_pages_of_every_size_visit_everything_exactly_once_in_every_order(
    full: Server, document: str
) -> None:
    client, size = full.as_(TOEZICHTHOUDER), SIZES[document]
    for volgorde, first in product(ORDERS, (1, 2, 3, size - 1, size)):
        asked = {"eenheid": full.eenheden["VER"], "volgorde": volgorde}
        whole = await the_list(client, document, **asked, first=200)
        walked = [page async for page in pages(client, document, **asked, first=first)]
        assert [edge for page in walked for edge in page["edges"]] == whole["edges"]
        assert len(whole["edges"]) == size
        assert len(walked) == -(-size // first)
        for place, page in enumerate(each(walked)):
            assert page["totalCount"] == size
            assert page["pageInfo"] == {
                "hasNextPage": place < len(walked) - 1,
                "hasPreviousPage": place > 0,
                "startCursor": page["edges"][0]["cursor"],
                "endCursor": page["edges"][-1]["cursor"],
            }


@pytest.mark.parametrize("seen_by", ["their inbox", "having forwarded them"])
async def test_a_contact_of_several_tasks_stands_once_and_takes_no_place_of_another(
    server: Server, seen_by: str
) -> None:
    desk, vera, ver = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]
    contacts = [await registreer(desk, taak(ver), taak(ver), taak(ver)) for _ in range(4)]
    for contact in contacts[:2]:
        await add_taak(desk, contact["id"], ver)
    if seen_by == "having forwarded them":
        away = {"organisatorischeEenheidId": server.eenheden["BUR"], "toelichting": "Voor jullie."}
        for task in await nodes(vera, INTERNE_TAKEN):
            await done(vera, "stuurInterneTaakDoor", id=task["id"], versie=1, **away)
    newest_first = [contact["id"] for contact in sorted(contacts, key=newest, reverse=True)]
    by_graphql_core = KLANTCONTACTEN.replace("{", BY_GRAPHQL_CORE, 1)
    for volgorde, document, first in product(ORDERS, (KLANTCONTACTEN, by_graphql_core), (1, 3)):
        walked = [page async for page in pages(vera, document, volgorde=volgorde, first=first)]
        assert {page["totalCount"] for page in walked} == {4}
        shown = [[edge["node"]["id"] for edge in page["edges"]] for page in walked]
        expected = newest_first[::-1] if volgorde == "LANGST_WACHTEND_EERST" else newest_first
        assert shown == [expected[start : start + first] for start in range(0, 4, first)]


async def test_after_the_last_one_there_is_an_empty_page(full: Server) -> None:
    client, eenheid = full.as_(TOEZICHTHOUDER), full.eenheden["VER"]
    for document in SIZES:
        end = (await the_list(client, document, eenheid=eenheid))["pageInfo"]["endCursor"]
        assert await the_list(client, document, eenheid=eenheid, after=end) == {
            "totalCount": SIZES[document],
            "pageInfo": {"hasNextPage": False, "hasPreviousPage": True, "startCursor": None, "endCursor": None},
            "edges": [],
        }


@pytest.mark.parametrize("volgorde", ORDERS)
async def test_a_cursor_keeps_its_place_when_its_row_has_left_the_list(full: Server, volgorde: str) -> None:
    vera, eenheid = full.as_(VERGUNNINGEN), full.eenheden["VER"]
    status = "GEDAAN" if volgorde == "LAATST_GEDAAN_EERST" else "TE_DOEN"
    asked: dict[str, Any] = {"eenheid": eenheid, "volgorde": volgorde, "filter": {"status": status}}
    expected = await nodes(vera, POSTVAK, **asked)
    visited = []
    async for page in pages(vera, POSTVAK, **asked, first=len(expected) // 2):
        for place, edge in enumerate(page["edges"]):
            task = {"id": edge["node"]["id"], "versie": edge["node"]["versie"], "toelichting": "Weg."}
            if status == "GEDAAN":
                await done(vera, "wijzigInterneTaakStatus", **task, status="TE_DOEN")
            elif place % 2:
                await done(vera, "wijzigInterneTaakStatus", **task, status="GEDAAN")
            else:
                away = {"organisatorischeEenheidId": full.eenheden["BUR"]}
                await done(vera, "stuurInterneTaakDoor", **task, **away)
            visited.append(edge["node"])
    assert visited == expected
    assert await nodes(vera, POSTVAK, **asked) == []


@TASK_LISTS
async def test_a_cursor_need_not_have_the_same_filter(full: Server, document: str) -> None:
    client = full.as_(TOEZICHTHOUDER)
    for volgorde in ORDERS:
        asked = {"eenheid": full.eenheden["VER"], "volgorde": volgorde}
        edges = (await the_list(client, document, **asked))["edges"]
        for place, edge in enumerate(each(edges)):
            found = await nodes(client, document, **asked, after=edge["cursor"], filter={"klantAanDeLijn": True})
            rest = [other["node"] for other in edges[place + 1 :]]
            assert found == [node for node in rest if node["klantAanDeLijn"]]


async def test_a_page_has_one_to_two_hundred(server: Server) -> None:
    client, eenheid = server.as_(TOEZICHTHOUDER), server.eenheden["VER"]
    for document in SIZES:
        for first in (0, -1, 201, 100_000, -(2**31), 2**31 - 1):
            assert await client.codes(document, eenheid=eenheid, first=first) == ["ONGELDIG_ARGUMENT"], first
        for allowed in (1, 200):
            assert await client.codes(document, eenheid=eenheid, first=allowed) == []
