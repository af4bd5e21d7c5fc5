"""Which media types a client takes (RFC 9110, section 12.5.1), and which one it sends (section 8.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
EVENTS = "text/event-stream"

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_MOST_RANGES = 100
"""More than any client has a use for; what comes behind them is not looked at."""


@dataclass(frozen=True, slots=True)
class Taken:
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


def taken(accept: Sequence[str]) -> Taken:
    """What the client says with its Accept headers. Without any it is one from before GraphQL had a media type of
    its own, and takes `application/json`. Events are taken only where they are named.
    """
    header = ",".join(accept)
    if not header.strip():
        return Taken(JSON, events=False, rather_events=False)
    ranges = [
        found
        for place, text in enumerate(header.split(",", _MOST_RANGES)[:_MOST_RANGES])
        if (found := _range(text, place)) is not None
    ]
    # What is named is liked better than what only falls under a range, then whatever stands first.
    liked = {media_type: _liked(media_type, ranges) for media_type in (JSON, GRAPHQL_JSON)}
    json = max(liked, key=lambda media_type: liked[media_type])
    events = max((one.quality for one in ranges if one.has(EVENTS) and one.exactness == 2), default=0.0)
    return Taken(json if liked[json][0] else None, events > 0, events > liked[json][0])


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
