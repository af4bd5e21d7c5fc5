"""The database that tests start with."""

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
    """A migrated database with the departments and the people of the tests, who have all logged in once."""

    databases: Databases
    url: str
    eenheden: dict[str, str]
    """The ids of the departments by identificatie."""

    def copy(self) -> AbstractContextManager[str]:
        """A copy of the database inside this context, by its URL."""
        return self.databases.new(self.url)


async def filled(
    databases: Databases, url: str, named: Mapping[str, str] = EENHEDEN, people: Sequence[Person] = EVERYBODY
) -> Template:
    """Migrate the empty database at a URL and add departments (`named`: naam by identificatie) and people."""
    await migrate(url)
    settings = settings_on(url)
    async with command_line(settings) as (adding, _):
        eenheden = {key: (await adding.add(NieuweEenheid(naam, key))).id for key, naam in named.items()}
    async with serving(settings, eenheden) as server:
        for person in people:
            await server.as_(person).data("{ ik { rollen } }")
    return Template(databases, url, eenheden)
