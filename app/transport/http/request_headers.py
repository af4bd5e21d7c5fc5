"""The headers of a request, and the checks of `Host` and `Origin`.

The check of `Host` protects against DNS rebinding: an attacker's page lets its own host name resolve to this
server, so that its browser takes the page for one of this server and lets it read the responses. Such a request has
a foreign Host.

The check of `Origin`: pages of this server's own origin may always call, other pages only if their origin is named.
A request without Origin is not from a page of another origin that could read the response: browsers send the header
with all such requests, and with every WebSocket.
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
    """The headers of a request, by name in lower case. Values are decoded as Latin-1."""

    __slots__ = ("_values",)

    def __init__(self, scope: Scope) -> None:
        self._values: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            self._values.setdefault(name, []).append(value)

    def get(self, name: bytes) -> str | None:
        """The value of the first header with a name; None if there is none."""
        values = self._values.get(name)
        return values[0].decode("latin-1") if values else None

    def all(self, name: bytes) -> tuple[str, ...]:
        """The values of all headers with a name, in order."""
        return tuple(value.decode("latin-1") for value in self._values.get(name, ()))

    def __contains__(self, name: bytes) -> bool:
        return name in self._values


def host_of(text: str) -> str | None:
    """The host name in a Host header: in lower case, without the port and a dot at the end, IPv6 addresses in
    brackets. None if it is malformed.
    """
    match = _HOST.fullmatch(text.lower()) if text.isascii() else None
    return match[1] if match else None


class Hosts:
    """Middleware that serves only requests whose Host is one of the given names, on any port; without names, all.

    The paths in `anywhere` are served for any Host: monitoring systems and load balancers often use an IP address.
    """

    def __init__(self, app: ASGIApp, named: Collection[str], anywhere: Collection[str]) -> None:
        self._app = app
        self._named = frozenset(map(host_of, named))
        self._anywhere = frozenset(anywhere)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket. For another Host the response is 421 (Misdirected Request)."""
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
    """Normalise an origin as browsers write it: scheme and host in lower case, without the scheme's default port.

    None if it is not an origin, such as `null`, or a URL with more than scheme, host and port.
    """
    match = _ORIGIN.fullmatch(text.lower()) if text.isascii() else None
    if match is None:
        return None
    scheme, host, port = match.groups()
    has_port = port is not None and int(port) != _DEFAULT_PORTS.get(scheme)
    return f"{scheme}://{host}:{int(port)}" if has_port else f"{scheme}://{host}"


class Origins:
    """The origins whose pages may call, beside the server's own; `*` allows any."""

    def __init__(self, named: Collection[str]) -> None:
        self._named = frozenset(origin_of(origin) for origin in named if origin != ANY)
        self.is_any = ANY in named

    def is_named(self, origin: str) -> bool:
        """Whether an origin is one of those named."""
        return self.is_any or ((normalised := origin_of(origin)) is not None and normalised in self._named)

    def is_allowed(self, scope: Scope, head: Headers) -> bool:
        """Whether a request or a handshake is allowed: it is from no page, or from a page that may call."""
        origins = head.all(b"origin")
        if self.is_any:
            return True
        if not origins:
            # Sec-Fetch-Site shows requests without Origin that a page of another site causes, such as for an image.
            return head.get(b"sec-fetch-site") not in _ELSEWHERE
        return len(origins) == 1 and (self.is_named(origins[0]) or _is_own(origins[0], scope, head))


def _is_own(origin: str, scope: Scope, head: Headers) -> bool:
    """Whether an origin is the server's own, by the request's Host."""
    hosts = head.all(b"host")
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    own = origin_of(f"{scheme}://{hosts[0]}") if len(hosts) == 1 else None
    return own is not None and own == origin_of(origin)
