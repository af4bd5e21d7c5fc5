"""Fixtures: a fresh database for every test, copied from one that was migrated once, and a server on it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.organisation import NieuweEenheid
from app.service.organisation import Eenheden
from app.service.writing import Writer, nobody_listens
from app.settings import Settings
from app.storage.database import Database
from app.storage.migrate import migrate
from tests.support.people import DEMO_KEY, EENHEDEN, EVERYBODY
from tests.support.server import Server, serving


@dataclass(frozen=True)
class Template:
    """A migrated database file with the departments of the tests, and their ids by identificatie."""

    path: Path
    eenheden: dict[str, str]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Made once, and copied by every test."""
    path = tmp_path_factory.mktemp("template") / "overdracht.sqlite"

    async def make() -> dict[str, str]:
        await migrate(database_url(path))
        database = Database(database_url(path), synchronous="NORMAL")
        eenheden = Eenheden(database, Writer(database, nobody_listens))
        made = {key: await eenheden.add(NieuweEenheid(naam, key)) for key, naam in EENHEDEN.items()}
        await database.close()
        return {key: eenheid.id for key, eenheid in made.items()}

    return Template(path, asyncio.run(make()))


def database_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def settings(template: Template, tmp_path: Path) -> Settings:
    """Settings on a database of the test's own. Every duration is small."""
    path = tmp_path / "overdracht.sqlite"
    shutil.copy(template.path, path)
    return Settings(
        database_url=database_url(path),
        sqlite_synchronous="NORMAL",
        token_demo_key=DEMO_KEY,
        poll_seconds=0.05,
        login_seconds=0,
        connection_init_seconds=0.5,
    )


@pytest.fixture
async def server(settings: Settings, template: Template) -> AsyncIterator[Server]:
    """A serving process in which everybody has logged in once."""
    async with serving(settings, template.eenheden) as running:
        for person in EVERYBODY:
            await running.as_(person).data("{ ik { rollen } }")
        yield running
