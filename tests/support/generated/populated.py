"""A database with random data, for the tests of a module."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.settings import Settings
from app.storage.migrations.migrate import migrate
from app.wiring.parts import open_database
from tests.support.databases import Databases, execute
from tests.support.generated.populating import Filler
from tests.support.generated.population import Population
from tests.support.generated.reading_back import population
from tests.support.server import settings_on

_FAR = 2**53
_LEASE = "INSERT INTO postvak_lease VALUES (:proces, :eenheid, :medewerker, :tot)"


@dataclass(frozen=True)
class Populated:
    """A database and its contents. Its settings allow larger documents than the defaults do: generated documents
    may be large, and the limits have their own tests.
    """

    databases: Databases
    url: str
    there: Population

    @property
    def settings(self) -> Settings:
        """Settings with this database."""
        return _settings(self.url)

    @contextmanager
    def copy(self) -> Iterator[Settings]:
        """Settings with a copy of this database, inside this context."""
        with self.databases.new(self.url) as url:
            yield _settings(url)


@contextmanager
def populated_database(databases: Databases, seed: int) -> Iterator[Populated]:
    """A database with random data from a seed, inside this context."""
    with databases.new() as url:
        there = asyncio.run(_fill(url, seed))
        for number, login in enumerate(there.logins):
            lease = {"proces": login.medewerker_id, "eenheid": login.eenheid_id, "tot": _FAR if number % 3 else 0}
            execute(url, _LEASE, medewerker=login.medewerker_id, **lease)
        yield Populated(databases, url, there)


async def _fill(url: str, seed: int) -> Population:
    await migrate(url)
    settings = _settings(url)
    database = open_database(settings)
    try:
        logins = await Filler(database, seed, settings.kanalen).fill()
        return await population(database, logins, settings.kanalen)
    finally:
        await database.close()


def _settings(url: str) -> Settings:
    return settings_on(url, max_aliases=200, max_directives=200, max_tokens=10_000, max_cost=1_000_000)
