"""Case C0534, as it is told: desk, alert, takeover."""

from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN
from tests.support.server import Server

INBOX = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    laatsteVolgnummer aantalTeDoen aantalNietToegewezen aantalKlantAanDeLijn
    interneTaken(filter: { status: TE_DOEN }) { edges { node { id } } }
  }
}
"""

LIVE = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer soort door { naam }
    postvak { aantalTeDoen aantalNietToegewezen }
    interneTaak { id versie klantAanDeLijn gevraagdeHandeling ontstaanUitKlantcontact { onderwerp } }
  }
}
"""

FOLLOW = """
subscription ($taak: ID!, $na: Int) {
  interneTaak(id: $taak, naVersie: $na) { versie soort status door { naam } }
}
"""

REGISTER = """
mutation ($eenheid: ID!) {
  registreerKlantcontact(input: {
    onderwerp: "Voorwaarden vergunningsvrije dakkapel"
    inhoud: "Klant wil weten onder welke voorwaarden er geen vergunning nodig is voor een dakkapel."
    interneTaken: [{
      gevraagdeHandeling: "Overname gesprek met klant"
      klantAanDeLijn: true
      organisatorischeEenheidId: $eenheid
    }]
  }) {
    ... on KlantcontactGeregistreerd {
      klantcontact {
        kanaal initiatiefnemer medewerker { naam } organisatorischeEenheid { naam }
        interneTaken { id versie status toelichting medewerker { naam } organisatorischeEenheid { naam } }
      }
    }
    ... on Weigering { bericht }
  }
}
"""

TAKE = """
mutation ($taak: ID!) {
  neemInterneTaak(input: { id: $taak }) {
    ... on InterneTaakGewijzigd {
      interneTaak { versie medewerker { naam } ontstaanUitKlantcontact { onderwerp inhoud } }
    }
    ... on Weigering { bericht }
  }
}
"""

FINISH = """
mutation ($taak: ID!, $versie: Int!) {
  wijzigInterneTaakStatus(input: { id: $taak, versie: $versie, status: GEDAAN }) {
    ... on InterneTaakGewijzigd { interneTaak { status gedaanOp gedaanDoor { naam } } }
    ... on Weigering { bericht }
  }
}
"""


async def test_the_open_inbox_shows_the_task_and_the_desk_sees_who_takes_the_call_over(server: Server) -> None:
    desk, collega = server.as_(DESK), server.as_(VERGUNNINGEN)
    eenheid = server.eenheden["VER"]
    before = (await collega.data(INBOX, eenheid=eenheid))["postvak"]

    async with collega.follow(LIVE, eenheid=eenheid, na=before["laatsteVolgnummer"]) as inbox:
        registered = (await desk.data(REGISTER, eenheid=eenheid))["registreerKlantcontact"]["klantcontact"]
        taak = registered["interneTaken"][0]
        alert = (await inbox.next())["postvak"]

        assert registered == {
            "kanaal": "Telefoon",
            "initiatiefnemer": "KLANT",
            "medewerker": {"naam": DESK.naam},
            "organisatorischeEenheid": {"naam": "Klantcontactcentrum"},
            "interneTaken": [
                {
                    "id": taak["id"],
                    "versie": 1,
                    "status": "TE_DOEN",
                    "toelichting": None,
                    "medewerker": None,
                    "organisatorischeEenheid": {"naam": "Afdeling vergunningen"},
                }
            ],
        }
        assert alert == {
            "volgnummer": 1,
            "soort": "GEREGISTREERD",
            "door": {"naam": DESK.naam},
            "postvak": {"aantalTeDoen": 1, "aantalNietToegewezen": 1},
            "interneTaak": {
                "id": taak["id"],
                "versie": 1,
                "klantAanDeLijn": True,
                "gevraagdeHandeling": "Overname gesprek met klant",
                "ontstaanUitKlantcontact": {"onderwerp": "Voorwaarden vergunningsvrije dakkapel"},
            },
        }

        async with desk.follow(FOLLOW, taak=taak["id"], na=taak["versie"]) as card:
            taken = (await collega.data(TAKE, taak=taak["id"]))["neemInterneTaak"]["interneTaak"]
            assert taken["ontstaanUitKlantcontact"]["inhoud"].startswith("Klant wil weten")
            assert (await card.next())["interneTaak"] == {
                "versie": 2,
                "soort": "GENOMEN",
                "status": "TE_DOEN",
                "door": {"naam": VERGUNNINGEN.naam},
            }

            finished = await collega.data(FINISH, taak=taak["id"], versie=taken["versie"])
            assert finished["wijzigInterneTaakStatus"]["interneTaak"]["gedaanDoor"] == {"naam": VERGUNNINGEN.naam}
            assert (await card.next())["interneTaak"]["status"] == "GEDAAN"

        assert [(await inbox.next())["postvak"]["soort"] for _ in range(2)] == ["GENOMEN", "GEDAAN"]
    after = (await collega.data(INBOX, eenheid=eenheid))["postvak"]
    assert after["interneTaken"]["edges"] == []
    assert after["aantalTeDoen"] == 0


async def test_no_other_departments_inbox_hears_anything(server: Server) -> None:
    async with server.as_(BURGERZAKEN).follow(LIVE, eenheid=server.eenheden["BUR"]) as elsewhere:
        async with server.as_(VERGUNNINGEN).follow(LIVE, eenheid=server.eenheden["VER"], na=0) as inbox:
            await server.as_(DESK).data(REGISTER, eenheid=server.eenheden["VER"])
            assert (await inbox.next())["postvak"]["volgnummer"] == 1
        assert await elsewhere.is_quiet()
