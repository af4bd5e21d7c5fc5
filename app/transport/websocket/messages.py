"""Validation of the messages that a client may send over graphql-transport-ws.

The rules are those of `validateMessage` in the npm package graphql-ws; messages of a server are refused too.
"""

import json
from collections.abc import Mapping
from typing import Any


def malformed(message: object) -> str | None:
    """The reason why a message is invalid; None if it is valid."""
    if not isinstance(message, Mapping):
        return "a message is a JSON object"
    kind = message.get("type")
    if kind in ("connection_init", "ping", "pong"):
        payload = message.get("payload")
        return None if payload is None or isinstance(payload, Mapping) else "its payload is an object"
    if kind not in ("subscribe", "complete"):
        return "its type is none that a client sends"
    if not _is_id(message.get("id")):
        return "its id is a text, not empty"
    return _malformed_request(message.get("payload")) if kind == "subscribe" else None


def pong(payload: Mapping[str, object] | None) -> bytes | None:
    """The answer to a ping with this payload; None if it cannot be serialised, such as too large a number."""
    answer = {"type": "pong"} if payload is None else {"type": "pong", "payload": payload}
    try:
        # Not with orjson, which cannot serialise every payload, such as a lone surrogate.
        return json.dumps(answer, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return None


def _malformed_request(payload: Any) -> str | None:
    if not isinstance(payload, Mapping) or not isinstance(payload.get("query"), str):
        return "its payload is an object with a query"
    if not isinstance(payload.get("operationName"), str | None):
        return "its operationName is a text"
    for name in ("variables", "extensions"):
        if payload.get(name) is not None and not isinstance(payload[name], Mapping):
            return f"its {name} are an object"
    return None


def _is_id(value: object) -> bool:
    """Whether a value is a non-empty string without a lone surrogate: the id is sent back, as UTF-8."""
    return isinstance(value, str) and value != "" and value == value.encode(errors="replace").decode()
