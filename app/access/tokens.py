"""Reading and signing tokens (JWT). Only what the keys and the settings vouch for is believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any

import jwt

from app.access.claims import ClaimNames, TokenRefused, read_claims
from app.access.keys import Keys, SigningKey
from app.common.lru import Lru
from app.domain.organisation import Claims

_REMEMBERED = 4096
_REMEMBERED_CHARACTERS = 2**24
"""How many tokens are remembered with what they say, and how long they may be together."""

_MOST_CHARACTERS = 16_384
"""How long a token may be. With some hundred groups it has a few thousand characters."""

_TYPES = ("jwt", "at+jwt")
"""What a token may say that it is. Other kinds are made for other uses: to log out, to prove possession."""


@dataclass(frozen=True, slots=True)
class TokenRules:
    """Which tokens are believed, and where they say who calls."""

    algorithms: Sequence[str]
    issuer: str
    audiences: Sequence[str]
    leeway_seconds: int = 30
    names: ClaimNames = field(default_factory=ClaimNames)


class _SignedOtherwise(TokenRefused):
    """The signature is not that of this key."""


class TokenReader:
    """Turns a token into what it says, or refuses it with `TokenRefused`."""

    def __init__(self, keys: Keys, rules: TokenRules) -> None:
        self._keys = keys
        self._rules = rules
        # A client sends the same token with every request; a refusal is never remembered.
        self._believed: Lru[str, tuple[SigningKey, Claims]] = Lru(_REMEMBERED, most_size=_REMEMBERED_CHARACTERS)

    async def read(self, token: str) -> Claims:
        """What a token says, once its signature, `exp`, `iat`, `nbf`, `iss`, `aud` and algorithm are right.

        It is believed until it expires or its key is withdrawn. It waits only where an issuer is asked for its key.
        """
        key, claims = self._believed.get(token) or (None, None)
        if key is None or claims is None or key not in self._keys.in_force:
            self._believed.drop(token)
            key, claims = await self._checked(token)
            self._believed.put(token, (key, claims), len(token))
        if claims.verloopt <= time():
            self._believed.drop(token)
            raise TokenRefused("expired")
        return claims

    async def _checked(self, token: str) -> tuple[SigningKey, Claims]:
        """What a token says, and the key that it was checked with.

        Issuers may give another key the same name: where the signature is not that of the one in hand, the issuer
        is asked whether there is another.
        """
        key = await self._key_of(token)
        try:
            return key, self._verified(token, key)
        except _SignedOtherwise as refused:
            other = await self._key_of(token, but=key)
            if other == key:
                raise TokenRefused(str(refused)) from None
        return other, self._verified(token, other)

    async def _key_of(self, token: str, but: SigningKey | None = None) -> SigningKey:
        if len(token) > _MOST_CHARACTERS:
            raise TokenRefused("too long")
        try:
            # Nothing but the header: the rest is not worth decoding before there is a key to check it with.
            header = jwt.get_unverified_header(f"{token.partition('.')[0]}..")
        except (jwt.PyJWTError, ValueError) as error:
            raise TokenRefused(type(error).__name__) from None
        algorithm, said_type = header.get("alg", "none"), header.get("typ", "JWT")
        if algorithm not in self._rules.algorithms:
            raise TokenRefused("signed with an algorithm that is not allowed")
        # The library knows one extension, which takes the payload out of the token: nothing that an issuer does.
        if "crit" in header or "b64" in header:
            raise TokenRefused("asks for an extension")
        if not isinstance(said_type, str) or said_type.lower().removeprefix("application/") not in _TYPES:
            raise TokenRefused("of another type")
        key = await self._keys.find(header.get("kid"), algorithm, but=but)
        if key is None:
            raise TokenRefused("signed with an unknown key")
        return key

    def _verified(self, token: str, key: SigningKey) -> Claims:
        rules = self._rules
        try:
            payload = jwt.decode(
                token,
                key.material,
                algorithms=list(key.algorithms),
                issuer=rules.issuer,
                audience=rules.audiences,
                leeway=rules.leeway_seconds,
                options={"require": ["exp", "iat", "iss", "aud"]},
            )
        except jwt.InvalidSignatureError as error:
            raise _SignedOtherwise(type(error).__name__) from None
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise TokenRefused(type(error).__name__) from None
        return read_claims(payload, rules.names, leeway_seconds=rules.leeway_seconds)


def sign(secret: str, rules: TokenRules, claims: Mapping[str, Any], *, valid_seconds: int) -> str:
    """A token for development, signed with a demo secret; `claims` has subject, name, departments, roles."""
    issued = int(time())
    payload = {
        **claims,
        "iss": rules.issuer,
        "aud": rules.audiences[0],
        "iat": issued,
        "exp": issued + valid_seconds,
    }
    return jwt.encode(payload, secret, algorithm=rules.algorithms[0])
