"""Reading an HTTP request: which media types its client takes (RFC 9110, section 12.5.1), which one it sends
(section 8.3), and what it asks: by GET from its URL, by POST from its body, and no more than is allowed.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from graphql import GraphQLError
from starlette.types import Message, Receive, Scope

from app.transport.connections.pipe import PIPE
from app.transport.execution.request import GraphQLRequest, Malformed, NotJson, read_json, request_of
from app.transport.http.request_headers import Headers
from app.transport.limits import Limit, LimitReached

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
EVENTS = "text/event-stream"

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_MOST_RANGES = 100
"""More than any client has a use for; what comes behind them is not looked at."""

_IN_JSON = ("variables", "extensions")
_MOST_PARAMETERS = 50
_MOST_TYPES = 100
"""For how many values of Content-Type it is remembered whether they are JSON."""


class RequestRefused(Exception):
    """A request that is not executed: the status of the answer, and what is wrong with it."""

    def __init__(self, status: int, wrong: str | LimitReached, *, allow: str | None = None) -> None:
        super().__init__(wrong)
        self.status = status
        self.error = GraphQLError(wrong) if isinstance(wrong, str) else GraphQLError("", original_error=wrong)
        self.allow = allow


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a request is read: the bytes of a body, those of a URL's query, and how long a body may take."""

    body: int
    query: int
    seconds: float


class Incoming:
    """A request as it comes: its scope, its head, and its body as an ASGI `receive`; `has_ended` says whether all
    of that was taken.
    """

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.head = Headers(scope)
        self.method: str = scope["method"]
        self._receive = receive
        self.has_ended = False

    @property
    def is_there(self) -> bool:
        """Whether all of it has come, as far as the connection tells: then nothing waits for it."""
        pipe = self.scope.get("extensions", {}).get(PIPE)
        return pipe is not None and pipe.has_request

    async def __call__(self) -> Message:
        """The next piece, or that the client has gone."""
        message = await self._receive()
        self.has_ended = not message.get("more_body", False)
        return message


