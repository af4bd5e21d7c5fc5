"""The shapes of the messages that a client may send over graphql-transport-ws."""

from collections.abc import Mapping
from typing import Any


def malformed(message: object) -> str | None:
    """Why a message is not one of the protocol; None where it is."""
    if not isinstance(message, Mapping):
        return "A message is a JSON object"
    kind = message.get("type")
    if kind in ("connection_init", "ping", "pong"):
        payload = message.get("payload")
        return None if payload is None or isinstance(payload, Mapping) else "Its payload is an object"
    if kind not in ("subscribe", "complete"):
        return "Unknown message type"
    if not _is_id(message.get("id")):
        return "Its id is a text, not empty"
    return _malformed_request(message.get("payload")) if kind == "subscribe" else None


def _malformed_request(payload: Any) -> str | None:
    if not isinstance(payload, Mapping) or not isinstance(payload.get("query"), str):
        return "Its payload is an object with a query"
    if not isinstance(payload.get("operationName"), str | None):
        return "Its operationName is a text"
    for name in ("variables", "extensions"):
        if payload.get(name) is not None and not isinstance(payload[name], Mapping):
            return f"Its {name} are an object"
    return None


def _is_id(value: object) -> bool:
    """An id is sent back, and a lone surrogate could not be."""
    return isinstance(value, str) and value != "" and value == value.encode(errors="replace").decode()
