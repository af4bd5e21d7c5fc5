"""By which names this server is called: a browser says in `Host` what it takes it to be.

A page may have its own name lead here (DNS rebinding): to its browser it is then a page of this server, and may
read whatever it is answered.
"""

import re
from collections.abc import Collection

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from app.transport.http.head import Head

_HOST = re.compile(r"([a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\])\.?(?::[0-9]*)?")
_MISDIRECTED = 421


def host_of(text: str) -> str | None:
    """The name in a Host: in lower case, without its port and the dot at its end. IPv6 stands in brackets. None for
    what is no name.
    """
    found = _HOST.fullmatch(text.lower()) if text.isascii() else None
    return found[1] if found else None


class Hosts:
    """Serves an application under these names, whatever the port; without any, under every name. At the paths in
    `anywhere` it answers under any name: who asks there often knows an address only.
    """

    def __init__(self, app: ASGIApp, named: Collection[str], anywhere: Collection[str]) -> None:
        self._app = app
        self._named = frozenset(map(host_of, named))
        self._anywhere = frozenset(anywhere)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what comes in; under another name the answer is 421, of which nothing is kept or tried again."""
        if self._serves(scope):
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse("This server has another name.", _MISDIRECTED)
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).send_denial_response(refusal)
        else:
            await refusal(scope, receive, send)

    def _serves(self, scope: Scope) -> bool:
        if not self._named or scope["path"] in self._anywhere:
            return True
        hosts = Head(scope).all(b"host")
        return len(hosts) == 1 and host_of(hosts[0]) in self._named
