"""Whatever a document asks of the schema, over HTTP, it is answered: schemathesis makes up queries and mutations.

How to try more of them stands in `test_hostile_inputs`.
"""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, Response
from schemathesis.graphql import nodes

from app.settings import Settings
from tests.support.arrange import registreer, taak
from tests.support.commands import ROOT
from tests.support.hostile import CODES, PEOPLE, examples, mostly, texts
from tests.support.logs import nothing_wrong_is_logged
from tests.support.people import DESK, Person
from tests.support.scene import shared_settings
from tests.support.server import Server, serving
from tests.support.template import Template

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database("sqlite")]

MOMENTS = st.datetimes(timezones=st.just(None)).map(lambda moment: f"{moment.isoformat()}Z")
schemathesis.graphql.scalar("DateTime", mostly(MOMENTS, texts(), times=5).map(nodes.String))

SCHEMA = schemathesis.graphql.from_file((ROOT / "schema.graphql").read_text())


@pytest.fixture(scope="module")
def shared(template: Template) -> Iterator[Settings]:
    with shared_settings(template) as settings:
        yield settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(shared: Settings, template: Template) -> AsyncIterator[Server]:
    async with serving(shared, template.eenheden) as running:
        for _ in range(3):
            await registreer(running.as_(DESK), *(taak(running.eenheden[key]) for key in ("VER", "BUR")))
        with nothing_wrong_is_logged():
            yield running


def not_ours_to_mend(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """A check of schemathesis, whose own takes every error of a resolver for one of ours, refusals as well."""
    assert response.status_code < 500
    assert {error["extensions"]["code"] for error in response.json().get("errors", [])} <= CODES


@examples(cost=2)
@given(case=SCHEMA.as_strategy(), door=PEOPLE)
async def test_any_document_of_the_schema_is_answered(server: Server, case: Case[Any], door: Person) -> None:
    headers = {"authorization": f"Bearer {door.token()}", "content-type": "application/json"}
    asked = case.as_transport_kwargs(base_url=server.graphql, headers=headers)
    # Not by httpx's own JSON, which cannot write a lone surrogate.
    content = json.dumps(asked["json"]).encode()
    response = await server.http.request(asked["method"], asked["url"], content=content, headers=headers)
    case.validate_response(response, checks=[not_ours_to_mend])
