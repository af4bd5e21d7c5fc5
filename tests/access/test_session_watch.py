"""How long a connection may go on: no longer than the token that its caller came in with, unless it is renewed."""

from typing import Any

import httpx
import pytest

from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.figures import until, with_figures
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.tokens import NOW, newcomer, signed, socket_closed

# How long a connection may go on is decided by its token.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = "subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { volgnummer } }"
ME = "{ ik { medewerker { id } } }"

SHORT = 2
"""How long a token is valid that a test waits for, in seconds: `exp` has no fractions."""


def bearer(token: str) -> dict[str, Any]:
    return {"type": "ping", "payload": {"authorization": f"Bearer {token}"}}


async def test_a_socket_is_closed_with_4403_when_its_token_expires(server: Server) -> None:
    short = server.with_token(VERGUNNINGEN.token(valid_seconds=SHORT))
    async with short.follow(POSTVAK, eenheid=server.eenheden["VER"]) as stream:
        assert await stream.socket.closed() == 4403


async def test_a_token_that_has_expired_opens_nothing_that_lasts_though_clocks_may_differ(server: Server) -> None:
    expired = server.with_token(VERGUNNINGEN.token(valid_seconds=0))
    assert (await expired.post(ME)).status_code == 200, "a request is let in a little longer"
    # First, at once: whoever waits for a close may wait for longer than clocks may differ.
    async with expired.events(POSTVAK, eenheid=server.eenheden["VER"]) as events:
        assert events.response.status_code == 401
    assert await socket_closed(server, expired.token) == 4403
    async with server.as_(VERGUNNINGEN).socket() as socket:
        await socket.send(bearer(expired.token or ""))
        assert await socket.closed() == 4403


async def test_an_idle_socket_is_closed_as_well(server: Server) -> None:
    async with server.with_token(VERGUNNINGEN.token(valid_seconds=SHORT)).socket() as socket:
        assert await socket.closed() == 4403


async def test_an_event_stream_is_broken_off_when_its_token_expires(server: Server) -> None:
    short = server.with_token(VERGUNNINGEN.token(valid_seconds=SHORT))
    async with short.events(POSTVAK, eenheid=server.eenheden["VER"]) as events:
        with pytest.raises(httpx.RemoteProtocolError):
            await events.event()


async def test_a_ping_with_a_new_token_for_the_same_employee_lets_the_socket_live_on(server: Server) -> None:
    eenheid = server.eenheden["VER"]
    short = server.with_token(VERGUNNINGEN.token(valid_seconds=SHORT))
    async with short.socket() as other, short.follow(POSTVAK, eenheid=eenheid) as stream:
        renewal = bearer(VERGUNNINGEN.token())
        await stream.socket.send(renewal)
        assert await stream.socket.receive() == renewal | {"type": "pong"}
        assert await other.closed() == 4403, "the one that was not renewed"
        await new_taak(server.as_(DESK), eenheid)
        assert (await stream.next())["postvak"]["volgnummer"] == 1
        assert (await (await stream.socket.subscribe(ME)).socket.receive())["type"] == "next"


async def test_a_ping_with_a_token_that_ends_sooner_shortens_the_life_of_the_socket(server: Server) -> None:
    async with server.as_(VERGUNNINGEN).socket() as socket:
        await socket.send(bearer(VERGUNNINGEN.token(valid_seconds=SHORT)))
        assert (await socket.receive())["type"] == "pong"
        assert await socket.closed() == 4403


@pytest.mark.parametrize(
    "token",
    [VERGUNNINGEN_COLLEGA.token(), "no token", signed(VERGUNNINGEN, exp=NOW - 1000), signed(VERGUNNINGEN, aud="x")],
    ids=["another employee's", "no token", "an expired one", "one for another audience"],
)
async def test_a_ping_with_a_token_that_does_not_renew_closes_with_4403(server: Server, token: str) -> None:
    async with server.as_(VERGUNNINGEN).socket() as socket:
        await socket.send(bearer(token))
        assert await socket.closed() == 4403


async def test_a_renewal_that_says_otherwise_of_their_departments_holds_for_what_is_open(
    settings: Settings, template: Template
) -> None:
    who = newcomer("VER")
    async with (
        serving(with_figures(settings), template.eenheden) as server,
        server.with_token(signed(who)).follow(POSTVAK, eenheid=server.eenheden["VER"]) as stream,
    ):
        kept = await stream.socket.subscribe(POSTVAK, eenheid=server.eenheden["VER"])
        await until(server, subscriptions=2.0)
        moved = signed(who, eenheden=["BUR"], iat=NOW)
        await stream.socket.send(bearer(moved))
        messages = [await stream.socket.receive() for _ in range(2)]
        assert {message["id"]: message["type"] for message in messages} == {stream.id: "error", kept.id: "error"}
        assert await stream.socket.closed() == 4401, "nothing that they followed is left"
