"""The keys of an OpenID Connect issuer: known by its address alone, and followed as it changes them."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.types import Receive, Scope, Send

from app.settings import Settings
from app.wiring.asgi import create_app
from app.wiring.login import token_keys
from tests.support.client import PATIENCE
from tests.support.each import each
from tests.support.issuer import DISCOVERY, JWKS, LocalIssuer, issuing
from tests.support.keys import ec_key, rsa_key
from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN
from tests.support.reading import QUICK, QUIET, is_believed, reading, why_refused
from tests.support.server import serving
from tests.support.template import Template
from tests.support.tokens import is_let_in, signed
from tests.support.waiting import until

# Tokens are checked before anything is read.
pytestmark = pytest.mark.database("sqlite")

LIVE = """
subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid, na: 0) { soort } }
"""
HAND_OVER = """
mutation ($eenheid: ID!) {
  registreerKlantcontact(input: {
    onderwerp: "Dakkapel"
    interneTaken: [{ gevraagdeHandeling: "Terugbellen", organisatorischeEenheidId: $eenheid }]
  }) { __typename }
}
"""


KEYS = {
    "rs": (rsa_key(), "RS256"),
    "ps": (rsa_key(), "PS256"),
    "es": (ec_key(), "ES256"),
    "ed": (Ed25519PrivateKey.generate(), "EdDSA"),
}


@pytest.fixture
async def issuer() -> AsyncIterator[LocalIssuer]:
    """It listens, with a key of each kind."""
    async with issuing(LocalIssuer(KEYS)) as running:
        yield running


async def test_who_has_a_token_of_the_issuer_works_over_http_and_websocket(
    settings: Settings, template: Template, issuer: LocalIssuer
) -> None:
    by_issuer = settings.model_copy(update={"token_demo_key": None, "oidc_issuer": issuer.address})
    eenheid = template.eenheden["VER"]
    async with serving(by_issuer, template.eenheden) as server:
        desk = server.with_token(issuer.token(DESK, "rs"))
        colleague = server.with_token(issuer.token(VERGUNNINGEN, "es"))
        async with colleague.follow(LIVE, eenheid=eenheid) as stream:
            answer = await desk.data(HAND_OVER, eenheid=eenheid)
            assert answer["registreerKlantcontact"]["__typename"] == "KlantcontactGeregistreerd"
            assert (await stream.next())["postvak"] == {"soort": "GEREGISTREERD"}
        for kid in each(issuer.keys):
            assert await is_let_in(server, BURGERZAKEN, issuer.token(BURGERZAKEN, kid))
        assert not await is_let_in(server, DESK, signed(DESK, rsa_key(), "RS256", "rs", iss=issuer.address))
        assert not await is_let_in(server, DESK, DESK.token())


async def test_nothing_is_asked_before_the_server_runs(settings: Settings, issuer: LocalIssuer) -> None:
    by_issuer = settings.model_copy(update={"token_demo_key": None, "oidc_issuer": issuer.address} | QUICK)
    create_app(by_issuer)
    assert await token_keys(by_issuer).find("rs", "RS256") is None
    assert issuer.asked == {}


async def test_nothing_is_asked_when_the_server_has_stopped(issuer: LocalIssuer) -> None:
    async with reading(issuer, **QUICK) as (reader, keys):
        assert await is_believed(reader, issuer.token(DESK, "rs"))
    asked = keys.requests
    token = signed(DESK, issuer.keys["es"][0], "ES256", "unknown", iss=issuer.address)
    assert await why_refused(reader, token) == "signed with an unknown key"
    assert keys.requests == asked


async def test_a_token_must_name_the_issuer_by_its_address(issuer: LocalIssuer) -> None:
    async with reading(issuer, **QUIET) as (reader, _):
        assert await is_believed(reader, issuer.token(DESK, "rs"))
        for other in ("overdracht", f"{issuer.address}/", issuer.address.upper()):
            assert await why_refused(reader, issuer.token(DESK, "rs", iss=other)) == "InvalidIssuerError"


async def test_tokens_may_name_their_issuer_otherwise_than_its_address_where_that_is_set(
    issuer: LocalIssuer,
) -> None:
    trust = "http://adfs.gemeente.example/adfs/services/trust"
    async with reading(issuer, **QUIET, token_issuer=trust) as (reader, _):
        assert await is_believed(reader, issuer.token(DESK, "rs", iss=trust))
        assert not await is_believed(reader, issuer.token(DESK, "rs"))


async def test_a_new_key_works_at_once_and_ends_what_was_signed_with_the_one_it_replaces(
    issuer: LocalIssuer,
) -> None:
    async with reading(issuer, **QUICK) as (reader, _):
        before = issuer.token(DESK, "rs")
        assert await is_believed(reader, before)
        issuer.keys = {"new": issuer.keys["ps"]}
        assert await is_believed(reader, issuer.token(DESK, "new"))
        assert not await is_believed(reader, before), "it was remembered"


async def test_another_key_under_the_same_id_ends_what_was_signed_with_the_first(issuer: LocalIssuer) -> None:
    async with reading(issuer, **QUICK) as (reader, _):
        before = issuer.token(DESK, "rs")
        assert await is_believed(reader, before)
        issuer.keys = {"rs": (issuer.keys["ps"][0], "RS256")}
        assert await is_believed(reader, issuer.token(DESK, "rs")), "the issuer is asked whether there is another"
        assert not await is_believed(reader, before), "it was remembered"


async def test_a_withdrawn_key_vanishes_though_nobody_names_a_new_one(issuer: LocalIssuer) -> None:
    async with reading(issuer, **QUICK | {"oidc_refresh_seconds": 0.01}) as (reader, _):
        token, other = issuer.token(DESK, "rs"), issuer.token(DESK, "es")
        assert await is_believed(reader, token)
        del issuer.keys["rs"]

        async def is_over() -> bool:
            return not await is_believed(reader, token)

        await until(is_over)
        assert await is_believed(reader, other)


async def test_when_every_key_is_withdrawn_nobody_is_let_in(
    issuer: LocalIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    async with reading(issuer, **QUICK) as (reader, keys):
        before = issuer.token(DESK, "rs")
        assert await is_believed(reader, before)
        withdrawn, issuer.keys = issuer.keys, {}
        assert not await is_believed(reader, signed(DESK, ec_key(), "ES256", "new", iss=issuer.address))
        assert not await is_believed(reader, before)
        assert (bool(keys.current), keys.answers) == (False, False)
        assert "it has no key that tokens can be checked with" in caplog.text
        issuer.keys = withdrawn
        assert await is_believed(reader, before)


async def test_unknown_keys_cannot_make_us_ask_the_issuer_more_often_than_once_in_an_interval(
    issuer: LocalIssuer,
) -> None:
    async with reading(issuer, **QUIET) as (reader, keys):
        for number in range(50):
            token = signed(DESK, issuer.keys["es"][0], "ES256", f"kid {number}", iss=issuer.address)
            assert await why_refused(reader, token) == "signed with an unknown key"
        assert issuer.asked == {DISCOVERY: 1, JWKS: 1}
        assert (keys.requests, keys.times_failed) == (1, 0)
        assert await is_believed(reader, issuer.token(DESK, "rs"))


async def test_signatures_that_are_not_of_a_known_key_cannot_either(issuer: LocalIssuer) -> None:
    async with reading(issuer, **QUIET) as (reader, keys):
        for _ in range(50):
            token = signed(DESK, ec_key(), "ES256", "es", iss=issuer.address)
            assert await why_refused(reader, token) == "InvalidSignatureError"
        assert keys.requests == 1
        assert await is_believed(reader, issuer.token(DESK, "es"))


async def test_who_names_an_unknown_key_while_the_keys_are_fetched_waits_for_that_and_asks_no_more(
    issuer: LocalIssuer,
) -> None:
    opened = threading.Event()

    async def later(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(opened.wait, PATIENCE)
        del issuer.instead[DISCOVERY]
        await issuer.discovery()(scope, receive, send)

    async with reading(issuer, **QUICK) as (reader, _):
        issuer.keys = issuer.keys | {"new": issuer.keys["rs"]}
        issuer.instead[DISCOVERY] = later
        tokens = [issuer.token(DESK, "new", jti=str(number)) for number in range(30)]
        tokens += [signed(DESK, issuer.keys["rs"][0], "RS256", f"{number}") for number in range(30)]
        asking = [asyncio.create_task(is_believed(reader, token)) for token in tokens]

        await until(lambda: issuer.asked[DISCOVERY] == 2)
        opened.set()
        assert await asyncio.gather(*asking) == [True] * 30 + [False] * 30
        assert issuer.asked == {DISCOVERY: 2, JWKS: 2}


async def test_who_goes_away_while_the_keys_are_fetched_for_them_ends_the_fetch_for_nobody(
    issuer: LocalIssuer,
) -> None:
    opened = threading.Event()

    async def later(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(opened.wait, PATIENCE)
        await issuer.discovery()(scope, receive, send)

    async with reading(issuer, **QUICK) as (reader, _):
        issuer.keys = issuer.keys | {"new": issuer.keys["rs"]}
        issuer.instead[DISCOVERY] = later
        first, second = (
            asyncio.create_task(is_believed(reader, issuer.token(DESK, "new", jti=jti))) for jti in ("1", "2")
        )

        await until(lambda: issuer.asked[DISCOVERY] == 2)
        first.cancel()
        opened.set()
        assert await second
        assert first.cancelled()


async def test_a_token_is_verified_once_and_believed_until_it_expires(issuer: LocalIssuer) -> None:
    async with reading(issuer, **QUIET, token_leeway_seconds=0) as (reader, _):
        claims = await reader.read(issuer.token(DESK, "rs"))
        assert claims.medewerker_id == DESK.subject
        assert await reader.read(issuer.token(DESK, "rs")) is claims

        # RSA signatures are the same each time, so that this is one token.
        short = issuer.token(DESK, "rs", exp=int(time.time()) + 2)
        await reader.read(short)

        async def is_over() -> bool:
            return not await is_believed(reader, short)

        await until(is_over)
        assert await why_refused(reader, short) == "ExpiredSignatureError"
