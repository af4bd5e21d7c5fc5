"""What a request asks, however it came, and reading JSON that comes from outside.

Whatever is not JSON is refused in one way. It is what Python's json reads, and read by orjson, several times as
fast, wherever that reads the same.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import orjson

from app.transport.limits import DocumentLimits, Limit, LimitReached

T = TypeVar("T")

_MOST_CONTAINERS = 10_000
"""More objects and lists than any request has; of a body full of empty ones reading takes a tenth of a second."""
_FEW_CONTAINERS = 200
"""With so few nothing is nested so deeply that it matters how deep a reader goes."""
_LONG_NUMBER = re.compile(rb"[0-9]{19}")
"""Where there are so many digits there may be a whole number that orjson would read as a fraction."""


class Malformed(Exception):
    """Something that is no GraphQL request; the message says why."""


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A document or the id of one that the server knows, which of its operations, and the values of its variables.

    It may have both, or neither. The id is what came as `documentId`, or as the hash of a persisted query.
    """

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


def request_of(parameters: object) -> GraphQLRequest:
    """What the parameters of a request ask, by their names in the specification. One that is null is left out.

    Refuses with `Malformed` whatever is no object, or has a parameter of another type.
    """
    if not isinstance(parameters, dict):
        raise Malformed("A request is a JSON object; several at once are not served.")
    extensions = _map("extensions", parameters)
    return GraphQLRequest(
        query=_text("query", parameters),
        document_id=_document_id(_text("documentId", parameters), extensions),
        operation_name=_text("operationName", parameters),
        variables=_map("variables", parameters),
        extensions=extensions,
    )


def _document_id(given: str | None, extensions: Mapping[str, Any] | None) -> str | None:
    """The id that is meant, where it is said in one way or in both."""
    persisted = _map("persistedQuery", extensions or {})
    hashed = _text("sha256Hash", persisted or {})
    if given is not None and hashed not in (None, given):
        raise Malformed("documentId and sha256Hash are ids of different documents.")
    return hashed if given is None else given


def _text(name: str, parameters: Mapping[str, Any]) -> str | None:
    return _typed(str, f"{name} is a string.", parameters.get(name))


def _map(name: str, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    return _typed(dict, f"{name} is an object.", parameters.get(name))


def _typed(kind: type[T], rule: str, value: object) -> T | None:
    if value is not None and not isinstance(value, kind):
        raise Malformed(rule)
    return value


class NotJson(ValueError):
    """A text that is not JSON, or has more in it than is read."""


def read_json(text: str | bytes) -> object:
    """The value of a JSON text; bytes are UTF-8. Of a name that an object has twice the last value counts."""
    try:
        data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
        containers = data.count(b"[") + data.count(b"{")
        if containers > _MOST_CONTAINERS:
            raise NotJson
        if containers <= _FEW_CONTAINERS and _LONG_NUMBER.search(data) is None:
            try:
                return orjson.loads(data)
            except orjson.JSONDecodeError:
                # Most likely no JSON; but halves of characters, which it does not read, are told of otherwise.
                pass
        return json.loads(text if isinstance(text, str) else text.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        # No UTF-8, no JSON, a number of thousands of digits, or nested too deeply.
        raise NotJson from None


def _no_number(_: str) -> NoReturn:
    """NaN and Infinity are not JSON, though Python reads them."""
    raise NotJson


def check_variables(variables: Mapping[str, Any], limits: DocumentLimits) -> None:
    """Refuse variables with too much in them: too long a list or name, too many values, or nested too deeply.

    This comes before they are read by their types: of every name that a type does not know GraphQL says so in an
    error for which it looks at the whole object.
    """
    left: list[tuple[Any, int]] = [(variables, 0)]
    values = 0
    while left:
        value, depth = left.pop()
        if not isinstance(value, dict | list):
            continue
        if isinstance(value, list) and len(value) > limits.list_items:
            raise LimitReached(Limit.LIST_ITEMS, limits.list_items)
        values += len(value)
        if values > limits.values:
            raise LimitReached(Limit.VALUES, limits.values)
        if depth > limits.depth:
            raise LimitReached(Limit.DEPTH, limits.depth)
        if isinstance(value, dict):
            if max(map(len, value), default=0) > limits.name:
                raise LimitReached(Limit.NAME, limits.name)
            value = value.values()
        left.extend((one, depth + 1) for one in value)
