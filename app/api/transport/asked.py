"""What a request asks, whatever the transport."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A document, by its text or by its id, the operation of it, and its variables, as they were sent.

    Where both are given the id goes before the text. `traceparent` is the client's trace (W3C Trace Context).
    """

    query: str | None
    document_id: str | None = None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    traceparent: str | None = None


def document_id(given: object, extensions: Mapping[str, Any] | None) -> str | None:
    """The id of a document: `documentId` of the request, or `persistedQuery.sha256Hash` of its extensions, as
    Apollo and urql send it; None where there is none, or no text.
    """
    persisted = (extensions or {}).get("persistedQuery")
    found = given if given is not None else persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    return found if isinstance(found, str) else None
