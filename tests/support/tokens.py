"""Tokens with any claims, any key and any algorithm."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from typing import Any

import jwt
import websockets

from tests.support.client import Socket
from tests.support.people import DEMO_KEY, Person
from tests.support.server import Server

LEFT_OUT: Any = object()
"""As the value of a claim: leaves the claim out."""

NOW = int(time.time())
"""When the tests started, in seconds since 1970. Times in claims differ enough from it to exceed the leeway."""


def newcomer(*eenheden: str, rollen: tuple[str, ...] = ("BEHANDELAAR",)) -> Person:
    """A new employee, unknown to other tests."""
    return Person(str(uuid.uuid4()), "Nel Nieuw", eenheden, rollen)


def said_of(who: Person, **claims: Any) -> dict[str, Any]:
    """The claims of a token; `claims` replace some, or leave some out (`LEFT_OUT`)."""
    said = {
        "sub": who.subject,
        "name": who.naam,
        "eenheden": list(who.eenheden),
        "rollen": list(who.rollen),
        "iss": "overdracht",
        "aud": "overdracht",
        "iat": NOW - 100,
        "exp": NOW + 3600,
    }
    return {name: value for name, value in (said | claims).items() if value is not LEFT_OUT}


def signed(
    who: Person, key: Any = DEMO_KEY, algorithm: str = "HS256", kid: str | None = None, **claims: Any
) -> str:
    """A token for an employee."""
    return signed_claims(said_of(who, **claims), key, algorithm, kid)


def signed_claims(claims: dict[str, Any], key: Any, algorithm: str, kid: str | None = None) -> str:
    """A token with these claims."""
    return jwt.encode(claims, key, algorithm, headers=None if kid is None else {"kid": kid})


def signed_by_hand(who: Person, key: bytes, algorithm: str, kid: str | None = None) -> str:
    """An HMAC token with any key: PyJWT refuses to sign with a short key or one that looks like a public key."""
    digest = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}[algorithm]
    header = {"alg": algorithm, "typ": "JWT"} | ({} if kid is None else {"kid": kid})
    body = ".".join(base64url(json.dumps(part).encode()) for part in (header, said_of(who)))
    return f"{body}.{base64url(hmac.digest(key, body.encode(), digest))}"


async def is_let_in(server: Server, who: Person, token: str) -> bool:
    """Whether a token is accepted over HTTP; asserts that it is the same over WebSocket."""
    response = await server.with_token(token).post("query { ik { medewerker { id } } }")
    if response.status_code == 200:
        async with server.with_token(token).socket():
            return bool(response.json()["data"]["ik"]["medewerker"]["id"] == who.subject)
    assert response.status_code == 401
    assert await socket_closed(server, token) == 4403
    return False


async def socket_closed(server: Server, token: str | None) -> int:
    """The code with which a WebSocket is closed after connection_init with this token."""
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(server.graphql_ws, subprotocols=[protocol]) as ws:
        payload = {} if token is None else {"authorization": f"Bearer {token}"}
        await Socket(ws).send({"type": "connection_init", "payload": payload})
        return await Socket(ws).closed()


def base64url(text: bytes) -> str:
    """Base64 in the form of a token's parts."""
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()
