"""Inboxes with tasks in every state, for tests of lists."""

from typing import Any

from tests.support.arrange import add_taak, done, registreer, taak
from tests.support.client import JSON, Client
from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server

TASKS, TASKS_OF_VER, CONTACTS = 13, 10, 5
"""The numbers of all tasks, of the tasks in VER's inbox, and of contacts that `fill` creates."""


async def fill(server: Server) -> None:
    """Register contacts by several departments and channels, with tasks in every state.

    Some tasks have the same moment of registration, some are later. Some are taken, finished, forwarded or
    reopened. Citizens are on the line for free and for taken tasks.
    """
    desk, vera, bo = (server.as_(who) for who in (DESK, VERGUNNINGEN, BURGERZAKEN))
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    victor = VERGUNNINGEN_COLLEGA.subject

    dormer = await registreer(
        desk,
        taak(ver),
        taak(ver, klantAanDeLijn=True),
        taak(ver, gevraagdeHandeling="Terugbellen", toelichting="Na vijf uur."),
        taak(bur, klantAanDeLijn=True),
    )
    passport = await registreer(
        desk, taak(ver, klantAanDeLijn=True), taak(ver, medewerkerId=victor), onderwerp="Paspoort", kanaal="Balie"
    )
    inner = await registreer(vera, taak(ver), taak(ver, klantAanDeLijn=True), onderwerp="Kap van een boom")
    await registreer(bo, taak(bur), onderwerp="Trouwen", kanaal="Balie", inhoud=None)
    await registreer(vera, onderwerp="Wat kost een dakkapel?", kanaal="E-mail")
    await add_taak(vera, dormer["id"], ver, klantAanDeLijn=True)
    await add_taak(vera, dormer["id"], ver, gevraagdeHandeling="Terugbellen")
    returned = await add_taak(desk, passport["id"], ver)
    moved = await add_taak(desk, passport["id"], ver)

    _, _, call_back, at_bur = dormer["interneTaken"]
    await finish(vera, call_back)
    await finish(bo, at_bur)
    await finish(vera, inner["interneTaken"][0])
    await done(vera, "neemInterneTaak", id=passport["interneTaken"][0]["id"])
    await finish(vera, returned)
    await done(
        vera, "wijzigInterneTaakStatus", id=returned["id"], versie=2, status="TE_DOEN", toelichting="Toch niet."
    )
    await done(
        vera,
        "stuurInterneTaakDoor",
        id=moved["id"],
        versie=1,
        organisatorischeEenheidId=bur,
        medewerkerId=BURGERZAKEN.subject,
        toelichting="Voor jullie.",
    )


async def finish(client: Client, task: JSON) -> None:
    """Finish a task with versie 1."""
    await done(client, "wijzigInterneTaakStatus", id=task["id"], versie=1, status="GEDAAN")


async def the_list(client: Client, document: str, **variables: Any) -> JSON:
    """The connection that a document has under the alias `list`, at the root or in a postvak."""
    found = await client.data(document, **variables)
    return found.get("postvak", found)["list"]


async def nodes(client: Client, document: str, **variables: Any) -> list[JSON]:
    """The nodes of that connection."""
    return [edge["node"] for edge in (await the_list(client, document, **variables))["edges"]]
