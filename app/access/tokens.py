"""Checking and signing tokens (JWT). A token is accepted only if the keys and the settings allow it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any

import jwt

from app.access.claims import ClaimNames, TokenRefused, read_claims
from app.access.keys import Keys, SigningKey
from app.common.lru import Lru
from app.domain.organisation import Claims

_CACHED_TOKENS = 4096
_CACHED_CHARACTERS = 2**24
"""The maximum number of cached tokens, and of characters in all of them together."""

_MOST_CHARACTERS = 16_384
"""The maximum length of a token. With some hundred groups it has a few thousand characters."""

_TYPES = ("jwt", "at+jwt")
"""The accepted values of `typ`. Other kinds of token have other purposes, such as logging out or proving
possession.
"""


@dataclass(frozen=True, slots=True)
class TokenRules:
    """Which tokens are accepted, and in which claims they say who calls."""

    algorithms: Sequence[str]
    issuer: str
    audiences: Sequence[str]
    leeway_seconds: int = 30
    names: ClaimNames = field(default_factory=ClaimNames)


class _SignedOtherwise(TokenRefused):
    """The signature was not made with this key."""


class TokenReader:
    """Checks tokens and reads their claims; raises `TokenRefused` for a token that is not accepted."""

    def __init__(self, keys: Keys, rules: TokenRules) -> None:
        self._keys = keys
        self._rules = rules
        # A client sends the same token with every request. Refused tokens are not cached.
        self._accepted: Lru[str, tuple[SigningKey, Claims]] = Lru(_CACHED_TOKENS, most_size=_CACHED_CHARACTERS)

    async def read(self, token: str) -> Claims:
        """The claims of a token, after checking its signature, `exp`, `iat`, `nbf`, `iss`, `aud` and algorithm.

        An accepted token is cached until it expires or its key is withdrawn. This only waits when an issuer is
        asked for a key.
        """
        key, claims = self._accepted.get(token) or (None, None)
        if key is None or claims is None or key not in self._keys.current:
            self._accepted.drop(token)
            key, claims = await self._checked(token)
            self._accepted.put(token, (key, claims), len(token))
        if claims.verloopt <= time():
            self._accepted.drop(token)
            raise TokenRefused("expired")
        return claims

    async def _checked(self, token: str) -> tuple[SigningKey, Claims]:
        """The claims of a token, and the key that it was checked with.

        An issuer may give a new key the name of an old one. So if the signature does not match the known key, the
        issuer is asked whether there is another.
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
            # Only the header is decoded: without a key, decoding the rest would be wasted.
            header = jwt.get_unverified_header(f"{token.partition('.')[0]}..")
        except (jwt.PyJWTError, ValueError) as error:
            raise TokenRefused(type(error).__name__) from None
        algorithm, token_type = header.get("alg", "none"), header.get("typ", "JWT")
        if algorithm not in self._rules.algorithms:
            raise TokenRefused("signed with an algorithm that is not allowed")
        # The library supports one extension, a payload outside the token, which no issuer uses.
        if "crit" in header or "b64" in header:
            raise TokenRefused("asks for an extension")
        if not isinstance(token_type, str) or token_type.lower().removeprefix("application/") not in _TYPES:
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
    """Sign a token for development with a demo secret; `claims` contains subject, name, departments and roles. It
    expires after `valid_seconds`.
    """
    issued = int(time())
    payload = {
        **claims,
        "iss": rules.issuer,
        "aud": rules.audiences[0],
        "iat": issued,
        "exp": issued + valid_seconds,
    }
    return jwt.encode(payload, secret, algorithm=rules.algorithms[0])
