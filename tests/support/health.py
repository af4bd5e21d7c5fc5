"""What a server says of its own state."""

from tests.support.server import Server

WELL = {"database": "ok", "migrations": "ok", "bus": "ok", "keys": "ok"}
"""The checks of a server that lacks nothing."""


async def asked(server: Server, path: str = "/readyz") -> tuple[int, object]:
    """The status and the body of an answer."""
    response = await server.http.get(f"{server.url}{path}")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, response.json()