class RequestReader:
    """Reads requests within bounds; whatever is none is refused with `RequestRefused`."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._is_json = lru_cache(_MOST_TYPES)(is_json)

    async def request(self, request: Incoming) -> GraphQLRequest:
        """What a GET or a POST asks."""
        try:
            return request_of(self._in_url(request) if request.method == "GET" else await self._in_body(request))
        except NotJson:
            raise RequestRefused(400, "This is not JSON, or more of it than is read.") from None
        except Malformed as error:
            raise RequestRefused(400, str(error)) from None

    def is_boundless(self, request: Incoming) -> bool:
        """Whether a body may be longer than what is read of it: it is too long, or does not say how long it is."""
        return b"transfer-encoding" in request.head or self._is_too_long(request)

    def _is_too_long(self, request: Incoming) -> bool:
        return int(request.head.get(b"content-length") or 0) > self._bounds.body

    def _in_url(self, request: Incoming) -> dict[str, object]:
        query = request.scope["query_string"]
        if len(query) > self._bounds.query:
            raise RequestRefused(414, LimitReached(Limit.URL, self._bounds.query))
        try:
            pairs = parse_qsl(query.decode(), True, errors="strict", max_num_fields=_MOST_PARAMETERS)
        except ValueError:
            raise Malformed("The query of the URL is not form data in UTF-8.") from None
        found = dict(pairs)
        if len(found) < len(pairs):
            raise Malformed("A parameter comes twice.")
        # Left empty they are left out; an empty document is one that is wrong.
        found = {name: value for name, value in found.items() if value or name == "query"}
        return {name: read_json(value) if name in _IN_JSON else value for name, value in found.items()}

    async def _in_body(self, request: Incoming) -> object:
        if not self._is_json(request.head.all(b"content-type")):
            raise RequestRefused(415, "Only application/json in UTF-8 is read.")
        if (request.head.get(b"content-encoding") or "identity").lower() != "identity":
            raise RequestRefused(415, "A body is read as it is, not compressed.")
        if self._is_too_long(request):
            raise self._too_long()
        if request.is_there:
            return read_json(await self._body(request))
        try:
            async with asyncio.timeout(self._bounds.seconds):
                return read_json(await self._body(request))
        except TimeoutError:
            raise RequestRefused(408, "The body did not come in time.") from None

    async def _body(self, request: Incoming) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while not request.has_ended:
            message = await request()
            if message["type"] == "http.disconnect":
                raise RequestRefused(400, "The body did not come to its end.")
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > self._bounds.body:
                raise self._too_long()
        return b"".join(pieces)

    def _too_long(self) -> RequestRefused:
        return RequestRefused(413, LimitReached(Limit.BODY, self._bounds.body))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a client takes: the JSON type that it likes best, None where it takes neither; whether it takes a stream
    of events; and whether it likes that better than JSON.
    """

    json: str | None
    events: bool
    rather_events: bool


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range of an Accept header. `exactness` is 0 for any type, 1 for any of one kind, 2 for one type."""

    kind: str
    subtype: str
    quality: float
    place: int

    @property
    def exactness(self) -> int:
        return (self.kind != "*") + (self.subtype != "*")

    def has(self, media_type: str) -> bool:
        kind, _, subtype = media_type.partition("/")
        return self.kind in ("*", kind) and self.subtype in ("*", subtype)


def taken(accept: Sequence[str]) -> Accepted:
    """What the client says with its Accept headers. Without any it is one from before GraphQL had a media type of
    its own, and takes `application/json`. Events are taken only where they are named.
    """
    header = ",".join(accept)
    if not header.strip():
        return Accepted(JSON, events=False, rather_events=False)
    ranges = [
        found
        for place, text in enumerate(header.split(",", _MOST_RANGES)[:_MOST_RANGES])
        if (found := _range(text, place)) is not None
    ]
    # What is named is liked better than what only falls under a range, then whatever stands first.
    liked = {media_type: _liked(media_type, ranges) for media_type in (JSON, GRAPHQL_JSON)}
    json = max(liked, key=lambda media_type: liked[media_type])
    events = max((one.quality for one in ranges if one.has(EVENTS) and one.exactness == 2), default=0.0)
    return Accepted(json if liked[json][0] else None, events > 0, events > liked[json][0])


def _liked(media_type: str, ranges: Sequence[_Range]) -> tuple[float, int, int]:
    """How much a type is liked: the most exact range that has it decides."""
    found = max((one for one in ranges if one.has(media_type)), key=lambda one: one.exactness, default=None)
    return (found.quality, found.exactness, -found.place) if found else (0.0, 0, 0)


def _range(text: str, place: int) -> _Range | None:
    """A media range; None where it is malformed, or wants another encoding than UTF-8."""
    media_type, parameters = _split(text)
    kind, _, subtype = media_type.partition("/")
    quality = parameters.get("q", "1")
    if not (kind and subtype and _QUALITY.fullmatch(quality) and _is_utf8(parameters)):
        return None
    return _Range(kind, subtype, float(quality), place)


def is_json(content_types: Sequence[str]) -> bool:
    """Whether the Content-Type headers of a request say that it is JSON in UTF-8."""
    if len(content_types) != 1:
        return False
    media_type, parameters = _split(content_types[0])
    return media_type == JSON and _is_utf8(parameters)


def _is_utf8(parameters: dict[str, str]) -> bool:
    return parameters.get("charset", "utf-8") in ("utf-8", "utf8")


def _split(text: str) -> tuple[str, dict[str, str]]:
    """A media type and its parameters, all in lower case."""
    media_type, *parameters = text.lower().split(";", _MOST_RANGES)
    pairs = (parameter.partition("=") for parameter in parameters)
    return media_type.strip(), {name.strip(): value.strip().strip('"') for name, _, value in pairs}
