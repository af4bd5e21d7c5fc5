"""Fixtures: databases of both kinds, a new one for every test, copied from a template, and a server on it."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Literal

import hypothesis
import pytest
from strawberry import Schema

from app.settings import PREFIX, Settings
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.support.directories import passing_directory
from tests.support.filling import fill
from tests.support.generated.populated import Populated, populated_database
from tests.support.interpreting import interpreted
from tests.support.postgres import Postgres
from tests.support.privacy import found_in
from tests.support.server import Server, built_schema, serving, settings_on
from tests.support.statements import TAPS
from tests.support.template import Template, filled

pytest_plugins = ["tests.support.limit", "tests.support.kinds", "tests.support.outage_fixtures"]

PHASES: Sequence[Literal["setup", "call", "teardown"]] = ("setup", "call", "teardown")


# No deadline for examples in any profile of Hypothesis: their duration depends on the machine.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
# Selected with --hypothesis-profile. On CI Hypothesis itself selects a profile with the same examples every time.
hypothesis.settings.register_profile("thorough", max_examples=5000, print_blob=True)


def pytest_collection_finish() -> None:
    """Exclude what was imported and collected from garbage collection: it stays until the end anyway."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def statements_are_heard() -> Iterator[None]:
    with TAPS.open():
        yield


@pytest.fixture(scope="session", autouse=True)
def verwerkingenlog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file of the processing log of this process's servers, unless their settings name another one."""
    path = tmp_path_factory.mktemp("verwerkingenlog") / "log"
    path.touch()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(f"{PREFIX}VERWERKINGENLOG", str(path))
        yield path


@pytest.fixture(autouse=True)
def nothing_private_is_logged(caplog: pytest.LogCaptureFixture, verwerkingenlog: Path) -> Iterator[None]:
    """Fail a test if a text that tests register, a name or a token is in anything that was logged."""
    before = verwerkingenlog.stat().st_size
    with caplog.at_level(logging.INFO):
        yield
    logged = [caplog.handler.format(record) for when in PHASES for record in caplog.get_records(when)]
    with verwerkingenlog.open() as log:
        log.seek(before)
        logged.append(log.read())
    assert found_in("\n".join(logged)) == []


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Databases of one kind; for PostgreSQL on a server that is stopped after the tests."""
    if request.param == "sqlite":
        with passing_directory("sqlite") as directory:
            yield SqliteDatabases(directory)
        return
    server = Postgres()
    yield PostgresqlDatabases(server)
    server.remove()


@pytest.fixture(scope="session")
def template(databases: Databases) -> Iterator[Template]:
    """The template database, created once and copied for every test."""
    with databases.new() as url:
        yield asyncio.run(filled(databases, url))


@pytest.fixture
def empty_url(databases: Databases) -> Iterator[str]:
    """The URL of a database that was never migrated."""
    with databases.new() as url:
        yield url


@pytest.fixture(scope="session")
def schema() -> Schema:
    """The schema with its resolvers."""
    return built_schema()


@pytest.fixture(scope="module")
def populated(databases: Databases) -> Iterator[Populated]:
    """A database with random data, for all tests of a module, which may only read or copy it."""
    with populated_database(databases, seed=2) as made:
        yield made


@pytest.fixture
def migrated_url(template: Template) -> Iterator[str]:
    """The URL of a database for this test only."""
    with template.copy() as url:
        yield url


@pytest.fixture
def settings(template: Template) -> Iterator[Settings]:
    """Settings with a database for this test only."""
    with template.copy() as url:
        yield settings_on(url)


@pytest.fixture(scope="session")
def full_url(template: Template) -> Iterator[str]:
    """The URL of a database with tasks in every state, created once and copied for every test."""

    async def filling() -> None:
        async with serving(settings_on(url), template.eenheden) as server:
            await fill(server)

    with template.copy() as url:
        asyncio.run(filling())
        yield url


@pytest.fixture
async def full(full_url: str, template: Template) -> AsyncIterator[Server]:
    """A server on a copy of the database `full_url`."""
    with template.databases.new(full_url) as url:
        async with serving(settings_on(url), template.eenheden) as running:
            yield running


@pytest.fixture
async def server(settings: Settings, template: Template) -> AsyncIterator[Server]:
    """A server whose database has all people of the tests: each has logged in once."""
    async with serving(settings, template.eenheden) as running:
        yield running


@pytest.fixture(params=["by a plan", "by graphql-core"])
async def either_way(
    settings: Settings, template: Template, request: pytest.FixtureRequest
) -> AsyncIterator[Server]:
    """A server that answers queries with plans, and one that answers them with graphql-core."""
    async with serving(settings, template.eenheden) as running:
        yield running if request.param == "by a plan" else interpreted(running)
