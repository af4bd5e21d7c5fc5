"""Reading and signing tokens (JWT). Only what the keys and the settings vouch for is believed."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.domain.limits import MAX_NAAM
from app.domain.model import Rol
from app.domain.organisation import Claims
from app.domain.text import is_allowed, is_blank, normalised, read_uuid

_REMEMBERED = 4096
"""How many tokens are remembered with what they say."""


class TokenRefused(Exception):
    """A token that is not believed. The message names no person and no part of the token."""


class KeysUnusable(Exception):
    """Keys that cannot be read, or that are too weak; the message says which and why."""


@dataclass(frozen=True, slots=True)
class TokenRules:
    """Which tokens are believed, and the names of the claims that are read."""

    algorithms: Sequence[str]
    issuer: str
    audience: str
    leeway_seconds: int = 30
    subject_claim: str = "sub"
    name_claim: str = "name"
    eenheden_claim: str = "eenheden"
    rollen_claim: str = "rollen"


SECRET_ALGORITHMS = frozenset({"HS256", "HS384", "HS512"})
PUBLIC_ALGORITHMS = frozenset(jwt.algorithms.get_default_algorithms()) - SECRET_ALGORITHMS - {"none"}

Keys = Mapping[str | None, Any]
"""Keys by their id (`kid`); the key under None is for tokens that name none."""

_MIN_SECRET = 32
_END_OF_TIME = 2**53


def keys_from_secret(secret: str) -> Keys:
    """A shared secret for HS256 and its kin; refuses fewer than 32 bytes, which can be guessed."""
    if len(secret.encode()) < _MIN_SECRET:
        raise KeysUnusable(f"a secret key needs at least {_MIN_SECRET} bytes")
    return {None: secret}


def keys_from_pem(path: Path) -> Keys:
    """A public key in a PEM file."""
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise KeysUnusable(f"cannot read {path.name}: {type(error).__name__}") from None
    try:
        return {None: load_pem_public_key(text.encode())}
    except (ValueError, UnsupportedAlgorithm):
        raise KeysUnusable(f"{path.name} holds no public key in PEM form") from None


def keys_from_jwks(path: Path) -> Keys:
    """The signing keys of a JWKS file, by their key id."""
    try:
        keys = jwt.PyJWKSet.from_dict(json.loads(path.read_text())).keys
    except (OSError, ValueError, AttributeError, jwt.PyJWTError) as error:
        raise KeysUnusable(f"cannot read {path.name} as JWKS: {type(error).__name__}") from None
    by_id: dict[str | None, Any] = {key.key_id: key.key for key in keys}
    if len(keys) == 1:
        by_id[None] = keys[0].key
    return by_id


class TokenReader:
    """Turns a token into what it says, or refuses it with `TokenRefused`."""

    def __init__(self, keys: Keys, rules: TokenRules) -> None:
        self._keys = keys
        self._rules = rules
        # A client sends the same token with every request; a refusal is never remembered.
        self._believed = lru_cache(maxsize=_REMEMBERED)(self._verified)

    def read(self, token: str) -> Claims:
        """What a token says, once its signature, `exp`, `iat`, `iss`, `aud` and algorithm are right."""
        claims = self._believed(token)
        if claims.verloopt <= datetime.now(UTC).timestamp():
            raise TokenRefused("expired")
        return claims

    def _verified(self, token: str) -> Claims:
        rules = self._rules
        try:
            key = self._keys.get(jwt.get_unverified_header(token).get("kid"), self._keys.get(None))
            if key is None:
                raise TokenRefused("signed with an unknown key")
            payload = jwt.decode(
                token,
                key,
                algorithms=list(rules.algorithms),
                issuer=rules.issuer,
                audience=rules.audience,
                leeway=rules.leeway_seconds,
                options={"require": ["exp", "iat", "iss", "aud", rules.subject_claim]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise TokenRefused(type(error).__name__) from None
        return self._claims(payload)

    def _claims(self, payload: Mapping[str, Any]) -> Claims:
        rules = self._rules
        subject, name = payload[rules.subject_claim], payload.get(rules.name_claim)
        if not isinstance(subject, str) or not subject or not is_allowed(subject, several_lines=False):
            raise TokenRefused("no usable subject")
        if not isinstance(name, str) or not _is_name(normalised(name)):
            raise TokenRefused("no usable name")
        if not 0 <= payload["iat"] < _END_OF_TIME:
            raise TokenRefused("issued at no time that can be kept")
        return Claims(
            medewerker_id=_medewerker_id(str(payload["iss"]), subject),
            naam=normalised(name),
            eenheden=tuple(read_uuid(text) or text for text in _texts(payload.get(rules.eenheden_claim))),
            rollen=frozenset(_rol(text) for text in _texts(payload.get(rules.rollen_claim))),
            uitgegeven=int(payload["iat"]),
            eindigt=int(payload["exp"]),
            verloopt=int(payload["exp"]) + rules.leeway_seconds,
        )


def sign(secret: str, rules: TokenRules, claims: Mapping[str, Any], *, valid_seconds: int) -> str:
    """A token for development, signed with a demo secret; `claims` has subject, name, departments, roles."""
    issued = int(datetime.now(UTC).timestamp())
    payload = {
        **claims,
        "iss": rules.issuer,
        "aud": rules.audience,
        "iat": issued,
        "exp": issued + valid_seconds,
    }
    return jwt.encode(payload, secret, algorithm=rules.algorithms[0])


def _medewerker_id(issuer: str, subject: str) -> str:
    """The subject where it is a UUID; else a UUID made of issuer and subject, the same every time."""
    return read_uuid(subject) or str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, issuer), subject))


def _texts(value: Any) -> list[str]:
    """One text or a list of texts, at least one and each once."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise TokenRefused("departments and roles are a text or a list of texts")
    if not all(is_allowed(text, several_lines=False) for text in texts):
        raise TokenRefused("departments and roles hold a character that cannot be")
    return list(dict.fromkeys(texts))


def _rol(text: str) -> Rol:
    try:
        return Rol(text)
    except ValueError:
        raise TokenRefused("an unknown role") from None


def _is_name(name: str) -> bool:
    return not is_blank(name) and len(name) <= MAX_NAAM and is_allowed(name, several_lines=False)
