"""Performance as a count: how many SQL statements one request costs, however much it shows.

Every request costs one statement for its login. The counts are exact, so that one more or one less is noticed.
"""

import uuid
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import add_taak, ask, new_taak, registreer, taak
from tests.support.client import Client
from tests.support.databases import kind
from tests.support.people import DESK, DESK_COLLEGA, LEZER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server
from tests.support.statements import statements, statements_and_ends

INBOX = """
query ($eenheid: ID!, $first: Int!, $counted: Boolean!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    laatsteVolgnummer aantalTeDoen aantalNietToegewezen aantalKlantAanDeLijn langstWachtendSinds
    organisatorischeEenheid { naam }
    interneTaken(first: $first) {
      totalCount @include(if: $counted)
      pageInfo { hasNextPage endCursor }
      edges {
        cursor
        node {
          id nummer status versie
          organisatorischeEenheid { naam }
          medewerker { naam organisatorischeEenheid { naam } }
          geregistreerdDoor { naam organisatorischeEenheid { naam } }
          ontstaanUitKlantcontact {
            nummer onderwerp medewerker { naam } organisatorischeEenheid { naam }
          }
        }
      }
    }
  }
}
"""

REGISTER = """
mutation ($eenheid: ID!) {
  registreerKlantcontact(input: {
    onderwerp: "Dakkapel"
    interneTaken: [{ gevraagdeHandeling: "Overname gesprek met klant", organisatorischeEenheidId: $eenheid }]
  }) { ... on KlantcontactGeregistreerd { klantcontact { id nummer interneTaken { nummer } } } }
}
"""

ADD = "mutation ($input: RegistreerInterneTaakInput!) { registreerInterneTaak(input: $input) { __typename } }"

TAKE = """
mutation ($taak: ID!) {
  neemInterneTaak(input: { id: $taak }) { ... on InterneTaakGewijzigd { interneTaak { versie } } }
}
"""

FINISH = """
mutation ($taak: ID!, $versie: Int!) {
  wijzigInterneTaakStatus(input: { id: $taak, versie: $versie, status: GEDAAN }) {
    ... on InterneTaakGewijzigd { interneTaak { versie gedaanOp } }
  }
}
"""

