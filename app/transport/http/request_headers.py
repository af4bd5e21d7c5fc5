"""The head of a request, and what a browser says in it: in `Host` what it takes this server to be, in `Origin`
where the page comes from that calls.

A page may have its own name lead here (DNS rebinding): to its browser it is then a page of this server, and may
read whatever it is answered. A page of this server's own origin may always call, another one where its origin is
named. Who sends no origin is no page of another one: browsers send it with whatever a page may read the answer of,
and with every WebSocket.
"""

import re
from collections.abc import Collection

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

ANY = "*"

_HOST = re.compile(r"([a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\])\.?(?::[0-9]*)?")
_MISDIRECTED = 421

_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ELSEWHERE = ("cross-site", "same-site")


class Headers:
    """Headers by their names in lower case; each value is text, a character for each of its bytes."""

    __slots__ = ("_values",)

    def __init__(self, scope: Scope) -> None:
        self._values: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            self._values.setdefault(name, []).append(value)

    def get(self, name: bytes) -> str | None:
        """The value of the first header with a name; None where there is none."""
        values = self._values.get(name)
        return values[0].decode("latin-1") if values else None

    def all(self, name: bytes) -> tuple[str, ...]:
        """The values of all headers with a name, in order."""
        return tuple(value.decode("latin-1") for value in self._values.get(name, ()))

    def __contains__(self, name: bytes) -> bool:
        return name in self._values


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
        hosts = Headers(scope).all(b"host")
        return len(hosts) == 1 and host_of(hosts[0]) in self._named


def origin_of(text: str) -> str | None:
    """An origin as browsers write it: scheme and host in lower case, without the scheme's own port; None for what
    is no origin, as `null` and whatever has more than scheme, host and port.
    """
    found = _ORIGIN.fullmatch(text.lower()) if text.isascii() else None
    if found is None:
        return None
    scheme, host, port = found.groups()
    has_port = port is not None and int(port) != _DEFAULT_PORTS.get(scheme)
    return f"{scheme}://{host}:{int(port)}" if has_port else f"{scheme}://{host}"


class Origins:
    """The origins whose pages may call, beside the server's own. `*` among them is any."""

    def __init__(self, named: Collection[str]) -> None:
        self._named = frozenset(origin_of(origin) for origin in named if origin != ANY)
        self.is_any = ANY in named

    def is_named(self, origin: str) -> bool:
        """Whether pages of an origin may call from elsewhere."""
        return self.is_any or ((known := origin_of(origin)) is not None and known in self._named)

    def may_call(self, scope: Scope, head: Headers) -> bool:
        """Whether a request, or a WebSocket's handshake, comes from no page at all or from one that may call."""
        origins = head.all(b"origin")
        if self.is_any:
            return True
        if not origins:
            # A page of another site had its browser fetch this, as an image or a script for example.
            return head.get(b"sec-fetch-site") not in _ELSEWHERE
        return len(origins) == 1 and (self.is_named(origins[0]) or _is_own(origins[0], scope, head))


def _is_own(origin: str, scope: Scope, head: Headers) -> bool:
    """Whether an origin is where the request was sent to."""
    hosts = head.all(b"host")
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    own = origin_of(f"{scheme}://{hosts[0]}") if len(hosts) == 1 else None
    return own is not None and own == origin_of(origin)
