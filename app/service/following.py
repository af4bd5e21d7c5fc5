"""Following a stream of facts: who may, from where, and the facts themselves."""

from collections.abc import Callable, Collection

from app.domain.model import Gebeurtenis
from app.domain.refusals import NietBevoegd
from app.domain.streams import Start, Stream, StreamKind, start
from app.domain.text import read_uuid
from app.service.reading import postvak_geweigerd
from app.service.together import Together
from app.service.verwerking import Verwerking
from app.storage import facts, lookups
from app.storage.database import Database
from app.storage.snapshot import Snapshot

Head = Callable[[Stream], int | None]
"""How far a stream was read by those who follow it already; None where nobody does."""


class Following:
    """Opens streams and reads them. `max_behind` is how many facts a reader may be behind."""

    def __init__(self, database: Database, *, max_behind: int, head: Head) -> None:
        self._database = database
        self._max_behind = max_behind
        self._head = head
        self._end = Together(self.ends)

    async def postvak(self, verwerking: Verwerking, eenheid_id: str, na: int | None) -> Start:
        """Begin to follow an inbox after a volgnummer; `NietBevoegd` for unknown and forbidden alike."""
        with verwerking.asking(eenheid_id):
            kept = read_uuid(eenheid_id)
            if kept is not None and verwerking.scope.may_open_postvak(kept):
                stream = Stream(StreamKind.POSTVAK, kept)
                end = self._head(stream)
                if na is None or end is None or na > end:
                    end = await self._end(stream)
                if end is not None:
                    return start(stream, na, end, self._max_behind)
            raise postvak_geweigerd()

    async def interne_taak(self, verwerking: Verwerking, taak_id: str, na_versie: int | None) -> Start:
        """Begin to follow a task after a versie; `NietBevoegd` for unknown and forbidden alike."""
        with verwerking.asking(taak_id):
            kept = read_uuid(taak_id)
            if kept is not None:
                async with Snapshot(self._database) as snapshot:
                    found = await lookups.taken(snapshot, [kept], verwerking.scope)
                if kept in found:
                    stream = Stream(StreamKind.INTERNE_TAAK, kept)
                    return start(stream, na_versie, found[kept].versie, self._max_behind)
            raise NietBevoegd("Deze taak is niet voor u te zien.")

    async def facts_after(self, stream: Stream, after: int, limit: int) -> list[Gebeurtenis]:
        """At most `limit` facts of a stream after a place, in order."""
        read = facts.of_postvak if stream.kind is StreamKind.POSTVAK else facts.of_taak
        async with Snapshot(self._database) as snapshot:
            return await read(snapshot, stream.id, after, limit)

    async def ends(self, streams: Collection[Stream]) -> dict[Stream, int]:
        """The last place of streams, by a statement for each kind; an unknown stream is left out."""
        found: dict[Stream, int] = {}
        async with Snapshot(self._database) as snapshot:
            for kind, read in (
                (StreamKind.POSTVAK, facts.ends_of_postvakken),
                (StreamKind.INTERNE_TAAK, facts.ends_of_taken),
            ):
                if ids := [stream.id for stream in streams if stream.kind is kind]:
                    found |= {Stream(kind, id_): end for id_, end in (await read(snapshot, ids)).items()}
        return found
