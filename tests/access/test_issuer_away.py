"""An issuer that is away, hangs, or answers what cannot be believed: it lets nobody in, and nothing else fails."""

import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from app.access.issuer import Issuer
from app.settings import Settings, SettingsWrong
from tests.support.health import WELL, asked
from tests.support.issuer import DISCOVERY, JWKS, LocalIssuer, endless, hanging, issuing
from tests.support.keys import ec_key, jwk
from tests.support.people import DESK
from tests.support.reading import QUIET, is_believed, reading, why_refused
from tests.support.server import serving
from tests.support.template import Template
from tests.support.tokens import is_let_in
from tests.support.waiting import until

# Tokens are checked before anything is read.
pytestmark = pytest.mark.database("sqlite")

AGAIN_AND_AGAIN = {"oidc_timeout_seconds": 30, "oidc_refetch_seconds": 0.01, "oidc_refresh_seconds": 0.01}
"""The issuer is asked all the time."""

KEYS = {"old": (ec_key(), "ES256")}
NEW = {"new": (ec_key(), "ES256")}


@pytest.fixture
async def issuer() -> AsyncIterator[LocalIssuer]:
    """It listens."""
    async with issuing(LocalIssuer(KEYS)) as running:
        yield running


async def until_answers(keys: Issuer, expected: bool) -> None:
    """Wait until the issuer, when it was last asked, did or did not answer."""
    await until(lambda: keys.answers is expected)


async def test_the_server_starts_without_the_issuer_and_lets_people_in_once_it_answers(
    settings: Settings, template: Template
) -> None:
    issuer = LocalIssuer(KEYS)
    by_issuer = settings.model_copy(
        update={"token_demo_key": None, "oidc_issuer": issuer.address} | AGAIN_AND_AGAIN
    )
    by_issuer = by_issuer.model_copy(update={"ready_keep_seconds": 0})
    async with serving(by_issuer, template.eenheden) as server:
        assert not await is_let_in(server, DESK, issuer.token(DESK, "old"))
        assert await asked(server) == (503, {"status": "failed", "checks": WELL | {"keys": "failed"}})
        async with issuing(issuer):

            async def is_in() -> bool:
                client = server.with_token(issuer.token(DESK, "old"))
                return (await client.post("query { ik { rollen } }")).status_code == 200

            await until(is_in)
        assert await is_let_in(server, DESK, issuer.token(DESK, "old", jti="1")), "its keys are in hand"