REGISTER_MANY = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    ... on KlantcontactGeregistreerd {
      klantcontact { interneTaken { nummer logboek { soort } laatsteGebeurtenis { door { naam } } } }
    }
  }
}
"""

NOTE = """
mutation ($taak: ID!) {
  voegToelichtingToe(input: { id: $taak, toelichting: "Gebeld." }) {
    ... on InterneTaakGewijzigd {
      interneTaak {
        ontstaanUitKlantcontact {
          interneTaken { organisatorischeEenheid { naam } logboek { soort door { naam } } }
        }
      }
    }
  }
}
"""

NOTE_ALONE = """
mutation ($taak: ID!) {
  voegToelichtingToe(input: { id: $taak, toelichting: "Gebeld." }) {
    ... on InterneTaakGewijzigd { interneTaak { versie } }
  }
}
"""

LOGIN = 1
# The inbox, its page and all that is selected of it: one statement, the count within it.
INBOX_PAGE = LOGIN + 1
# Who registers and the department are read by one; the answer is made of what is at hand. Written are the ids and
# numbers of both, the contact, the task, the department's row, the fact: on PostgreSQL the first four by one
# statement and the last two by another, and the record of who does something is locked by one of its own.
REGISTRATION = {"sqlite": LOGIN + 7, "postgresql": LOGIN + 4}
# Who does it is read; the task's row is read and written, then the department's row and the fact.
DEED = {"sqlite": LOGIN + 5, "postgresql": LOGIN + 5}
TRANSACTION = 2


async def cost(client: Client, document: str, **variables: Any) -> int:
    with statements() as executed:
        await client.data(document, **variables)
    return len(executed)


async def fill(server: Server, count: int) -> None:
    """Tasks, each of its own contact, which a colleague of who added the task had registered: so that no level of
    the page finds its employees read already. Half of the tasks are somebody's.
    """
    pairs = [(DESK, DESK_COLLEGA), (VERGUNNINGEN, VERGUNNINGEN_COLLEGA)]
    for place in range(count):
        registrar, adder = pairs[place % 2]
        contact = await registreer(server.as_(registrar))
        owner = VERGUNNINGEN_COLLEGA.subject if place % 4 < 2 else None
        await add_taak(server.as_(adder), contact["id"], server.eenheden["VER"], medewerkerId=owner)


async def test_an_inbox_page_costs_the_same_however_many_tasks_it_shows(server: Server) -> None:
    await fill(server, 50)
    inbox, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
    costs = {first: await cost(inbox, INBOX, eenheid=eenheid, first=first, counted=False) for first in (1, 10, 50)}
    assert costs == {1: INBOX_PAGE, 10: INBOX_PAGE, 50: INBOX_PAGE}


async def test_the_total_is_counted_only_when_it_is_asked(server: Server) -> None:
    await fill(server, 1)
    inbox, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
    for counted in (False, True):
        with statements() as executed:
            await inbox.data(INBOX, eenheid=eenheid, first=50, counted=counted)
        assert len(executed) == INBOX_PAGE
        assert ("count(*)" in executed[-1]) is counted


async def test_a_registration_with_a_task_costs_a_fixed_number_of_statements(
    server: Server, settings: Settings
) -> None:
    registration = REGISTRATION[kind(settings.database_url)]
    assert await cost(server.as_(DESK), REGISTER, eenheid=server.eenheden["VER"]) == registration


async def test_who_may_not_register_costs_no_statement_but_that_for_the_login(server: Server) -> None:
    ver = server.eenheden["VER"]
    contact = await registreer(server.as_(DESK), taak(ver))
    assert await cost(server.as_(LEZER), REGISTER, eenheid=ver) == LOGIN
    assert await cost(server.as_(LEZER), ADD, input=taak(ver, klantcontactId=contact["id"])) == LOGIN


async def test_taking_and_finishing_a_task_and_a_note_cost_a_fixed_number_of_statements(
    server: Server, settings: Settings
) -> None:
    deed = DEED[kind(settings.database_url)]
    new = await new_taak(server.as_(DESK), server.eenheden["VER"])
    collega = server.as_(VERGUNNINGEN)
    assert await cost(collega, TAKE, taak=new["id"]) == deed
    assert await cost(collega, FINISH, taak=new["id"], versie=2) == deed
    assert await cost(collega, NOTE_ALONE, taak=new["id"]) == deed


# What each deed's answer shows of who and where, all of which it had to look at in any case.
AT_HAND = {
    "registreerKlantcontact": """... on KlantcontactGeregistreerd { klantcontact {
      medewerker { naam organisatorischeEenheid { naam } } organisatorischeEenheid { naam }
      interneTaken {
        medewerker { naam } organisatorischeEenheid { naam } geregistreerdDoor { naam }
        laatsteGebeurtenis { soort door { naam } medewerker { naam } organisatorischeEenheid { naam } }
      }
    } }""",
    "registreerInterneTaak": """... on InterneTaakGeregistreerd { interneTaak {
      medewerker { naam organisatorischeEenheid { naam } } organisatorischeEenheid { naam }
      geregistreerdDoor { naam } ontstaanUitKlantcontact { onderwerp }
      laatsteGebeurtenis { soort door { naam } medewerker { naam } }
    } }""",
    "registreerKlantcontact again": """... on KlantcontactGeregistreerd { klantcontact {
      medewerker { naam organisatorischeEenheid { naam } } organisatorischeEenheid { naam }
    } }""",
    "registreerInterneTaak again": """... on InterneTaakGeregistreerd { interneTaak {
      medewerker { naam } organisatorischeEenheid { naam } geregistreerdDoor { naam }
    } }""",
    "neemInterneTaak": """... on InterneTaakGewijzigd { interneTaak {
      medewerker { naam organisatorischeEenheid { naam } } organisatorischeEenheid { naam }
    } }""",
    "wijsInterneTaakToe": """... on InterneTaakGewijzigd { interneTaak {
      medewerker { naam organisatorischeEenheid { naam } } organisatorischeEenheid { naam }
      laatsteGebeurtenis { soort door { naam } medewerker { naam } organisatorischeEenheid { naam } }
    } }""",
    "stuurInterneTaakDoor": """... on InterneTaakGewijzigd { interneTaak {
      organisatorischeEenheid { naam }
      laatsteGebeurtenis { soort door { naam } andereOrganisatorischeEenheid { naam } }
    } }""",
}


async def test_who_and_where_a_deed_is_about_costs_no_statement_to_show(server: Server) -> None:
    desk, colleague = server.as_(DESK), server.as_(VERGUNNINGEN)
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    given = taak(ver, medewerkerId=VERGUNNINGEN_COLLEGA.subject)

    async def costs(shown: dict[str, str]) -> list[tuple[str, int]]:
        contact, task = await registreer(desk), await new_taak(desk, ver)
        chosen = {"id": str(uuid.uuid4()), "onderwerp": "Dakkapel", "interneTaken": [given]}
        added = {"id": str(uuid.uuid4()), "klantcontactId": contact["id"], **given}
        given_to = {"medewerkerId": given["medewerkerId"]}
        moved = {"organisatorischeEenheidId": bur, "toelichting": "Hoort bij u."}
        deeds: list[tuple[Client, str, dict[str, Any]]] = [
            (desk, "registreerKlantcontact", chosen),
            (desk, "registreerKlantcontact again", chosen),
            (desk, "registreerInterneTaak", added),
            (desk, "registreerInterneTaak again", added),
            (colleague, "neemInterneTaak", {"id": task["id"]}),
            # It is theirs already: nothing changes.
            (colleague, "neemInterneTaak", {"id": task["id"]}),
            (
                colleague,
                "wijsInterneTaakToe",
                {"id": task["id"], "versie": 2, **given_to},
            ),
            (colleague, "stuurInterneTaakDoor", {"id": task["id"], "versie": 3, **moved}),
        ]
        counted = []
        for client, name, input in deeds:
            document = f"mutation ($input: INPUT!) {{ answer: MUTATION(input: $input) {{ {shown[name]} }} }}"
            with statements() as executed:
                assert await ask(client, document, name.removesuffix(" again"), **input)
            counted.append((name, len(executed)))
        return counted

    assert await costs(AT_HAND) == await costs(dict.fromkeys(AT_HAND, "__typename"))


async def test_lists_in_the_answer_to_a_deed_are_read_together(server: Server) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    # As often as it is registered again, all of it is read: nothing is at hand.
    costs, notes = [], []
    for count in (2, 20):
        asked = {"id": str(uuid.uuid4()), "onderwerp": "Dakkapel", "interneTaken": [taak(ver)] * count}
        await desk.data(REGISTER_MANY, input=asked)
        with statements() as executed:
            again = await desk.data(REGISTER_MANY, input=asked)
        tasks = again["registreerKlantcontact"]["klantcontact"]["interneTaken"]
        assert [len(task["logboek"]) for task in tasks] == [1] * count
        costs.append(len(executed))
        contact = await registreer(desk, *[taak(ver)] * count)
        notes.append(await cost(desk, NOTE, taak=contact["interneTaken"][0]["id"]))
    assert costs[0] == costs[1]
    assert notes[0] == notes[1]


@pytest.mark.database("postgresql")
async def test_on_postgresql_each_statement_is_a_round_trip_and_so_are_both_ends_of_a_transaction(
    server: Server,
) -> None:
    collega, ver = server.as_(VERGUNNINGEN), server.eenheden["VER"]
    # The first ones learn what the statements take and give.
    for _ in range(2):
        new = await new_taak(server.as_(DESK), ver)
    with statements_and_ends() as asked:
        await server.as_(DESK).data(REGISTER, eenheid=ver)
    assert len(asked) == REGISTRATION["postgresql"] + TRANSACTION
    with statements_and_ends() as asked:
        await collega.data(TAKE, taak=new["id"])
    assert len(asked) == DEED["postgresql"] + TRANSACTION
    with statements_and_ends() as asked:
        await collega.data(INBOX, eenheid=ver, first=50, counted=False)
    # It is of one moment by itself.
    assert len(asked) == INBOX_PAGE
