"""A token is checked with the key that it names, and a key is used for what it was made for and nothing else."""

import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWS, get_algorithm_by_name

from app.access.keys import FixedKeys, read_jwks
from app.access.tokens import TokenReader, TokenRules
from tests.support.each import each
from tests.support.keys import ec_key, jwk, public_pem, rsa_key
from tests.support.people import DEMO_KEY, DESK
from tests.support.reading import is_believed, why_refused
from tests.support.tokens import NOW, base64url, said_of, signed, signed_by_hand

RSA, EC, ED = rsa_key(), ec_key(), Ed25519PrivateKey.generate()
RULES = TokenRules(("RS256", "PS256", "ES256", "EdDSA"), "overdracht", ("overdracht", "https://overdracht.example"))


def reader_of(*keys: dict[str, Any], rules: TokenRules = RULES) -> TokenReader:
    """What reads tokens with the keys of a JWKS."""
    return TokenReader(FixedKeys(read_jwks({"keys": list(keys)})), rules)


def token(payload: bytes) -> str:
    """A well-signed token with any payload."""
    return PyJWS().encode(payload, EC, "ES256", headers={"kid": "ec"})


ALL = (jwk(RSA, "RS256", "rsa", alg=None), jwk(EC, "ES256", "ec", alg=None), jwk(ED, "EdDSA", "ed", alg=None))


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [(RSA, "RS256", "rsa"), (RSA, "PS256", "rsa"), (EC, "ES256", "ec"), (ED, "EdDSA", "ed")],
)
async def test_a_key_checks_what_was_signed_with_it_and_names_it(key: Any, algorithm: str, kid: str) -> None:
    reader = reader_of(*ALL)
    assert await is_believed(reader, signed(DESK, key, algorithm, kid))
    for other in each({"rsa", "ec", "ed", "none", ""} - {kid}):
        assert not await is_believed(reader, signed(DESK, key, algorithm, other))


@pytest.mark.parametrize("kid", [None, "rsa", "ec", "ed"])
async def test_a_token_without_a_signature_is_refused_whatever_key_it_names(kid: str | None) -> None:
    for reader in (reader_of(*ALL), reader_of(ALL[0])):
        refused = await why_refused(reader, signed(DESK, None, "none", kid))
        assert refused == "signed with an algorithm that is not allowed"
    head, body, _ = signed(DESK, RSA, "RS256", "rsa").split(".")
    assert not await is_believed(reader_of(*ALL), f"{head}.{body}.")


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
async def test_what_everybody_can_read_is_no_secret_to_sign_with(algorithm: str) -> None:
    public = RSA.public_key()
    secrets = [
        public_pem(RSA),
        public_pem(RSA).strip(),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        json.dumps(ALL[0]).encode(),
        ALL[0]["n"].encode(),
        b"",
    ]
    # The last rules would be refused before serving; a key goes with its own algorithms even so.
    careless = TokenRules((*RULES.algorithms, algorithm), "overdracht", ("overdracht",))
    for reader in (reader_of(*ALL), reader_of(ALL[0]), reader_of(*ALL, rules=careless)):
        for secret in secrets:
            for kid in (None, "rsa"):
                assert not await is_believed(reader, signed_by_hand(DESK, secret, algorithm, kid))


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS512"])
async def test_an_algorithm_that_is_not_allowed_is_refused_though_the_key_could(algorithm: str) -> None:
    refused = await why_refused(reader_of(*ALL), signed(DESK, RSA, algorithm, "rsa"))
    assert refused == "signed with an algorithm that is not allowed"


async def test_a_key_that_names_its_algorithm_is_used_for_that_alone() -> None:
    reader = reader_of(jwk(RSA, "RS256", "rs"), jwk(RSA, "PS256", "ps"))
    for algorithm in ("RS256", "PS256"):
        for kid in ("rs", "ps"):
            believed = await is_believed(reader, signed(DESK, RSA, algorithm, kid))
            assert believed is (kid == algorithm[:2].lower())


