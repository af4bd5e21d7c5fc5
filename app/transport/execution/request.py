"""A GraphQL request, for every transport, and the parsing of JSON from clients.

JSON is parsed by orjson, several times as fast as Python's json module, where both give the same result; otherwise
by the json module. Invalid JSON always raises `NotJson`.
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
"""The most objects and lists in a text, more than any real request has: a body full of empty ones takes a tenth of
a second to parse.
"""
_FEW_CONTAINERS = 200
"""With at most this many containers, nesting cannot reach the depth at which the two parsers differ."""
_LONG_NUMBER = re.compile(rb"[0-9]{19}")
"""A number with this many digits may be an integer that orjson would read as a float."""


class Malformed(Exception):
    """The input is not a GraphQL request; the message says why."""


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A GraphQL request: a document or the id of a trusted document, the name of an operation, and the variables.

    It may have both a document and an id, or neither. The id is `documentId`, or the hash of a persisted query.
    """

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


def request_of(parameters: object) -> GraphQLRequest:
    """The request with these parameters, by their names in the GraphQL over HTTP specification; null counts as
    absent.

    Raises `Malformed` if it is not an object, or if a parameter has a wrong type.
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
    """The id of the document from `documentId` or the persisted query; both may be given if they are equal."""
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
    """A text is not JSON, or is nested too deeply or has too many objects and lists."""


def read_json(text: str | bytes) -> object:
    """Parse a JSON text or raise `NotJson`; bytes are UTF-8. Of a name used twice, the last value counts."""
    try:
        data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
        containers = data.count(b"[") + data.count(b"{")
        if containers > _MOST_CONTAINERS:
            raise NotJson
        if containers <= _FEW_CONTAINERS and _LONG_NUMBER.search(data) is None:
            try:
                return orjson.loads(data)
            except orjson.JSONDecodeError:
                # Probably not JSON. But the json module decides, because it accepts lone surrogates.
                pass
        return json.loads(text if isinstance(text, str) else text.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        # Not UTF-8, not JSON, a number of thousands of digits, or nested too deeply.
        raise NotJson from None


def _no_number(_: str) -> NoReturn:
    """Refuse NaN and Infinity, which are not JSON, although Python's json module accepts them."""
    raise NotJson


def check_variables(variables: Mapping[str, Any], limits: DocumentLimits) -> None:
    """Raise `LimitReached` for variables with too long a list or name, too many values, or too deep nesting.

    This must come before graphql-core checks their types: for every unknown name it creates an error, each of which
    prints the whole object.
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
        left.extend((item, depth + 1) for item in value)
