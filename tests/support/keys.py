"""Key pairs of every kind that tokens are signed with, and the formats of public keys in files and of issuers."""

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
    """The public key as JWK for one algorithm; `more` adds or replaces fields, None removes one."""
    written: dict[str, Any] = get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    # Some libraries write these, others do not.
    written.pop("key_ops", None)
    written |= {"kid": kid, "alg": algorithm, "use": "sig"} | more
    return {name: value for name, value in written.items() if value is not None}


def jwks(**keys: tuple[Any, str]) -> str:
    """Public keys by id, each with its algorithm, as JWKS."""
    return json.dumps({"keys": [jwk(key, algorithm, kid) for kid, (key, algorithm) in keys.items()]})
