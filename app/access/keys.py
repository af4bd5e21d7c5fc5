"""The keys that tokens are checked with, and what each of them may be used for."""

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import jwt
import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

SECRET_ALGORITHMS = frozenset({"HS256", "HS384", "HS512"})
PUBLIC_ALGORITHMS = frozenset(jwt.algorithms.get_default_algorithms()) - SECRET_ALGORITHMS - {"none"}

_MIN_SECRET = 32
_UNREADABLE = (
    jwt.PyJWTError,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    NotImplementedError,
)
"""What the libraries raise of a key that is not what it says, or of a kind that they do not know."""
_MOST_KEYS = 100
"""How many keys a JWKS may have: issuers have a handful."""


class KeysUnusable(Exception):
    """Keys that cannot be read, or that are too weak; the message says which and why."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key, and the algorithms that it may be used with. Equal where nothing of what it lets in differs."""

    material: Any = field(repr=False, compare=False)
    algorithms: frozenset[str]
    id: str | None = None
    """The `kid` that tokens name it by."""
    fingerprint: bytes = b""
    """A public key itself, in the form in which it is compared."""


class KeySet:
    """The keys that are in force at one time; false where there are none."""

    def __init__(self, keys: Iterable[SigningKey] = ()) -> None:
        self._keys = tuple(keys)
        self._each = frozenset(self._keys)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def __contains__(self, key: SigningKey) -> bool:
        return key in self._each

    def find(self, key_id: str | None, algorithm: str) -> SigningKey | None:
        """The key that a token names, if it may be used with the token's algorithm.

        The only key of a set is also that of tokens that name none, and, where it has no id, of any token.
        """
        is_only = len(self._keys) == 1
        for key in self._keys:
            is_named = key.id == key_id if key_id is not None and key.id is not None else is_only
            if is_named and algorithm in key.algorithms:
                return key
        return None


class Keys(Protocol):
    """Where keys come from: settings, or an issuer that changes them."""

    @property
    def in_force(self) -> KeySet:
        """The keys that tokens are checked with now."""

    @property
    def answers(self) -> bool:
        """Whether where they come from gave them when it was last asked."""

    async def find(self, key_id: str | None, algorithm: str, *, but: SigningKey | None = None) -> SigningKey | None:
        """The key that a token names, if there is one; an issuer may be asked for it, or for another one than `but`
        where that is what is in hand.
        """

    def running(self) -> AbstractAsyncContextManager[None]:
        """Whatever keeps the keys up to date runs while this is open."""


class FixedKeys:
    """Keys that stay as they are until the process ends."""

    def __init__(self, keys: KeySet) -> None:
        self.in_force = keys
        self.answers = True

    async def find(self, key_id: str | None, algorithm: str, *, but: SigningKey | None = None) -> SigningKey | None:
        """The key that a token names, if there is one; there is never another."""
        return self.in_force.find(key_id, algorithm)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Nothing runs."""
        return nullcontext()


def keys_from_secret(secret: str) -> FixedKeys:
    """A shared secret for HS256 and its kin; refuses fewer than 32 bytes, which can be guessed."""
    if len(secret.encode()) < _MIN_SECRET:
        raise KeysUnusable(f"a secret key needs at least {_MIN_SECRET} bytes")
    return FixedKeys(KeySet([SigningKey(secret, SECRET_ALGORITHMS)]))


def keys_from_pem(path: Path) -> FixedKeys:
    """A public key in a PEM file; refuses one that is too weak or that no token is signed with."""
    try:
        material = load_pem_public_key(_content(path))
    except (ValueError, UnsupportedAlgorithm):
        raise KeysUnusable(f"{path.name} holds no public key in PEM form") from None
    algorithms = _algorithms_of(material)
    if not algorithms:
        raise KeysUnusable(f"the key in {path.name} is too weak (RSA needs 2048 bits) or signs no tokens")
    return FixedKeys(KeySet([SigningKey(material, algorithms)]))


def keys_from_jwks(path: Path) -> FixedKeys:
    """The signing keys of a JWKS file, by their key id."""
    try:
        keys = read_jwks(orjson.loads(_content(path)))
    except (orjson.JSONDecodeError, KeysUnusable):
        raise KeysUnusable(f"cannot read {path.name} as JWKS") from None
    if not keys:
        raise KeysUnusable(f"{path.name} holds no key that tokens can be checked with")
    return FixedKeys(keys)


def read_jwks(document: object) -> KeySet:
    """The keys of a JWKS that signatures can be checked with, if any; refuses what is no JWKS.

    Passed over is what belongs to something else (`use` or `key_ops`), what cannot be read, secrets and private
    keys, which nobody should have published, RSA keys under 2048 bits, and a key whose `alg` is not of its kind.
    """
    jwks = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(jwks, list) or len(jwks) > _MOST_KEYS:
        raise KeysUnusable("not a JWKS")
    return KeySet(key for jwk in jwks if (key := _read_jwk(jwk)) is not None)


def _read_jwk(jwk: Any) -> SigningKey | None:
    if not isinstance(jwk, dict) or not _is_for_checking(jwk):
        return None
    try:
        material = jwt.PyJWK(jwk).key
        # Secrets and private keys have none: they are no public keys, whatever they say of themselves.
        fingerprint = material.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except _UNREADABLE:
        return None
    algorithms = _algorithms_of(material)
    if "alg" in jwk:
        algorithms &= {jwk["alg"]}
    return SigningKey(material, algorithms, jwk.get("kid"), fingerprint) if algorithms else None


def _is_for_checking(jwk: dict[str, Any]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return (
        jwk.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
        and isinstance(jwk.get("kid"), str | None)
        and isinstance(jwk.get("alg"), str | None)
    )


def _algorithms_of(material: Any) -> frozenset[str]:
    """The algorithms that a public key is of the right kind and strong enough for, as the library has it."""
    return frozenset(name for name in PUBLIC_ALGORITHMS if _fits(material, jwt.get_algorithm_by_name(name)))


def _fits(material: Any, algorithm: jwt.algorithms.Algorithm) -> bool:
    try:
        return algorithm.check_key_length(algorithm.prepare_key(material)) is None
    except (jwt.InvalidKeyError, TypeError):
        return False


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeysUnusable(f"cannot read {path.name}: {type(error).__name__}") from None
