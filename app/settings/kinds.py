"""Types of settings' values, besides those of Python."""

import json
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from app.transport.http.request_headers import ANY, host_of, origin_of


def _split(value: object) -> object:
    """Split a text at its commas; other values stay as they are."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""Texts, separated by commas."""


def _split_pairs(value: object) -> object:
    """Parse a text `name=meaning,…` or a JSON object into pairs; other values stay as they are."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("{"):
        pairs = json.loads(value, object_pairs_hook=tuple)
    else:
        # Split at the last =, because a name may have one as well.
        parts = (part.rpartition("=") for part in value.split(",") if part.strip())
        pairs = tuple((name.strip(), meaning.strip()) for name, _, meaning in parts)
    if not all(name and meaning for name, meaning in pairs):
        raise ValueError("not pairs like name=meaning, separated by commas")
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("one of the names has two meanings")
    return pairs


Pairs = Annotated[tuple[tuple[str, str], ...], NoDecode, BeforeValidator(_split_pairs)]
"""Pairs such as name=meaning, separated by commas; or a JSON object, for names that have commas."""


def _origins(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        if text != ANY and origin_of(text) is None:
            raise ValueError(f"{text} is not an origin, as https://kcc.example is, without a path")
    return texts


Origins = Annotated[Texts, AfterValidator(_origins)]
"""Origins of web pages, separated by commas."""


def _hosts(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        if host_of(text) != text.lower():
            raise ValueError(f"{text} is not a name of a server, as overdracht.gemeente.example, without a port")
    return texts


Hosts = Annotated[Texts, AfterValidator(_hosts)]
"""Host names of this server, separated by commas."""


def _networks(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        ip_network(text)
    return texts


Networks = Annotated[Texts, AfterValidator(_networks)]
"""IP addresses, and networks such as 10.1.0.0/16, separated by commas."""
