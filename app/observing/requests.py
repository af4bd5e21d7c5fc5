"""Every request and every socket has an id, which its response tells."""

import logging
import re
import secrets
import time
from collections.abc import Collection

from starlette.types import Message, Scope, Send

from app.logs.ids import request_id

log = logging.getLogger(__name__)

HEADER = b"x-request-id"
_HARMLESS = re.compile(rb"[A-Za-z0-9._-]{1,128}")
_ANSWERS = ("http.response.start", "websocket.accept", "websocket.http.response.start")


def identified(scope: Scope, send: Send) -> Send:
    """Have what is served from here on logged under an id: the client's own where it is harmless.

    The `send` that is returned tells it with the response.
    """
    given = next((value for name, value in scope["headers"] if name == HEADER), b"")
    found = given.decode() if _HARMLESS.fullmatch(given) else secrets.token_hex(16)
    request_id.set(found)
    told = HEADER, found.encode()

    async def tell(message: Message) -> None:
        if message["type"] in _ANSWERS:
            message["headers"] = [*message.get("headers", ()), told]
        await send(message)

    return tell


def recorded(scope: Scope, send: Send, paths: Collection[str]) -> Send:
    """The `send` that is returned logs the answer to a request.

    Of its URL nothing but the path is told, and that only where something is served: the rest is what people typed.
    So is an id at its end.
    """
    began = time.perf_counter()
    asked = scope["path"]
    with_id = f"{asked.rpartition('/')[0]}/{{id}}"
    path = asked if asked in paths else with_id if with_id in paths else "elsewhere"

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            seconds = time.perf_counter() - began
            log.info("%s %s %d in %.3f s", scope["method"], path, message["status"], seconds)
        await send(message)

    return tell
