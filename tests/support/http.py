"""HTTP requests of any form, and the errors in their responses."""

import json

import httpx

from app.transport.http.reading import GRAPHQL_JSON
from app.transport.http.reading import JSON as JSON_TYPE
from tests.support.client import JSON
from tests.support.people import DESK
from tests.support.server import Server


async def send(
    server: Server,
    body: bytes | JSON = b"",
    *,
    method: str = "POST",
    content_type: str | None = "application/json",
    params: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """The response to a request of any form by a logged-in user."""
    sent = {"authorization": f"Bearer {DESK.token()}"} | (headers or {})
    if content_type is not None:
        sent["content-type"] = content_type
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await server.http.request(method, server.graphql, content=content, headers=sent, params=params)


def codes(response: httpx.Response) -> list[str]:
    """The codes of the errors in a response, which must be JSON in UTF-8 and may not be a server error (5xx)."""
    assert response.status_code < 500, response.text
    assert response.headers["content-type"] in (JSON_TYPE, GRAPHQL_JSON)
    return [error["extensions"]["code"] for error in json.loads(response.content).get("errors", [])]
