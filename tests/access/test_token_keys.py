"""The keys that tokens are checked with: a PEM file, a JWKS file or a demo key, exactly one of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.settings import Settings, SettingsWrong
from app.wiring.asgi import create_app
from tests.support.keys import ec_key, jwks, public_pem, rsa_key
from tests.support.people import DEMO_KEY, DESK
from tests.support.server import serving
from tests.support.template import Template
from tests.support.tokens import is_let_in, signed, signed_by_hand

# Tokens are checked before anything is read.
pytestmark = pytest.mark.database("sqlite")


def with_key_file(settings: Settings, setting: str, path: Path, content: str | bytes) -> Settings:
    """The settings with this file as the only key."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return settings.model_copy(update={"token_demo_key": None, setting: path})


@pytest.mark.parametrize(
    ("new_key", "algorithm"),
    [(rsa_key, "RS256"), (rsa_key, "PS256"), (ec_key, "ES256"), (Ed25519PrivateKey.generate, "EdDSA")],
)
async def test_a_public_key_in_a_pem_file_checks_what_its_private_key_signed_and_nothing_else(
    settings: Settings, template: Template, tmp_path: Path, new_key: Callable[[], Any], algorithm: str
) -> None:
    key = new_key()
    with_pem = with_key_file(settings, "token_key_file", tmp_path / "key.pem", public_pem(key))
    async with serving(with_pem, template.eenheden) as server:
        assert await is_let_in(server, DESK, signed(DESK, key, algorithm))
        assert not await is_let_in(server, DESK, signed(DESK, new_key(), algorithm))
        assert not await is_let_in(server, DESK, signed(DESK, None, "none"))
        assert not await is_let_in(server, DESK, signed(DESK))


async def test_the_public_key_is_no_secret_to_sign_with(
    settings: Settings, template: Template, tmp_path: Path
) -> None:
    pem = public_pem(rsa_key())
    with_pem = with_key_file(settings, "token_key_file", tmp_path / "key.pem", pem)
    async with serving(with_pem, template.eenheden) as server:
        for secret in (pem, pem.strip()):
            assert not await is_let_in(server, DESK, signed_by_hand(DESK, secret, "HS256"))


async def test_the_keys_of_a_jwks_file_are_told_apart_by_their_kid(
    settings: Settings, template: Template, tmp_path: Path
) -> None:
    old, new, other = rsa_key(), ec_key(), rsa_key()
    content = jwks(old=(old, "RS256"), new=(new, "ES256"))
    with_jwks = with_key_file(settings, "token_jwks_file", tmp_path / "jwks.json", content)
    async with serving(with_jwks, template.eenheden) as server:
        assert await is_let_in(server, DESK, signed(DESK, old, "RS256", kid="old"))
        assert await is_let_in(server, DESK, signed(DESK, new, "ES256", kid="new"))
        assert not await is_let_in(server, DESK, signed(DESK, old, "RS256", kid="new"))
        assert not await is_let_in(server, DESK, signed(DESK, other, "RS256", kid="old"))
        assert not await is_let_in(server, DESK, signed(DESK, old, "RS256", kid="other"))
        assert not await is_let_in(server, DESK, signed(DESK, old, "RS256"))


async def test_the_only_key_of_a_jwks_file_checks_tokens_that_name_none(
    settings: Settings, template: Template, tmp_path: Path
) -> None:
    key = rsa_key()
    content = jwks(only=(key, "RS256"))
    with_jwks = with_key_file(settings, "token_jwks_file", tmp_path / "jwks.json", content)
    async with serving(with_jwks, template.eenheden) as server:
        assert await is_let_in(server, DESK, signed(DESK, key, "RS256"))
        assert await is_let_in(server, DESK, signed(DESK, key, "RS256", kid="only"))
        assert not await is_let_in(server, DESK, signed(DESK, rsa_key(), "RS256"))


