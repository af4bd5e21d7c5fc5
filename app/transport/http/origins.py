"""Which pages may call: a browser says in `Origin` where the page comes from that calls.

A page of this server's own origin may always, another one where its origin is named. Who sends no origin is no page
of another one: browsers send it with whatever a page may read the answer of, and with every WebSocket.
"""

import re
from collections.abc import Collection

from starlette.types import Scope

from app.transport.http.head import Head

ANY = "*"

_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ELSEWHERE = ("cross-site", "same-site")


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

    def may_call(self, scope: Scope, head: Head) -> bool:
        """Whether a request, or a WebSocket's handshake, comes from no page at all or from one that may call."""
        origins = head.all(b"origin")
        if self.is_any:
            return True
        if not origins:
            # A page of another site had its browser fetch this, as an image or a script for example.
            return head.get(b"sec-fetch-site") not in _ELSEWHERE
        return len(origins) == 1 and (self.is_named(origins[0]) or _is_own(origins[0], scope, head))


def _is_own(origin: str, scope: Scope, head: Head) -> bool:
    """Whether an origin is where the request was sent to."""
    hosts = head.all(b"host")
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    own = origin_of(f"{scheme}://{hosts[0]}") if len(hosts) == 1 else None
    return own is not None and own == origin_of(origin)
