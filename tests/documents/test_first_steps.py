"""The first steps that the README shows work as they stand there."""

import uuid

from tests.support.pages import blocks, page
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server


async def test_the_first_steps_work_as_they_stand(server: Server) -> None:
    inbox_query, registration, live = blocks(page("README.md"), "graphql")
    desk, colleague, eenheid = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]

    inbox = (await colleague.data(inbox_query, eenheid=eenheid))["postvak"]
    async with colleague.follow(live, eenheid=eenheid, na=inbox["laatsteVolgnummer"]) as stream:
        contact_id = str(uuid.uuid4())
        answers = [
            (await desk.data(registration, id=contact_id, eenheid=eenheid))["registreerKlantcontact"]
            for _ in range(2)
        ]
        alert = (await stream.next())["postvak"]

    assert answers[0] == answers[1], "the same registration registers once"
    assert answers[0]["klantcontact"]["id"] == contact_id
    [row] = (await colleague.data(inbox_query, eenheid=eenheid))["postvak"]["interneTaken"]["edges"]
    assert row["node"]["id"] == alert["interneTaak"]["id"]
    assert row["node"]["ontstaanUitKlantcontact"]["onderwerp"] == "Voorwaarden vergunningsvrije dakkapel"