async def test_keys_of_different_kinds_may_have_one_id() -> None:
    reader = reader_of(jwk(RSA, "RS256", "one"), jwk(EC, "ES256", "one"))
    assert await is_believed(reader, signed(DESK, RSA, "RS256", "one"))
    assert await is_believed(reader, signed(DESK, EC, "ES256", "one"))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(jwk(RSA, "RS256", use="enc"), id="a key to encrypt with"),
        pytest.param(jwk(RSA, "RS256", use=["sig"]), id="a use that is none"),
        pytest.param(jwk(RSA, "RS256", key_ops=["encrypt"]), id="operations without checking"),
        pytest.param(jwk(RSA, "RS256", key_ops="verify"), id="operations that are no list"),
        pytest.param(jwk(RSA, "RS256", alg="RSA-OAEP"), id="an algorithm to encrypt with"),
        pytest.param(jwk(RSA, "RS256", alg="ES256"), id="an algorithm of another kind of key"),
        pytest.param(jwk(RSA, "RS256", alg="HS256"), id="an algorithm of secrets"),
        pytest.param(jwk(RSA, "RS256", alg="none"), id="no algorithm"),
        pytest.param(jwk(RSA, "RS256", alg=["RS256"]), id="several algorithms"),
        pytest.param(jwk(RSA, "RS256", alg=[]), id="algorithms of which there are none"),
        pytest.param(jwk(RSA, "RS256", alg={}), id="an algorithm that is empty and no text"),
        pytest.param(jwk(RSA, "RS256", kty="EC"), id="another kind than it is"),
        pytest.param(jwk(RSA, "RS256", kty="oct"), id="a public key that is called a secret"),
        pytest.param(get_algorithm_by_name("RS256").to_jwk(RSA, as_dict=True), id="a private key"),
        pytest.param(jwk(RSA, "RS256") | {"kid": 7}, id="an id that is no text"),
        pytest.param(jwk(RSA, "RS256") | {"kid": {}}, id="an id that is empty and no text"),
    ],
)
async def test_a_key_that_is_not_for_checking_tokens_is_passed_over(wrong: dict[str, Any]) -> None:
    assert not read_jwks({"keys": [wrong]})
    assert not await is_believed(reader_of(wrong, *ALL), signed(DESK, RSA, "RS256", "key"))


async def test_a_secret_among_the_public_keys_is_passed_over() -> None:
    secret = {"kty": "oct", "kid": "key", "k": get_algorithm_by_name("HS256").to_jwk(DEMO_KEY, as_dict=True)["k"]}
    for stated in ({}, {"alg": "HS256", "use": "sig"}):
        assert not read_jwks({"keys": [secret | stated]})
        reader = reader_of(secret | stated, rules=TokenRules(("HS256",), "overdracht", ("overdracht",)))
        assert not await is_believed(reader, signed(DESK, DEMO_KEY, "HS256", "key"))


@pytest.mark.parametrize("bits", [1024, 2040])
async def test_an_rsa_key_under_2048_bits_is_passed_over(bits: int) -> None:
    assert not read_jwks({"keys": [jwk(rsa_key(bits), "RS256")]})


async def test_a_key_on_another_curve_than_its_algorithm_has_is_passed_over() -> None:
    key = ec_key(SECP384R1())
    assert read_jwks({"keys": [jwk(key, "ES384")]})
    assert not read_jwks({"keys": [jwk(key, "ES384", alg="ES256")]})


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"crit": ["exp"], "exp": 1}, id="crit"),
        pytest.param({"crit": []}, id="empty crit"),
        pytest.param({"crit": ["b64"], "b64": True}, id="a crit that the library knows"),
        pytest.param({"crit": "b64"}, id="crit that is no list"),
        pytest.param({"b64": True}, id="what belongs in a crit, without one"),
        pytest.param({"typ": "logout+jwt"}, id="a token to log out with"),
        pytest.param({"typ": "dpop+jwt"}, id="a proof"),
        pytest.param({"typ": "JWE"}, id="something else"),
        pytest.param({"typ": 7}, id="a type that is no text"),
        pytest.param({"kid": "other"}, id="another key"),
        pytest.param({"kid": 7}, id="a key that is no text"),
        pytest.param({"kid": None}, id="no key, written down"),
        pytest.param({"alg": "rs256"}, id="an algorithm in lower case"),
        pytest.param({"alg": ["RS256"]}, id="algorithms in a list"),
        pytest.param({"alg": None}, id="no algorithm"),
    ],
)
async def test_a_header_that_asks_for_something_else_is_refused(more: dict[str, Any]) -> None:
    assert not await is_believed(reader_of(*ALL), by_hand(RSA, {"alg": "RS256", "typ": "JWT", "kid": "rsa"} | more))


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "application/at+jwt", None])
async def test_a_token_is_an_access_token_or_does_not_say(typ: str | None) -> None:
    header: dict[str, Any] = {"alg": "RS256", "kid": "rsa"} | ({} if typ is None else {"typ": typ})
    # Where the token brings keys of its own along, nobody looks at them.
    header |= {"jku": "https://elders.example/keys", "x5u": "https://elders.example/certificate", "jwk": ALL[1]}
    assert await is_believed(reader_of(*ALL), by_hand(RSA, header))


