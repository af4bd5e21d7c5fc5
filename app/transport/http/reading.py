"""Reading an HTTP request, within limits: the media types that the client accepts (RFC 9110, section 12.5.1), the
one that it sends (section 8.3), and the GraphQL request, which a GET has in its URL and a POST in its body.
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
"""The most media ranges of an Accept header that are read, and the most parameters of each."""

_IN_JSON = ("variables", "extensions")
"""The parameters in a URL whose value is JSON."""
_MOST_PARAMETERS = 50
_MOST_TYPES = 100
"""For how many values of Content-Type the result of `is_json` is cached."""


class RequestRefused(Exception):
    """A request that is not executed: the HTTP status, the error, and `allow` for the header of a 405."""

    def __init__(self, status: int, wrong: str | LimitReached, *, allow: str | None = None) -> None:
        super().__init__(wrong)
        self.status = status
        self.error = GraphQLError(wrong) if isinstance(wrong, str) else GraphQLError("", original_error=wrong)
        self.allow = allow


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a request: the bytes of its body and of its URL's query, and the timeout of the body."""

    body: int
    query: int
    seconds: float


class Incoming:
    """An HTTP request: its scope, its headers (`head`), and its body, as an ASGI `receive`. `has_ended` is whether
    the whole body was read.
    """

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.head = Headers(scope)
        self.method: str = scope["method"]
        self._receive = receive
        self.has_ended = False

    @property
    def is_there(self) -> bool:
        """Whether the whole request is known to have arrived, so that reading the body need not wait."""
        pipe = self.scope.get("extensions", {}).get(PIPE)
        return pipe is not None and pipe.has_request

    async def __call__(self) -> Message:
        """The next ASGI message: a piece of the body, or a disconnect."""
        message = await self._receive()
        self.has_ended = not message.get("more_body", False)
        return message


class RequestReader:
    """Reads GraphQL requests, within limits. Raises `RequestRefused` for anything else."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._is_json = lru_cache(_MOST_TYPES)(is_json)

    async def request(self, request: Incoming) -> GraphQLRequest:
        """The GraphQL request of a GET or a POST."""
        try:
            return request_of(self._in_url(request) if request.method == "GET" else await self._in_body(request))
        except NotJson:
            raise RequestRefused(400, "This is not JSON, or more of it than is read.") from None
        except Malformed as error:
            raise RequestRefused(400, str(error)) from None

    def is_boundless(self, request: Incoming) -> bool:
        """Whether the body may be longer than the limit: it is too long, or its length is not announced."""
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
        parameters = dict(pairs)
        if len(parameters) < len(pairs):
            raise Malformed("A parameter comes twice.")
        # An empty parameter counts as absent; but an empty query is a document with a syntax error.
        parameters = {name: value for name, value in parameters.items() if value or name == "query"}
        return {name: read_json(value) if name in _IN_JSON else value for name, value in parameters.items()}

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
    """What a client accepts.

    `json` is the JSON media type that it prefers, None if it accepts neither. `events` is whether it accepts an
    event stream, `rather_events` whether it prefers that to JSON.
    """

    json: str | None
    events: bool
    rather_events: bool


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range of an Accept header, such as `text/*;q=0.5`; `place` is its index in the header.

    `exactness` is 0 for `*/*`, 1 for `text/*`, 2 for `text/html`.
    """

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
    """Parse the Accept headers of a request.

    A client without Accept is treated as an old one, from before GraphQL had a media type: it accepts
    `application/json`. An event stream is accepted only if `text/event-stream` is named exactly.
    """
    header = ",".join(accept)
    if not header.strip():
        return Accepted(JSON, events=False, rather_events=False)
    ranges = [
        parsed
        for place, text in enumerate(header.split(",", _MOST_RANGES)[:_MOST_RANGES])
        if (parsed := _range(text, place)) is not None
    ]
    # At equal quality an exactly named type wins over one that only matches a range, then the one that comes first.
    preferences = {media_type: _preference(media_type, ranges) for media_type in (JSON, GRAPHQL_JSON)}
    json = max(preferences, key=lambda media_type: preferences[media_type])
    quality = preferences[json][0]
    events = max((range_.quality for range_ in ranges if range_.has(EVENTS) and range_.exactness == 2), default=0.0)
    return Accepted(json if quality else None, events > 0, events > quality)


def _preference(media_type: str, ranges: Sequence[_Range]) -> tuple[float, int, int]:
    """A sort key for how much a client prefers a media type: the most exact range that matches it decides."""
    matching = (range_ for range_ in ranges if range_.has(media_type))
    best = max(matching, key=lambda range_: range_.exactness, default=None)
    return (best.quality, best.exactness, -best.place) if best else (0.0, 0, 0)


def _range(text: str, place: int) -> _Range | None:
    """Parse a media range; None if it is malformed, or if it requires another encoding than UTF-8."""
    media_type, parameters = _split(text)
    kind, _, subtype = media_type.partition("/")
    quality = parameters.get("q", "1")
    if not (kind and subtype and _QUALITY.fullmatch(quality) and _is_utf8(parameters)):
        return None
    return _Range(kind, subtype, float(quality), place)


def is_json(content_types: Sequence[str]) -> bool:
    """Whether the Content-Type headers of a request (there must be one) say that the body is JSON in UTF-8."""
    if len(content_types) != 1:
        return False
    media_type, parameters = _split(content_types[0])
    return media_type == JSON and _is_utf8(parameters)


def _is_utf8(parameters: dict[str, str]) -> bool:
    return parameters.get("charset", "utf-8") in ("utf-8", "utf8")


def _split(text: str) -> tuple[str, dict[str, str]]:
    """Parse a media type and its parameters, all in lower case."""
    media_type, *parameters = text.lower().split(";", _MOST_RANGES)
    pairs = (parameter.partition("=") for parameter in parameters)
    return media_type.strip(), {name.strip(): value.strip().strip('"') for name, _, value in pairs}