def test_exactly_one_kind_of_key_is_needed(settings: Settings, tmp_path: Path) -> None:
    none = settings.model_copy(update={"token_demo_key": None})
    two = settings.model_copy(update={"token_key_file": tmp_path / "key.pem"})
    for wrong in (none, two):
        with pytest.raises(
            SettingsWrong,
            match=r"Exactly one of OVERDRACHT_TOKEN_DEMO_KEY, .*KEY_FILE, .*JWKS_FILE, OVERDRACHT_OIDC_ISSUER",
        ):
            create_app(wrong)


def test_a_demo_key_has_at_least_32_bytes(settings: Settings) -> None:
    with pytest.raises(SettingsWrong, match=r"OVERDRACHT_TOKEN_DEMO_KEY.*32 bytes"):
        create_app(settings.model_copy(update={"token_demo_key": "x" * 31}))


def private_pem() -> bytes:
    pem: bytes = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem


BROKEN_PEM = "-----BEGIN PUBLIC KEY-----\nZ2VlbiBzbGV1dGVs\n-----END PUBLIC KEY-----\n"


@pytest.mark.parametrize(
    ("setting", "content"),
    [
        pytest.param("token_key_file", b"", id="an empty PEM file"),
        pytest.param("token_key_file", b"\xff\xfe", id="a PEM file that is no text"),
        pytest.param("token_key_file", private_pem(), id="a private key"),
        pytest.param("token_key_file", BROKEN_PEM, id="a PEM file that holds something else"),
        pytest.param("token_jwks_file", b"", id="an empty JWKS file"),
        pytest.param("token_key_file", public_pem(rsa_key(1024)), id="a PEM file with a weak key"),
        pytest.param("token_jwks_file", "[]", id="a JWKS file that holds a list"),
        pytest.param("token_jwks_file", '{"keys": []}', id="a JWKS file without keys"),
        pytest.param("token_jwks_file", '{"keys": [{"kty": "RSA"}]}', id="a JWKS file with half a key"),
    ],
)
def test_a_key_file_that_cannot_be_used_is_refused_before_serving(
    settings: Settings, tmp_path: Path, setting: str, content: str | bytes
) -> None:
    with pytest.raises(SettingsWrong, match=rf"OVERDRACHT_{setting.upper()}: .*keys"):
        create_app(with_key_file(settings, setting, tmp_path / "keys", content))


@pytest.mark.parametrize("setting", ["token_key_file", "token_jwks_file"])
def test_a_key_file_that_is_not_there_is_refused_before_serving(
    settings: Settings, tmp_path: Path, setting: str
) -> None:
    absent = {"token_demo_key": None, setting: tmp_path / "nowhere"}
    with pytest.raises(SettingsWrong, match=rf"OVERDRACHT_{setting.upper()}: .*nowhere"):
        create_app(settings.model_copy(update=absent))


@pytest.mark.parametrize("algorithms", [("none",), ("RS256",), ("HS256", "RS256")])
def test_only_hmac_goes_with_a_demo_key(settings: Settings, algorithms: tuple[str, ...]) -> None:
    assert settings.token_demo_key == DEMO_KEY
    with pytest.raises(SettingsWrong, match=r"OVERDRACHT_TOKEN_ALGORITHMS: .*HS256"):
        create_app(settings.model_copy(update={"token_algorithms": algorithms}))


@pytest.mark.parametrize("algorithms", [("none",), ("HS256",), ("HS256", "RS256")])
def test_hmac_never_goes_with_a_public_key(settings: Settings, tmp_path: Path, algorithms: tuple[str, ...]) -> None:
    with_pem = with_key_file(settings, "token_key_file", tmp_path / "key.pem", public_pem(rsa_key()))
    with pytest.raises(SettingsWrong, match=r"OVERDRACHT_TOKEN_ALGORITHMS: .*HS256"):
        create_app(with_pem.model_copy(update={"token_algorithms": algorithms}))


@pytest.mark.parametrize("algorithm", ["HS265", "hs256"])
def test_an_algorithm_that_does_not_exist_is_refused_before_serving(settings: Settings, algorithm: str) -> None:
    with pytest.raises(SettingsWrong, match=r"OVERDRACHT_TOKEN_ALGORITHMS: .*HS256"):
        create_app(settings.model_copy(update={"token_algorithms": (algorithm,)}))