async def test_while_the_issuer_is_away_its_keys_serve_on_and_new_ones_come_when_it_is_back(
    issuer: LocalIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    async with reading(issuer, **AGAIN_AND_AGAIN) as (reader, keys):
        await issuer.stop()
        await until_answers(keys, False)
        failed = keys.times_failed

        await until(lambda: keys.times_failed > failed + 3)
        assert keys.current
        assert await is_believed(reader, issuer.token(DESK, "old"))
        issuer.keys = issuer.keys | NEW
        assert await why_refused(reader, issuer.token(DESK, "new")) == "signed with an unknown key"

        issuer.start()
        await until_answers(keys, True)
        assert await is_believed(reader, issuer.token(DESK, "new"))
    warnings = [record.message for record in caplog.records if record.name == "app.access.issuer"]
    assert [warning.partition(" (")[0].partition(",")[0] for warning in warnings] == [
        "the issuer's keys cannot be fetched; those in hand serve on for a while",
        "the issuer's keys can be fetched again",
    ]


async def test_keys_that_could_not_be_fetched_anew_for_too_long_let_nobody_in_any_more(issuer: LocalIssuer) -> None:
    async with reading(issuer, **AGAIN_AND_AGAIN, oidc_keep_seconds=0.5) as (reader, keys):
        remembered = issuer.token(DESK, "old")
        assert await is_believed(reader, remembered)
        await issuer.stop()

        await until(lambda: not keys.current)
        assert await why_refused(reader, remembered) == "signed with an unknown key"
        assert await why_refused(reader, issuer.token(DESK, "old", jti="1")) == "signed with an unknown key"
        issuer.start()
        await until_answers(keys, True)
        assert await is_believed(reader, remembered)


async def test_an_issuer_that_hangs_holds_up_neither_the_start_nor_who_comes_for_longer_than_the_time_out(
    issuer: LocalIssuer,
) -> None:
    issuer.instead[JWKS] = hanging
    quick = {"oidc_timeout_seconds": 0.05, "oidc_refetch_seconds": 1e-6}
    async with reading(issuer, **quick) as (reader, keys):
        assert await why_refused(reader, issuer.token(DESK, "old")) == "signed with an unknown key"
        assert keys.times_failed >= 2
        del issuer.instead[JWKS]
        await until_answers(keys, True)
        assert await is_believed(reader, issuer.token(DESK, "old"))


async def test_an_issuer_that_drips_is_given_no_more_time_than_one_that_hangs(
    issuer: LocalIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    issuer.instead[JWKS] = endless(b" ")
    async with reading(issuer, **QUIET | {"oidc_timeout_seconds": 0.05}) as (_, keys):
        assert keys.times_failed == 1
    assert "(TimeoutError)" in caplog.text


async def test_a_server_stops_while_its_issuer_hangs(
    settings: Settings, template: Template, issuer: LocalIssuer
) -> None:
    """As everywhere, the server asserts that nothing of it is left."""
    by_issuer = settings.model_copy(
        update={"token_demo_key": None, "oidc_issuer": issuer.address} | AGAIN_AND_AGAIN
    )
    async with serving(by_issuer, template.eenheden):
        issuer.instead[DISCOVERY] = hanging
        asked = issuer.asked[DISCOVERY]

        await until(lambda: issuer.asked[DISCOVERY] > asked)


# What answers at a path instead of the issuer, and what the log says of it.
DISCOVERIES: dict[str, tuple[Callable[[LocalIssuer], ASGIApp], str]] = {
    "another issuer": (lambda it: it.discovery(issuer="https://login.example"), "of another issuer"),
    "the issuer with a slash": (lambda it: it.discovery(issuer=f"{it.address}/"), "of another issuer"),
    "no issuer": (lambda it: it.discovery(issuer=None), "of another issuer"),
    "a list": (lambda it: JSONResponse([it.address]), "of another issuer"),
    "no jwks_uri": (lambda it: it.discovery(jwks_uri=None), "jwks_uri"),
    "a jwks_uri in plain text": (lambda it: it.discovery(jwks_uri="http://login.example/keys"), "jwks_uri"),
    "a jwks_uri of another kind": (lambda it: it.discovery(jwks_uri="file:///etc/passwd"), "jwks_uri"),
    "a relative jwks_uri": (lambda it: it.discovery(jwks_uri=JWKS), "jwks_uri"),
    "a jwks_uri with a port that is none": (
        lambda it: it.discovery(jwks_uri=f"{it.url}0000{JWKS}"),
        "jwks_uri",
    ),
    "a redirect": (lambda it: RedirectResponse(f"{it.url}/moved"), "status 307"),
    "an error": (lambda _: Response(status_code=503), "status 503"),
    "nothing": (lambda _: Response(status_code=204), "status 204"),
    "a page": (lambda _: PlainTextResponse("<html>Log in</html>"), "not JSON"),
    "no text": (lambda _: Response(b"\xff\xfe\x00"), "not JSON"),
    "something deep": (lambda _: PlainTextResponse("[" * 100_000), "not JSON"),
    "something long": (lambda it: it.discovery(padding=" " * 300_000), "too long"),
    "something endless": (lambda _: endless(b" " * 65_536), "too long"),
}
KEY_SETS: dict[str, tuple[Callable[[LocalIssuer], ASGIApp], str]] = {
    "a redirect": (lambda it: RedirectResponse(f"{it.url}/moved", status_code=302), "status 302"),
    "an error": (lambda _: Response(status_code=500), "status 500"),
    "a list": (lambda _: JSONResponse([]), "not a JWKS"),
    "no list": (lambda _: JSONResponse({"keys": {}}), "not a JWKS"),
    "too many keys": (
        lambda _: JSONResponse({"keys": [jwk(*KEYS["old"], f"{number}") for number in range(101)]}),
        "not a JWKS",
    ),
    "no keys": (lambda _: JSONResponse({"keys": []}), "no key that tokens can be checked with"),
    "nonsense for keys": (
        lambda _: JSONResponse({"keys": [None, 7, "x", [], {}, {"kty": 7}, {"kty": "RSA", "n": 7, "e": []}]}),
        "no key that tokens can be checked with",
    ),
    "a page": (lambda _: PlainTextResponse("<html>Log in</html>"), "not JSON"),
    "something endless": (lambda _: endless(b" " * 65_536), "too long"),
}


@pytest.mark.parametrize("what", DISCOVERIES)
async def test_a_discovery_document_that_cannot_be_believed_is_not(
    issuer: LocalIssuer, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    instead, said = DISCOVERIES[what]
    issuer.instead[DISCOVERY] = instead(issuer)
    async with reading(issuer, **QUIET) as (reader, keys):
        assert await why_refused(reader, issuer.token(DESK, "old")) == "signed with an unknown key"
        assert (bool(keys.current), keys.times_failed) == (False, 1)
    assert issuer.asked == {DISCOVERY: 1}, "nobody else is asked"
    [warning] = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert said in warning


@pytest.mark.parametrize("what", KEY_SETS)
async def test_keys_that_cannot_be_believed_are_not(
    issuer: LocalIssuer, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    instead, said = KEY_SETS[what]
    issuer.instead[JWKS] = instead(issuer)
    async with reading(issuer, **QUIET) as (reader, keys):
        assert await why_refused(reader, issuer.token(DESK, "old")) == "signed with an unknown key"
        assert (bool(keys.current), keys.times_failed) == (False, 1)
    assert issuer.asked == {DISCOVERY: 1, JWKS: 1}, "nobody else is asked"
    [warning] = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert said in warning


async def test_a_key_that_cannot_be_read_stands_in_the_way_of_no_other(issuer: LocalIssuer) -> None:
    keys = [None, {"kty": "RSA", "kid": "old"}, jwk(*KEYS["old"], "old"), {"kty": "toekomst", "kid": "x"}]
    issuer.instead[JWKS] = JSONResponse({"keys": keys})
    async with reading(issuer, **QUIET) as (reader, _):
        assert await is_believed(reader, issuer.token(DESK, "old"))


async def test_an_issuer_whose_certificate_nobody_vouches_for_is_not_believed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with issuing(LocalIssuer(KEYS, certificate=self_signed(tmp_path / "issuer.pem"))) as issuer:
        assert issuer.address.startswith("https://")
        async with reading(issuer, **QUIET) as (reader, _):
            assert await why_refused(reader, issuer.token(DESK, "old")) == "signed with an unknown key"
        assert issuer.asked == {}
    assert "its certificate is not trusted" in caplog.text


async def test_an_issuer_may_have_a_certificate_of_an_authority_of_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path / "issuer.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with (
        issuing(LocalIssuer(KEYS, certificate=certificate)) as issuer,
        reading(issuer, **QUIET) as (reader, _),
    ):
        assert await is_believed(reader, issuer.token(DESK, "old"))


async def test_an_issuer_over_https_has_nobody_asked_for_its_keys_in_plain_text_on_loopback_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = self_signed(tmp_path / "issuer.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with issuing(LocalIssuer(KEYS, certificate=certificate)) as issuer, issuing(LocalIssuer(KEYS)) as plain:
        issuer.instead[DISCOVERY] = issuer.discovery(jwks_uri=f"{plain.url}{JWKS}")
        async with reading(issuer, **QUIET) as (reader, _):
            assert await why_refused(reader, issuer.token(DESK, "old")) == "signed with an unknown key"
        assert (issuer.asked, plain.asked) == ({DISCOVERY: 1}, {})
    assert "jwks_uri" in caplog.text


def self_signed(path: Path) -> Path:
    """A certificate for loopback with its key, made by nobody in particular."""
    key, name = ec_key(), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize(
    "address",
    [
        "https://login.example",
        "https://login.example/",
        "https://login.example:8443/realms/gemeente",
        "http://localhost:8080/realms/gemeente",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
    ],
)
def test_an_issuer_is_asked_over_https_or_on_loopback(address: str) -> None:
    assert Settings.read(oidc_issuer=address).oidc_issuer == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "login.example",
        "//login.example",
        "http://login.example",
        "http://127.0.0.1.login.example",
        "http://10.0.0.1",
        "ftp://login.example",
        "https://",
        "https://login.example:poort",
        "https://login.example:0",
        "https://gebruiker:geheim@login.example",
        "https://login.example?tenant=1",
        "https://login.example#top",
        "https://login.example/\n",
        "https://login.example/a b\x00",
    ],
)
def test_any_other_address_of_an_issuer_is_refused_with_what_is_one(address: str) -> None:
    with pytest.raises(SettingsWrong) as refused:
        Settings.read(oidc_issuer=address)
    assert str(refused.value).startswith("OVERDRACHT_OIDC_ISSUER: ")
    assert "https, or http on loopback" in str(refused.value)
    assert "geheim" not in str(refused.value)
