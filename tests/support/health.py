"""The health checks of a server."""

from tests.support.server import Server

WELL = {"database": "ok", "migrations": "ok", "bus": "ok", "keys": "ok"}
"""The checks of a healthy server."""


async def asked(server: Server, path: str = "/readyz") -> tuple[int, object]:
    """Request a health check; the status and the body of the response."""
    response = await server.http.get(f"{server.url}{path}")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, response.json()
