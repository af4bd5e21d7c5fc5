"""What is broken off in the midst of a reading or a deed leaves nothing behind and harms nobody else."""

import asyncio

import pytest

from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server, serving
from tests.support.template import Template

# A list is refused, which ends the answer around it while other fields of it are being read.
BESIDE = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) { organisatorischeEenheid { naam } interneTaken(%s) { totalCount } }
}
"""

DEEPER = """
query {
  ik {
    medewerker { naam }
    postvakken { organisatorischeEenheid { naam medewerkers { naam } } interneTaken(%s) { totalCount } }
  }
  interneTaken {
    edges { node { organisatorischeEenheid { naam medewerkers { naam } } logboek { door { naam } } } }
  }
}
"""

ALL = """
query {
  interneTaken { edges { node { medewerker { naam } logboek { door { naam organisatorischeEenheid { naam } } } } } }
}
"""

REGISTER = """
mutation ($eenheid: ID!) {
  registreerKlantcontact(input: {
    onderwerp: "Dakkapel"
    interneTaken: [{ gevraagdeHandeling: "Terugbellen", organisatorischeEenheidId: $eenheid }]
  }) { __typename }
}
"""

PLACE = "query ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { laatsteVolgnummer aantalTeDoen } }"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("first: 0", "ONGELDIG_ARGUMENT"), ('after: "x"', "CURSOR_ONGELDIG")],
)
async def test_a_refused_list_answers_its_code_and_gives_back_its_connection(
    settings: Settings, template: Template, arguments: str, code: str
) -> None:
    """With two connections for reading, one that is not given back is missed at once."""
    async with serving(settings.model_copy(update={"database_readers": 2}), template.eenheden) as server:
        inbox, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        await server.as_(DESK).data("{ ik { rollen } }")
        for _ in range(5):
            await new_taak(server.as_(DESK), eenheid)
        for _ in range(20):
            assert await inbox.codes(BESIDE % arguments, eenheid=eenheid) == [code]
            assert await inbox.codes(DEEPER % arguments) == [code]
        await inbox.data("{ kanalen }")


async def test_operations_that_their_client_ends_leave_no_error_and_no_connection(
    settings: Settings, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(settings.model_copy(update={"database_readers": 2}), template.eenheden) as server:
        eenheid = server.eenheden["VER"]
        for _ in range(5):
            await new_taak(server.as_(DESK), eenheid)
        async with server.as_(VERGUNNINGEN).socket() as socket:
            for turn in range(60):
                stream = await socket.subscribe(ALL)
                for _ in range(turn % 6):
                    await asyncio.sleep(0)
                await stream.complete()
            # The same id at once for another operation: it must not get what was left of the first.
            for _ in range(20):
                await socket.send({"id": "een", "type": "subscribe", "payload": {"query": ALL}})
                await socket.send({"id": "een", "type": "complete"})
            last = await socket.subscribe("{ kanalen }")
            while (message := await socket.receive())["id"] != last.id:
                assert message["type"] in ("next", "complete")
            assert message["payload"]["data"]["kanalen"][0] == "Telefoon"
        await server.as_(VERGUNNINGEN).data("{ kanalen }")
    assert [record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


async def test_sockets_that_vanish_in_the_midst_of_a_deed_leave_the_writer_free(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    eenheid = server.eenheden["VER"]

    async def vanish(turns: int) -> None:
        async with server.as_(DESK).socket() as socket:
            await socket.subscribe(REGISTER, eenheid=eenheid)
            for _ in range(turns):
                await asyncio.sleep(0)
            socket.ws.transport.abort()

    for round_ in range(4):
        await asyncio.gather(*(vanish(round_ * 10 + turns) for turns in range(10)))
    await new_taak(server.as_(DESK), eenheid)
    place = (await server.as_(VERGUNNINGEN).data(PLACE, eenheid=eenheid))["postvak"]
    # Each was registered whole, with its fact, or not at all.
    assert place["laatsteVolgnummer"] == place["aantalTeDoen"]
    assert [record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []
