"""Fetches the keys of an OpenID Connect issuer: first its discovery document, then its JWKS."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from app.access.keys import KeySet, KeysUnusable, read_jwks
from app.common.outage import LoggableError

_MOST_BYTES = 262_144
"""The maximum size of a response. Those of Entra ID, which are long, are a tenth of it."""


class IssuerUnusable(LoggableError):
    """The issuer answered, but with something that cannot be trusted."""


def is_issuer_address(text: str) -> bool:
    """Whether a text can be the address of an issuer: https, or http on loopback, without a query and without a
    password.
    """
    return _is_safe(text, plain=True) and not {"?", "#"} & set(text)


def open_client(address: str, *, timeout_seconds: float) -> httpx.AsyncClient:
    """An HTTP client for an issuer; it has not connected yet. It uses the proxy of the environment, except for an
    issuer on loopback. It follows no redirects: only the issuer itself is trusted.
    """
    return httpx.AsyncClient(
        timeout=timeout_seconds,
        follow_redirects=False,
        trust_env=not _is_plain(address),
        # Without compression a small response cannot expand to a large one.
        headers={"accept": "application/json", "accept-encoding": "identity"},
    )


async def fetch_keys(http: httpx.AsyncClient, address: str) -> KeySet:
    """The current keys of an issuer; there may be none. Raises what httpx raises, or `IssuerUnusable`."""
    discovery = await _get(http, f"{address.removesuffix('/')}/.well-known/openid-configuration")
    if not isinstance(discovery, dict) or discovery.get("issuer") != address:
        raise IssuerUnusable("its discovery document is of another issuer")
    jwks_uri = discovery.get("jwks_uri")
    if not isinstance(jwks_uri, str) or not _is_safe(jwks_uri, plain=_is_plain(address)):
        raise IssuerUnusable("its discovery document has no jwks_uri that can be trusted")
    try:
        return read_jwks(await _get(http, jwks_uri))
    except KeysUnusable as error:
        raise IssuerUnusable(f"its keys are {error}") from None


async def _get(http: httpx.AsyncClient, url: str) -> Any:
    try:
        async with http.stream("GET", url) as response:
            return orjson.loads(await _read(response))
    except orjson.JSONDecodeError:
        raise IssuerUnusable("its answer is not JSON") from None
    except httpx.ConnectError as error:
        # The only connection error that is not temporary.
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise IssuerUnusable("its certificate is not trusted") from None
        raise


async def _read(response: httpx.Response) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise IssuerUnusable(f"it answered with status {response.status_code}")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise IssuerUnusable("its answer is too long")
    return bytes(body)


def _is_safe(url: str, *, plain: bool) -> bool:
    """Whether nobody on the network can change what is read from a URL: https, or with `plain` also http on
    loopback.
    """
    try:
        parts = urlsplit(url)
        # Reading `port` also checks it: an invalid port raises.
        is_whole = parts.port != 0 and parts.hostname and parts.username is None and url.isprintable()
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        return False
    is_loopback = plain and parts.scheme == "http" and _is_loopback(parts.hostname or "")
    return bool(is_whole) and (parts.scheme == "https" or is_loopback)


def _is_plain(url: str) -> bool:
    return urlsplit(url).scheme == "http"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
