"""What a request asks, however it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


class Malformed(Exception):
    """Something that is no GraphQL request; the message says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A document or the id of one that the server knows, which of its operations, and the values of its variables.

    It may have both, or neither. The id is what came as `documentId`, or as the hash of a persisted query.
    """

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


def asked_by(parameters: object) -> Asked:
    """What the parameters of a request ask, by their names in the specification. One that is null is left out.

    Refuses with `Malformed` whatever is no object, or has a parameter of another type.
    """
    if not isinstance(parameters, dict):
        raise Malformed("A request is a JSON object; several at once are not served.")
    extensions = _map("extensions", parameters)
    return Asked(
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
