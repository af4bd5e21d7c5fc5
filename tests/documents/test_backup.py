"""A backup that is made as docs/operating.md shows, while the server serves, has everything, and is served."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.settings import Settings
from tests.support.arrange import ONDERWERP, new_taak
from tests.support.client import JSON
from tests.support.databases import contents, sqlite_file, sqlite_url
from tests.support.pages import page
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server, serving
from tests.support.template import Template

pytestmark = pytest.mark.database("sqlite")

FOUND = """
query ($eenheid: ID!, $zoektekst: String!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    laatsteVolgnummer
    interneTaken(filter: { zoektekst: $zoektekst }) { edges { node { id versie } } }
  }
}
"""

FOLLOW = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer }
}
"""


@pytest.fixture
def copy(settings: Settings, server: Server, tmp_path: Path) -> Settings:
    """The settings for a copy, whose command is carried out as soon as it is asked for."""
    return settings.model_copy(update={"database_url": sqlite_url(tmp_path / "copy.sqlite")})


def back_up(settings: Settings, copy: Settings) -> None:
    [statement] = re.findall(r'^sqlite3 \S+ "(.*)"$', page("docs/operating.md"), re.MULTILINE)
    statement = re.sub("'.*'", f"'{sqlite_file(copy.database_url)}'", statement)
    with closing(sqlite3.connect(sqlite_file(settings.database_url))) as connection:
        connection.execute(statement)


async def found(server: Server) -> JSON:
    client, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
    postvak: JSON = (await client.data(FOUND, eenheid=eenheid, zoektekst=ONDERWERP))["postvak"]
    return postvak


async def test_a_copy_has_all_that_was_answered_and_is_served(
    settings: Settings, server: Server, copy: Settings, template: Template
) -> None:
    await new_taak(server.as_(DESK), server.eenheden["VER"])
    back_up(settings, copy)
    assert contents(copy.database_url) == contents(settings.database_url)
    async with serving(copy, template.eenheden) as restored:
        assert await found(restored) == await found(server)
        await new_taak(restored.as_(DESK), restored.eenheden["VER"])
        assert len((await found(restored))["interneTaken"]["edges"]) == 2


async def test_who_has_seen_more_than_a_copy_has_is_refused_at_first(
    settings: Settings, server: Server, copy: Settings, template: Template
) -> None:
    back_up(settings, copy)
    await new_taak(server.as_(DESK), server.eenheden["VER"])
    seen = (await found(server))["laatsteVolgnummer"]
    async with (
        serving(copy, template.eenheden) as restored,
        restored.as_(VERGUNNINGEN).follow(FOLLOW, eenheid=restored.eenheden["VER"], na=seen) as inbox,
    ):
        assert await inbox.refused() == ["CURSOR_ONGELDIG"]
