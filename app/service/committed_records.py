"""Records that are at hand: what was written and looked up in a transaction, as it stood at its commit."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from time import monotonic
from typing import Any, NamedTuple

from app.common.lru import Lru
from app.domain.model import Gebeurtenis
from app.domain.references import Named

Lists = Mapping[tuple[str, str], Sequence[Any]]
"""Records in order, by the name of the relation and the id of the record that they hang on."""

_REMEMBERED = 512
"""Of how many facts a process remembers what was at hand."""


class CommittedRecords:
    """Records by their kind and key. The kind is the name of the record's type; the key has its id, but for a fact
    its task and versie. `lists` are what hangs on records, as who did the deed sees it.
    """

    __slots__ = ("_lists", "_records")

    def __init__(
        self, records: Iterable[Any] = (), *, known: Named | None = None, lists: Lists | None = None
    ) -> None:
        self._records: dict[tuple[str, Hashable], Any] = {}
        self._lists = lists or {}
        self._add(records)
        if known is not None:
            self._add(known.eenheden.values())
            for dienstverband in known.medewerkers.values():
                self._add([dienstverband.medewerker(), *dienstverband.eenheden])

    def get(self, kind: str, key: Hashable) -> Any:
        """The record of a kind with a key; None where it is not at hand."""
        return self._records.get((kind, key))

    def listed(self, relation: str, key: str) -> Sequence[Any] | None:
        """What hangs on the record with a key, in order; None where that is not at hand."""
        return self._lists.get((relation, key))

    def of_anybody(self) -> "CommittedRecords":
        """It without the lists: others may see more or less of them."""
        alone = CommittedRecords()
        alone._records = self._records
        return alone

    def _add(self, records: Iterable[Any]) -> None:
        for record in records:
            key = (record.taak_id, record.versie) if isinstance(record, Gebeurtenis) else (record.id,)
            self._records[type(record).__name__, key] = record


class _Kept(NamedTuple):
    """What is remembered of the newest fact of a task."""

    versie: int
    committed_records: CommittedRecords
    since: float


class RecentCommits:
    """What was at hand when facts were committed in this process: of the last few, of each task the newest, and no
    longer than `keep_seconds`, since another process may have changed the task meanwhile.
    """

    def __init__(self, *, keep_seconds: float, most: int = _REMEMBERED) -> None:
        self._keep_seconds = keep_seconds
        self._by_taak: Lru[str, _Kept] = Lru(most)

    def keep(self, facts: Sequence[Gebeurtenis], committed_records: CommittedRecords) -> None:
        """Remember it for facts that were committed together."""
        committed_records = committed_records.of_anybody()
        for fact in facts:
            kept = self._by_taak.get(fact.taak_id)
            if kept is None or fact.versie > kept.versie:
                self._by_taak.put(fact.taak_id, _Kept(fact.versie, committed_records, monotonic()))

    def forget(self) -> None:
        """Remember nothing of before: what was looked up then has another name now."""
        self._by_taak.clear()

    def of(self, fact: Gebeurtenis) -> CommittedRecords | None:
        """What was at hand with a fact, where none came after it on its task here; None where that is forgotten, or
        it was committed elsewhere.
        """
        kept = self._by_taak.get(fact.taak_id)
        if kept is None or kept.versie != fact.versie or monotonic() - kept.since > self._keep_seconds:
            return None
        return kept.committed_records
