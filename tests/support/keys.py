"""Key pairs of every kind that tokens are signed with, and their public halves as files and issuers show them."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurve
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as new_rsa_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import get_algorithm_by_name


def rsa_key(bits: int = 2048) -> Any:
    return new_rsa_key(public_exponent=65537, key_size=bits)


def ec_key(curve: EllipticCurve | None = None) -> Any:
    return new_ec_key(curve or SECP256R1())


def public_pem(key: Any) -> bytes:
    pem: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem


def jwk(key: Any, algorithm: str, kid: str | None = "key", **more: Any) -> dict[str, Any]:
    """The public half of a key, for one algorithm; `more` adds to it or replaces some, None leaves out."""
    written: dict[str, Any] = get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    # Whether they stand there is up to whoever writes them.
    written.pop("key_ops", None)
    written |= {"kid": kid, "alg": algorithm, "use": "sig"} | more
    return {name: value for name, value in written.items() if value is not None}


def jwks(**keys: tuple[Any, str]) -> str:
    """The public halves of keys by their id, each with its algorithm."""
    return json.dumps({"keys": [jwk(key, algorithm, kid) for kid, (key, algorithm) in keys.items()]})
