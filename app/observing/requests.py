"""Every request and every socket has an id: the client's own where it is harmless, and it is told it."""

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

from app.logs.ids import request_id

log = logging.getLogger(__name__)

HEADER = "x-request-id"
_HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,128}")
_ANSWERS = ("http.response.start", "websocket.accept", "websocket.http.response.start")


def identified(scope: Scope, send: Send) -> Send:
    """Have what is served from here on logged under the id of a request or socket, and its response tell it."""
    given = Headers(scope=scope).get(HEADER, "")
    found = given if _HARMLESS.fullmatch(given) else uuid.uuid4().hex
    request_id.set(found)

    async def tell(message: Message) -> None:
        if message["type"] in _ANSWERS:
            MutableHeaders(scope=message)[HEADER] = found
        await send(message)

    return tell


def recorded(scope: Scope, send: Send) -> Send:
    """Have the answer to a request written to the log: its path, never what stands behind the question mark."""
    began = time.perf_counter()

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            seconds = time.perf_counter() - began
            log.info("%s %s %d in %.3f s", scope["method"], scope["path"], message["status"], seconds)
        await send(message)

    return tell
