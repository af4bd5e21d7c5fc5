"""A pytest plugin: a PostgreSQL server that tests may stop, crash, suspend or kill, with databases on it.

Tests that use it must be marked for PostgreSQL.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.databases import PostgresqlDatabases
from tests.support.postgres import Postgres
from tests.support.template import Template, filled


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that only the tests of outages use."""
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def own_template(postgres: Postgres) -> Iterator[Template]:
    """The template database on that server, created once and copied for every test."""
    databases = PostgresqlDatabases(postgres)
    with databases.new() as url:
        yield asyncio.run(filled(databases, url))


@pytest.fixture
def own(own_template: Template, postgres: Postgres) -> Iterator[Template]:
    """A database on that server with the departments and people of the tests. After the test the server is started
    again if it does not run.
    """
    with own_template.copy() as url:
        yield replace(own_template, url=url)
        if not postgres.is_running:
            postgres.start()
