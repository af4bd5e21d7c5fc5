"""The keys that tokens are checked with, and the algorithms that each may be used with."""

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
"""What the libraries raise for a key that is malformed or of an unknown kind."""
_MOST_KEYS = 100
"""The maximum number of keys in a JWKS; issuers have a handful."""


class KeysUnusable(Exception):
    """Keys that cannot be read or are too weak; the message says which and why."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key, and the algorithms that it may be used with. Two keys are equal if they accept the same tokens."""

    material: Any = field(repr=False, compare=False)
    algorithms: frozenset[str]
    id: str | None = None
    """The `kid` by which tokens name the key."""
    fingerprint: bytes = b""
    """A public key in a form that can be compared."""


class KeySet:
    """The keys that are valid at one time; false if there are none."""

    def __init__(self, keys: Iterable[SigningKey] = ()) -> None:
        self._keys = tuple(keys)
        self._each = frozenset(self._keys)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def __contains__(self, key: SigningKey) -> bool:
        return key in self._each

    def find(self, key_id: str | None, algorithm: str) -> SigningKey | None:
        """The key that a token names, if it may be used with the token's algorithm.

        If the set has one key, that key is also used for tokens that name none and, if it has no id, for every
        token.
        """
        is_only = len(self._keys) == 1
        for key in self._keys:
            is_named = key.id == key_id if key_id is not None and key.id is not None else is_only
            if is_named and algorithm in key.algorithms:
                return key
        return None


class Keys(Protocol):
    """A source of keys: the settings, or an issuer that changes them."""

    @property
    def current(self) -> KeySet:
        """The keys that tokens are checked with now."""

    @property
    def answers(self) -> bool:
        """Whether the source answered the last request."""

    async def find(self, key_id: str | None, algorithm: str, *, but: SigningKey | None = None) -> SigningKey | None:
        """The key that a token names, if there is one. If only `but` or no key is known under that name, the issuer
        may be asked for another.
        """

    def running(self) -> AbstractAsyncContextManager[None]:
        """Keep the keys up to date while this context is open."""


class FixedKeys:
    """Keys that do not change until the process ends."""

    def __init__(self, keys: KeySet) -> None:
        self.current = keys
        self.answers = True

    async def find(self, key_id: str | None, algorithm: str, *, but: SigningKey | None = None) -> SigningKey | None:
        """The key that a token names, if there is one; `but` makes no difference."""
        return self.current.find(key_id, algorithm)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Do nothing: the keys do not change."""
        return nullcontext()


def keys_from_secret(secret: str) -> FixedKeys:
    """A shared secret for HS256, HS384 and HS512. Raises `KeysUnusable` below 32 bytes, because such a secret can
    be guessed.
    """
    if len(secret.encode()) < _MIN_SECRET:
        raise KeysUnusable(f"a secret key needs at least {_MIN_SECRET} bytes")
    return FixedKeys(KeySet([SigningKey(secret, SECRET_ALGORITHMS)]))


def keys_from_pem(path: Path) -> FixedKeys:
    """A public key from a PEM file. Raises `KeysUnusable` if it is too weak or of a kind that signs no tokens."""
    try:
        material = load_pem_public_key(_content(path))
    except (ValueError, UnsupportedAlgorithm):
        raise KeysUnusable(f"{path.name} holds no public key in PEM form") from None
    algorithms = _algorithms_of(material)
    if not algorithms:
        raise KeysUnusable(f"the key in {path.name} is too weak (RSA needs 2048 bits) or signs no tokens")
    return FixedKeys(KeySet([SigningKey(material, algorithms)]))


def keys_from_jwks(path: Path) -> FixedKeys:
    """The signing keys of a JWKS file, by their key ids. Raises `KeysUnusable` if there are none."""
    try:
        keys = read_jwks(orjson.loads(_content(path)))
    except (orjson.JSONDecodeError, KeysUnusable):
        raise KeysUnusable(f"cannot read {path.name} as JWKS") from None
    if not keys:
        raise KeysUnusable(f"{path.name} holds no key that tokens can be checked with")
    return FixedKeys(keys)


def read_jwks(document: object) -> KeySet:
    """The keys of a JWKS that can check signatures, if any. Raises `KeysUnusable` if the document is no JWKS.

    Skipped are keys for other purposes (`use` or `key_ops`), keys that cannot be read, secrets and private keys,
    which should never be published, RSA keys under 2048 bits, and keys whose `alg` does not fit their kind.
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
        # Raises for secrets and private keys: they have no `public_bytes`, whatever the JWK claims to be.
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
    """The algorithms for which the library accepts a public key: it is of the right kind and strong enough."""
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