async def test_a_key_that_a_token_brings_along_is_not_believed() -> None:
    own = rsa_key()
    header = {"alg": "RS256", "typ": "JWT", "kid": "rsa", "jwk": jwk(own, "RS256", "rsa")}
    assert not await is_believed(reader_of(*ALL), by_hand(own, header))


async def test_a_token_is_at_most_16_kib_long_and_is_refused_by_its_length_alone() -> None:
    reader = reader_of(*ALL)
    assert await is_believed(reader, signed(DESK, EC, "ES256", "ec", nonce="x" * 11_500))
    assert await why_refused(reader, signed(DESK, EC, "ES256", "ec", nonce="x" * 12_500)) == "too long"
    assert await why_refused(reader, "." * 1_000_000) == "too long"


@pytest.mark.parametrize(
    "garbage", ["", ".", "..", "a.b", "a.b.c.d.e", "[].[].[]", "bnVsbA.bnVsbA.bnVsbA", "W10.e30.e30", "e30.e30."]
)
async def test_what_is_no_token_is_refused(garbage: str) -> None:
    assert not await is_believed(reader_of(*ALL), garbage)


@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"\xff", b"[" * 9000, b'{"exp": 1e999}', b"NaN"])
async def test_a_signed_payload_that_holds_no_claims_is_refused(payload: bytes) -> None:
    assert not await is_believed(reader_of(*ALL), token(payload))


@pytest.mark.parametrize(
    ("claims", "believed"),
    [
        pytest.param({"nbf": NOW + 3600}, False, id="not yet"),
        pytest.param({"nbf": time.time() + 20}, True, id="not yet by a clock that is slow"),
        pytest.param({"nbf": "morgen"}, False, id="from when is unclear"),
        pytest.param({"iat": NOW + 3600}, False, id="made later"),
        pytest.param({"iat": time.time() + 20}, True, id="made later by a clock that is fast"),
        pytest.param({"exp": NOW - 60}, False, id="expired"),
        pytest.param({"iat": str(NOW)}, False, id="made at a moment in a text"),
        pytest.param({"exp": str(NOW + 3600)}, False, id="expiring at a moment in a text"),
        pytest.param({"aud": "https://overdracht.example"}, True, id="for the other audience"),
        pytest.param({"aud": ["elders", "https://overdracht.example"]}, True, id="for somebody else as well"),
        pytest.param({"aud": ["elders"]}, False, id="for somebody else"),
        pytest.param({"aud": "overdracht,https://overdracht.example"}, False, id="for the setting as it stands"),
        pytest.param({"aud": []}, False, id="for nobody"),
        pytest.param({"aud": {"overdracht": 1}}, False, id="for something strange"),
        pytest.param({"iss": ["overdracht"]}, False, id="by several"),
    ],
)
async def test_a_token_is_believed_in_its_time_and_by_whom_it_is_for(
    claims: dict[str, Any], believed: bool
) -> None:
    said = token(json.dumps(said_of(DESK, **claims)).encode())
    assert await is_believed(reader_of(*ALL), said) is believed


async def test_a_token_that_just_expired_is_believed_as_far_as_clocks_may_differ() -> None:
    expired = signed(DESK, EC, "ES256", "ec", exp=time.time() - 5)
    assert await is_believed(reader_of(*ALL), expired)
    strict = TokenRules(RULES.algorithms, RULES.issuer, RULES.audiences, leeway_seconds=0)
    assert not await is_believed(reader_of(*ALL, rules=strict), expired)


def by_hand(key: Any, header: dict[str, Any]) -> str:
    """A token with a header that the library would not write, signed as RS256."""
    body = ".".join(base64url(json.dumps(part).encode()) for part in (header, said_of(DESK)))
    return f"{body}.{base64url(get_algorithm_by_name('RS256').sign(body.encode(), key))}"
