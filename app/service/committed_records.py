"""Records that a transaction wrote or looked up, as they were at its commit. They save reading them again."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from time import monotonic
from typing import Any, NamedTuple

from app.common.lru import Lru
from app.domain.calling_back.betrokkene import Vastgelegd
from app.domain.model import Gebeurtenis
from app.domain.references import Named

Lists = Mapping[tuple[str, str], Sequence[Any]]
"""Lists of related records, in order, by the name of the relation and the id of the record that has it."""

_MOST_TAKEN = 512
"""The size of the cache, in tasks."""


class CommittedRecords:
    """Records by kind and key. The kind is the name of the record's class. The key is a tuple with the record's id;
    for a fact it is the id of its task and its versie.

    `lists` are related records, limited to what the caller who did the deed may see.
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
        """The record of a kind with a key; None if it is not here."""
        return self._records.get((kind, key))

    def listed(self, relation: str, key: str) -> Sequence[Any] | None:
        """The related records of the record with this id, in order; None if they are not here."""
        return self._lists.get((relation, key))

    def of_anybody(self) -> "CommittedRecords":
        """The same records without the lists, because others may see more or fewer items of them."""
        alone = CommittedRecords()
        alone._records = self._records
        return alone

    def _add(self, records: Iterable[Any]) -> None:
        for record in records:
            key = (record.taak_id, record.versie) if isinstance(record, Gebeurtenis) else (record.id,)
            self._records[type(record).__name__, key] = record


class _Entry(NamedTuple):
    """The cached records of the newest fact of a task; `since` is a monotonic time in seconds."""

    versie: int
    committed_records: CommittedRecords
    since: float


def betrokkenen_lists(klantcontact_id: str, noted: Vastgelegd | None) -> Lists:
    """The lists of whom a contact was with, for a caller who may see them."""
    if noted is None:
        return {("betrokkenen", klantcontact_id): ()}
    return {
        ("betrokkenen", klantcontact_id): [noted.betrokkene],
        ("digitale_adressen", noted.betrokkene.id): noted.digitale_adressen,
    }


class RecentCommits:
    """A cache of the records of recent commits in this process, for the newest fact of each task.

    An entry is valid for `keep_seconds`, because another process may change the task. `most` is the cache's size in
    tasks.
    """

    def __init__(self, *, keep_seconds: float, most: int = _MOST_TAKEN) -> None:
        self._keep_seconds = keep_seconds
        self._by_taak: Lru[str, _Entry] = Lru(most)

    def keep(self, facts: Sequence[Gebeurtenis], committed_records: CommittedRecords) -> None:
        """Cache the records of one commit for each of its facts."""
        committed_records = committed_records.of_anybody()
        for fact in facts:
            entry = self._by_taak.get(fact.taak_id)
            if entry is None or fact.versie > entry.versie:
                self._by_taak.put(fact.taak_id, _Entry(fact.versie, committed_records, monotonic()))

    def forget(self) -> None:
        """Clear the cache, because departments or employees have changed."""
        self._by_taak.clear()

    def of(self, fact: Gebeurtenis) -> CommittedRecords | None:
        """The records of the commit that wrote this fact.

        None if the cache does not have them: they expired, a newer fact of the task replaced them, or another
        process committed the fact.
        """
        entry = self._by_taak.get(fact.taak_id)
        if entry is None or entry.versie != fact.versie or monotonic() - entry.since > self._keep_seconds:
            return None
        return entry.committed_records
