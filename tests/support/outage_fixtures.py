"""A plugin: a PostgreSQL that may go away, break, hang or be killed, and databases of it.

Whoever uses it is marked as being about PostgreSQL.
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
    """A server that no other tests use."""
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def own_template(postgres: Postgres) -> Iterator[Template]:
    """Made once, and copied by every test."""
    databases = PostgresqlDatabases(postgres)
    with databases.new() as url:
        yield asyncio.run(filled(databases, url))


@pytest.fixture
def own(own_template: Template, postgres: Postgres) -> Iterator[Template]:
    """A database of that server with the departments and people of the tests. The server runs when the test has
    ended, however it ended.
    """
    with own_template.copy() as url:
        yield replace(own_template, url=url)
        if not postgres.is_running:
            postgres.start()
