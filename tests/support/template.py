"""The database that tests begin with."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from app.domain.organisation import NieuweEenheid
from app.storage.migrations.migrate import migrate
from tests.support.arrange import command_line
from tests.support.databases import Databases
from tests.support.people import EENHEDEN, EVERYBODY, Person
from tests.support.server import serving, settings_on


@dataclass(frozen=True)
class Template:
    """A migrated database with the departments of the tests, in which everybody has logged in once."""

    databases: Databases
    url: str
    eenheden: dict[str, str]
    """The ids of the departments by identificatie."""

    def copy(self) -> AbstractContextManager[str]:
        """The URL of a copy, for as long as the context is open."""
        return self.databases.new(self.url)


async def filled(
    databases: Databases, url: str, named: Mapping[str, str] = EENHEDEN, people: Sequence[Person] = EVERYBODY
) -> Template:
    """The empty database at a URL, migrated and filled with departments, by their identificatie, and people."""
    await migrate(url)
    settings = settings_on(url)
    async with command_line(settings) as (adding, _):
        eenheden = {key: (await adding.add(NieuweEenheid(naam, key))).id for key, naam in named.items()}
    async with serving(settings, eenheden) as server:
        for person in people:
            await server.as_(person).data("{ ik { rollen } }")
    return Template(databases, url, eenheden)
