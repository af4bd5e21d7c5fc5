"""A use case writes in one transaction: tried again where it left nothing, never where it may have, told once."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

import pytest

from app.domain.model import Gebeurtenis, Hint
from app.domain.rights import Scope
from app.service.committed_records import CommittedRecords
from app.service.verwerking import Verwerking
from app.service.writing import Done, Writer
from app.settings import Settings
from app.storage.engine.database import Database
from app.storage.engine.failures import (
    CommitUnanswered,
    Conflict,
    ConstraintViolated,
    DatabaseOnbereikbaar,
    NotWritable,
    TransactionLost,
)
from app.storage.engine.transaction import Transaction
from tests.support.table import fact

pytestmark = pytest.mark.database("sqlite")

NOBODY = Scope(frozenset(), frozenset())


class Trying:
    """Work that fails in its first attempts, and what was told of it, in order."""

    def __init__(self, database: Database, *failures: Exception) -> None:
        self.attempts = 0
        self.told: list[str] = []
        self._failures = list(failures)
        self.writer = Writer(
            database, self._announced, self, by_system=self._by_system, hand_over=self._handed_over
        )

    async def __call__(self, tx: Transaction) -> Done[int]:
        self.attempts += 1
        if self._failures:
            raise self._failures.pop(0)
        return Done(self.attempts, [fact(7), fact(8)])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.told.append("open")
        try:
            yield
        except Exception:
            self.told.append("broken off")
            raise
        self.told.append("closed")

    def committed(self, facts: Sequence[Gebeurtenis]) -> None:
        self._tell("committed", facts)

    def _by_system(self, facts: Sequence[Gebeurtenis]) -> None:
        self._tell("by system", facts)

    def _handed_over(self, facts: Sequence[Gebeurtenis], at_hand: CommittedRecords) -> None:
        self._tell("handed over", facts)

    async def _announced(self, hints: Sequence[Hint]) -> None:
        self.told.append(f"announced {[hint.volgnummer for hint in hints]}")

    def _tell(self, what: str, facts: Sequence[Gebeurtenis]) -> None:
        self.told.append(f"{what} {[one.volgnummer for one in facts]}")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database_url, synchronous="NORMAL")
    yield opened
    await opened.close()


@pytest.mark.parametrize("failure", [Conflict, TransactionLost])
async def test_what_left_nothing_is_tried_again_and_told_when_it_is_committed(
    database: Database, failure: type[Exception]
) -> None:
    trying = Trying(database, *(failure("lost") for _ in range(4)))
    verwerking = Verwerking(NOBODY)
    assert (await trying.writer.run(trying, verwerking)).answer == 5
    assert trying.told == ["open", "closed", "committed [7, 8]", "handed over [7, 8]", "announced [7, 8]"]
    assert verwerking.gewijzigd.interne_taken == {"7", "8"}


@pytest.mark.parametrize("failure", [Conflict, TransactionLost])
async def test_it_is_not_tried_for_ever(database: Database, failure: type[Exception]) -> None:
    trying = Trying(database, *(failure("lost") for _ in range(100)))
    verwerking = Verwerking(NOBODY)
    with pytest.raises(failure):
        await trying.writer.run(trying, verwerking)
    assert (trying.attempts, trying.told) == (5, ["open", "broken off"])
    assert not verwerking.gewijzigd


@pytest.mark.parametrize(
    "failure", [CommitUnanswered, DatabaseOnbereikbaar, NotWritable, ConstraintViolated, ValueError]
)
async def test_what_may_have_left_something_or_would_fail_again_is_tried_once(
    database: Database, failure: type[Exception]
) -> None:
    trying = Trying(database, failure("why"))
    with pytest.raises(failure):
        await trying.writer.run(trying)
    assert (trying.attempts, trying.told) == (1, ["open", "broken off"])


async def test_what_nobody_asked_is_told_as_the_systems_own(database: Database) -> None:
    trying = Trying(database)
    await trying.writer.run(trying)
    assert trying.told[2:4] == ["committed [7, 8]", "by system [7, 8]"]


async def test_of_what_changed_nothing_nothing_is_told(database: Database) -> None:
    async def nothing(tx: Transaction) -> Done[str]:
        return Done("as it was")

    trying = Trying(database)
    assert (await trying.writer.run(nothing)).answer == "as it was"
    assert trying.told == ["open", "closed"]
