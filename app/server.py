"""The HTTP and WebSocket server around the application: uvicorn, with what this project needs of it."""

import uvicorn
from starlette.applications import Starlette

from app.settings import Settings


def make_server(settings: Settings, app: Starlette, *, log_level: str = "warning") -> uvicorn.Server:
    """A server that is ready to run; at level `info` it says where it listens."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ws="websockets-sansio",
        # A GET has its document and variables in the path: access logs would keep what people typed.
        access_log=False,
        log_level=log_level,
    )
    return uvicorn.Server(config)
