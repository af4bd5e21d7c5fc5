"""Subscribing to a stream of facts: the right to it, the position to start from, and reading its facts."""

from collections.abc import Callable, Collection

from app.common.coalesced_reads import CoalescedReads
from app.domain.model import Gebeurtenis
from app.domain.refusals import BevoegdheidReden, NietBevoegd
from app.domain.streams import Start, Stream, StreamKind, start
from app.domain.values.ids import read_uuid
from app.service.rows import postvak_geweigerd
from app.service.verwerking import Verwerking
from app.storage.engine.database import Database
from app.storage.engine.transaction import Transaction
from app.storage.read import facts, lookups

StreamHead = Callable[[Stream], int | None]
"""The number of the last fact that was already read for subscribers of a stream; None if it has no subscribers."""


_READ_ENDS = {
    StreamKind.POSTVAK: facts.ends_of_postvakken,
    StreamKind.INTERNE_TAAK: facts.ends_of_taken,
}


class Following:
    """Opens streams and reads their facts. `max_behind` is how many facts a new subscriber may be behind."""

    def __init__(self, database: Database, *, max_behind: int, head: StreamHead) -> None:
        self._database = database
        self._max_behind = max_behind
        self._head = head
        self._end = CoalescedReads(self.ends)

    async def postvak(self, verwerking: Verwerking, eenheid_id: str, na: int | None) -> Start:
        """Open an inbox's stream after volgnummer `na`, or at its end if None.

        Raises `NietBevoegd` if the department does not exist or its inbox is not visible to the caller, and
        `CursorOngeldig` or `CursorVerlopen` for a wrong `na`.
        """
        with verwerking.asking(eenheid_id):
            uuid = read_uuid(eenheid_id)
            if uuid is not None and verwerking.scope.may_open_postvak(uuid):
                stream = Stream(StreamKind.POSTVAK, uuid)
                end = self._head(stream)
                if na is None or end is None or na > end:
                    end = await self._end(stream)
                if end is not None:
                    return start(stream, na, end, self._max_behind)
            raise postvak_geweigerd()

    async def interne_taak(self, verwerking: Verwerking, taak_id: str, na_versie: int | None) -> Start:
        """Open a task's stream after versie `na_versie`, or at its end if None.

        Raises `NietBevoegd` if the task does not exist or is not visible to the caller, and `CursorOngeldig` or
        `CursorVerlopen` for a wrong `na_versie`.
        """
        with verwerking.asking(taak_id):
            uuid = read_uuid(taak_id)
            if uuid is not None:
                scope, id_ = verwerking.scope, uuid
                taak = await self._database.reading(lambda tx: lookups.taak(tx, id_, scope), alone=True)
                if taak is not None:
                    stream = Stream(StreamKind.INTERNE_TAAK, uuid)
                    return start(stream, na_versie, taak.versie, self._max_behind)
            raise NietBevoegd("Deze taak is niet voor u te zien.", BevoegdheidReden.ANDERE_AFDELING)

    async def facts_after(self, stream: Stream, after: int, limit: int) -> list[Gebeurtenis]:
        """At most `limit` facts of a stream with a number above `after`, in order."""
        read = facts.of_postvak if stream.kind is StreamKind.POSTVAK else facts.of_taak
        return await self._database.reading(lambda tx: read(tx, stream.id, after, limit), alone=True)

    async def ends(self, streams: Collection[Stream]) -> dict[Stream, int]:
        """The number of the last fact of each stream, with one statement per kind; unknown streams are left out."""
        by_kind = {kind: [stream.id for stream in streams if stream.kind is kind] for kind in _READ_ENDS}
        ids_by_kind = {kind: ids for kind, ids in by_kind.items() if ids}

        async def read(tx: Transaction) -> dict[Stream, int]:
            return {
                Stream(kind, id_): end
                for kind, ids in ids_by_kind.items()
                for id_, end in (await _READ_ENDS[kind](tx, ids)).items()
            }

        return await self._database.reading(read, alone=len(ids_by_kind) == 1)
