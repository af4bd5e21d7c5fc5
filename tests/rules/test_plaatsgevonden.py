"""When a contact took place: the tasks wait since then, and contacts stay in the order of their registration."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.values.moments import written
from app.settings import Settings
from tests.support.arrange import add_taak, registreer, stored, taak
from tests.support.client import JSON, Client
from tests.support.databases import execute, rows
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server

REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd { klantcontact { id plaatsgevondenOp geregistreerdOp } }
    ... on OngeldigeInvoer { velden { pad code } }
  }
}
"""
WAITING = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    langstWachtendSinds interneTaken { edges { node { ontstaanUitKlantcontact { id } } } }
  }
}
"""
CONTACTS = """
query ($volgorde: Volgorde!, $after: String) {
  klantcontacten(volgorde: $volgorde, first: 2, after: $after) {
    edges { node { id } } pageInfo { endCursor hasNextPage }
  }
}
"""
EARLIER = "2026-01-31T12:00:00.000Z"


def ahead(seconds: float) -> str:
    return written(datetime.now(UTC) + timedelta(seconds=seconds))


async def register(client: Client, **more: object) -> JSON:
    return (await client.data(REGISTER, input={"onderwerp": "Dakkapel"} | more))["registreerKlantcontact"]


async def every_contact(client: Client, volgorde: str) -> list[str]:
    """The ids of all contacts in an order, page by page."""
    ids: list[str] = []
    after: str | None = None
    for _ in range(20):
        page = (await client.data(CONTACTS, volgorde=volgorde, after=after))["klantcontacten"]
        ids += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return ids
    raise AssertionError("the pages do not end")


async def test_a_contact_took_place_when_it_was_registered_or_earlier(server: Server) -> None:
    desk = server.as_(DESK)
    usual = (await register(desk))["klantcontact"]
    assert usual["plaatsgevondenOp"] == usual["geregistreerdOp"]
    letter = (await register(desk, plaatsgevondenOp="2026-01-31T13:00:00+01:00"))["klantcontact"]
    assert letter["plaatsgevondenOp"] == EARLIER < letter["geregistreerdOp"]


async def test_a_moment_that_is_a_little_ahead_counts_as_now(server: Server) -> None:
    contact = (await register(server.as_(DESK), plaatsgevondenOp=ahead(50)))["klantcontact"]
    assert contact["plaatsgevondenOp"] == contact["geregistreerdOp"]


@pytest.mark.parametrize("is_on_the_line", [False, True])
async def test_a_moment_to_come_is_refused_and_so_is_one_with_a_citizen_on_the_line(
    server: Server, settings: Settings, is_on_the_line: bool
) -> None:
    before = stored(settings)
    answer = await register(
        server.as_(DESK),
        plaatsgevondenOp=EARLIER if is_on_the_line else ahead(3600),
        interneTaken=[taak(server.eenheden["VER"], klantAanDeLijn=is_on_the_line)],
    )
    assert answer["velden"] == [{"pad": ["plaatsgevondenOp"], "code": "ONGELDIGE_WAARDE"}]
    assert stored(settings) == before


async def test_tasks_wait_since_the_contact_took_place_also_those_added_later(server: Server) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    usual = await registreer(desk, taak(ver))
    letter = await registreer(desk, plaatsgevondenOp=EARLIER)
    await add_taak(desk, letter["id"], ver)
    inbox = (await server.as_(VERGUNNINGEN).data(WAITING, eenheid=ver))["postvak"]
    assert inbox["langstWachtendSinds"] == EARLIER
    order = [edge["node"]["ontstaanUitKlantcontact"]["id"] for edge in inbox["interneTaken"]["edges"]]
    assert order == [letter["id"], usual["id"]]


async def test_contacts_are_listed_in_the_order_of_their_registration(server: Server) -> None:
    """For the desk that registered them, and for who sees them by a task in its inbox or that it forwarded."""
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    ids = []
    for nth in range(6):
        more = {"plaatsgevondenOp": f"2026-01-{20 - nth}T12:00:00Z"} if nth % 2 else {}
        ids.append((await registreer(desk, taak(ver), taak(ver), **more))["id"])
    for client in (desk, server.as_(VERGUNNINGEN)):
        assert await every_contact(client, "LANGST_WACHTEND_EERST") == ids
        assert await every_contact(client, "NIEUWSTE_EERST") == ids[::-1]


async def test_a_registration_from_before_these_fields_is_known_again(server: Server, settings: Settings) -> None:
    desk = server.as_(DESK)
    id_ = "0194f8a0-0000-7000-8000-00000000000b"
    first = await register(desk, id=id_)
    # As the version before computed it: of every field that it had.
    before: JSON = {
        "id": id_,
        "kanaal": None,
        "initiatiefnemer": "KLANT",
        "onderwerp": "Dakkapel",
        "inhoud": None,
        "interne_taken": [],
    }
    print_ = hashlib.sha256(json.dumps(before, sort_keys=True).encode()).hexdigest()
    assert rows(settings.database_url, "SELECT vingerafdruk FROM registratie") == [(print_,)]
    execute(settings.database_url, "UPDATE klantcontact SET plaatsgevonden_op = NULL")
    assert await register(desk, id=id_) == first
    assert (await register(desk, id=id_, plaatsgevondenOp=EARLIER))["__typename"] == "IdAlInGebruik"
