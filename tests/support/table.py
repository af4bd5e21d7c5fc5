"""A table of facts of which only the length matters, for tests of reading and delivering facts."""

import asyncio

from app.domain.model import Gebeurtenis, GebeurtenisSoort, InterneTaakStatus
from app.domain.streams import Stream, StreamKind

STREAM = Stream(StreamKind.POSTVAK, "een")


def fact(volgnummer: int) -> Gebeurtenis:
    """A fact of which only the number matters."""
    return Gebeurtenis(
        id=str(volgnummer),
        volgnummer=volgnummer,
        versie=1,
        soort=GebeurtenisSoort.GEREGISTREERD,
        tijdstip="2026-01-01T00:00:00.000Z",
        eenheid_id="een",
        taak_id=str(volgnummer),
        door_id=None,
        status=InterneTaakStatus.TE_DOEN,
        medewerker_id=None,
        andere_eenheid_id=None,
        toelichting=None,
    )


class Table:
    """The facts of one stream, numbered 1 to `end`. `reads` counts the reads; they fail while `is_away`."""

    def __init__(self) -> None:
        self.end = 0
        self.reads = 0
        self.is_away = False

    async def read(self, _: Stream, after: int, limit: int) -> list[Gebeurtenis]:
        """At most `limit` facts with a number above `after`."""
        self.reads += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise ConnectionError
        return [fact(number) for number in range(after + 1, min(self.end, after + limit) + 1)]
