"""Tokens as another issuer would make them: any claim, any key, any algorithm."""

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
"""As the value of a claim: the token does not have it."""

NOW = int(time.time())
"""About when the tests began. Claims are placed around it, far enough for the leeway not to matter."""


def newcomer(*eenheden: str, rollen: tuple[str, ...] = ("BEHANDELAAR",)) -> Person:
    """Somebody whom no other test knows."""
    return Person(str(uuid.uuid4()), "Nel Nieuw", eenheden, rollen)


def said_of(who: Person, **claims: Any) -> dict[str, Any]:
    """The claims of a token; those given replace or leave out some of them."""
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
    """A token that says so."""
    return signed_claims(said_of(who, **claims), key, algorithm, kid)


def signed_claims(claims: dict[str, Any], key: Any, algorithm: str, kid: str | None = None) -> str:
    """A token with these claims."""
    return jwt.encode(claims, key, algorithm, headers=None if kid is None else {"kid": kid})


def signed_by_hand(who: Person, key: bytes, algorithm: str, kid: str | None = None) -> str:
    """An HMAC token with any key: PyJWT itself signs with none that is short or looks like a public one."""
    digest = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}[algorithm]
    header = {"alg": algorithm, "typ": "JWT"} | ({} if kid is None else {"kid": kid})
    body = ".".join(base64url(json.dumps(part).encode()) for part in (header, said_of(who)))
    return f"{body}.{base64url(hmac.digest(key, body.encode(), digest))}"


async def is_let_in(server: Server, who: Person, token: str) -> bool:
    """Whether HTTP lets somebody in with a token; the WebSocket does as HTTP does."""
    response = await server.with_token(token).post("query { ik { medewerker { id } } }")
    if response.status_code == 200:
        async with server.with_token(token).socket():
            return bool(response.json()["data"]["ik"]["medewerker"]["id"] == who.subject)
    assert response.status_code == 401
    assert await socket_closed(server, token) == 4403
    return False


async def socket_closed(server: Server, token: str | None) -> int:
    """The code that a WebSocket is closed with after connection_init with this token."""
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(server.graphql_ws, subprotocols=[protocol]) as ws:
        payload = {} if token is None else {"authorization": f"Bearer {token}"}
        await Socket(ws).send({"type": "connection_init", "payload": payload})
        return await Socket(ws).closed()


def base64url(text: bytes) -> str:
    """As the parts of a token are written."""
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()
