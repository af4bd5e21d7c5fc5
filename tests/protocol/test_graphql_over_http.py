"""The specification of GraphQL over HTTP, by the audits of the npm package graphql-http."""

import pytest

from app.settings import Settings
from tests.support.node import CLIENTS, printed
from tests.support.people import DESK
from tests.support.server import serving
from tests.support.template import Template


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("introspection", [False, True], ids=["by default", "with introspection"])
async def test_every_audit_of_graphql_over_http_passes(
    settings: Settings, template: Template, introspection: bool
) -> None:
    async with serving(settings.model_copy(update={"introspection": introspection}), template.eenheden) as server:
        audits = await printed(CLIENTS / "audits.mjs", {"url": server.graphql, "token": DESK.token()})
    assert [f"{one['id']} {one['name']}: {one.get('reason')}" for one in audits if one["status"] != "ok"] == []
    assert len({one["id"] for one in audits}) == len(audits) == 61
