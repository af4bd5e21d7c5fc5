"""A real OpenID Connect issuer on loopback, in its own thread, that can hang, lie and stop."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.support.client import PATIENCE
from tests.support.keys import jwk
from tests.support.people import Person
from tests.support.tokens import signed

DISCOVERY = "/realms/gemeente/.well-known/openid-configuration"
JWKS = "/realms/gemeente/keys"


class LocalIssuer:
    """An issuer that publishes the public keys of `keys`, which are by id, each with its algorithm.

    `instead` has ASGI applications by path that replace its own answers. `asked` counts the requests by path.
    """

    def __init__(self, keys: Mapping[str, tuple[Any, str]], *, certificate: Path | None = None) -> None:
        self.keys = dict(keys)
        self.instead: dict[str, ASGIApp] = {}
        self.asked: Counter[str] = Counter()
        self._certificate = certificate
        self._socket = _bound(0)
        self._port = self._socket.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The URL at which it listens."""
        return f"{'http' if self._certificate is None else 'https'}://127.0.0.1:{self._port}"

    @property
    def address(self) -> str:
        """Its issuer identifier (`iss`)."""
        return f"{self.url}/realms/gemeente"

    def discovery(self, **more: Any) -> JSONResponse:
        """Its discovery document; `more` replaces some fields."""
        return JSONResponse({"issuer": self.address, "jwks_uri": f"{self.url}{JWKS}"} | more)

    def token(self, who: Person, kid: str, **claims: Any) -> str:
        """A token of this issuer, signed with one of its keys."""
        key, algorithm = self.keys[kid]
        return signed(who, key, algorithm, kid, **{"iss": self.address} | claims)

    def start(self) -> None:
        """Start listening; clients can connect when this returns."""
        if self._socket.fileno() == -1:
            self._socket = _bound(self._port)
        self._socket.listen()
        config = uvicorn.Config(
            self,
            loop="asyncio",
            lifespan="off",
            log_level="warning",
            ssl_certfile=self._certificate,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()

    async def stop(self) -> None:
        """Stop: connections are refused from now on."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            await asyncio.to_thread(self._thread.join, PATIENCE)
            assert not self._thread.is_alive()
        self._socket.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        path = scope["path"]
        self.asked[path] += 1
        await self.instead.get(path, self._answer(path))(scope, receive, send)

    def _answer(self, path: str) -> ASGIApp:
        if path == DISCOVERY:
            return self.discovery()
        if path == JWKS:
            return JSONResponse({"keys": [jwk(key, name, kid) for kid, (key, name) in self.keys.items()]})
        return PlainTextResponse("Not Found", status_code=404)


Issuer = TypeVar("Issuer", bound=LocalIssuer)


async def hanging(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI application that never answers, and ends when the client disconnects."""
    while (await receive())["type"] != "http.disconnect":
        pass


def endless(piece: bytes) -> ASGIApp:
    """An ASGI application whose body repeats `piece` until the client disconnects."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(hanging(scope, receive, send))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not gone.done():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)

    return answer


@asynccontextmanager
async def issuing(issuer: Issuer) -> AsyncIterator[Issuer]:
    """Run the issuer inside this context, unless it is stopped earlier."""
    issuer.start()
    try:
        yield issuer
    finally:
        await issuer.stop()


def _bound(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made
