"""Slow readers hurt only themselves: little waits for them, they miss nothing; who takes nothing is sent away."""

import asyncio
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.client import JSON, PATIENCE, Client
from tests.support.figures import figures, until, with_figures
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import serving
from tests.support.slow import SMALL, impatient, slow_events, slow_socket
from tests.support.template import Template

# What waits for a client waits wherever it was read.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer toelichting interneTaak { id } }
}
"""

NOTE = """
mutation ($input: VoegToelichtingToeInput!) {
  voegToelichtingToe(input: $input) { ... on InterneTaakGewijzigd { interneTaak { versie } } }
}
"""

LOGBOEK = "query ($id: ID!) { interneTaak(id: $id) { logboek { toelichting } } }"

FACTS = 160
"""So many of more than a thousand bytes: far more than may wait, and than the operating system's buffers hold."""


async def add_notes(desk: Client, task: str, count: int) -> None:
    for _ in range(count):
        await desk.data(NOTE, input={"id": task, "toelichting": "n" * 1000})


def numbers(facts: list[JSON]) -> list[int]:
    return [fact["postvak"]["volgnummer"] for fact in facts]


async def test_stalled_and_crawling_readers_hold_up_nobody_and_miss_nothing(
    settings: Settings, template: Template
) -> None:
    async with serving(with_figures(impatient(settings)), template.eenheden, send_buffer=SMALL) as server:
        eenheid, inbox, desk = server.eenheden["VER"], server.as_(VERGUNNINGEN), server.as_(DESK)
        task = (await new_taak(desk, eenheid))["id"]
        async with (
            inbox.follow(POSTVAK, eenheid=eenheid) as quick,
            slow_socket(inbox, POSTVAK, eenheid=eenheid) as crawling,
            slow_socket(server.as_(VERGUNNINGEN_COLLEGA), POSTVAK, eenheid=eenheid) as stalled,
            slow_events(inbox, POSTVAK, eenheid=eenheid) as events,
        ):
            crawled, most_pending = [], 0.0
            for number in range(2, FACTS + 2):
                await add_notes(desk, task, 1)
                assert (await quick.next())["postvak"]["volgnummer"] == number
                if number % 10 == 0:
                    crawled.append(await crawling.crawl())
                    most_pending = max(most_pending, (await figures(server))["pending_bytes"])
            assert 0 < most_pending <= 3 * 16_384
            # A slow reader may just have read everything: how much their own side buffers in advance is not known.
            assert (await figures(server))["subscriptions_catching_up"] in (2, 3)
            crawling.go_on()
            stalled.go_on()
            everything = list(range(2, FACTS + 2))
            assert (
                numbers(crawled + [await crawling.stream.next() for _ in everything[len(crawled) :]]) == everything
            )
            assert numbers([await stalled.stream.next() for _ in everything]) == everything
            streamed = [await events.event() for _ in everything]
            assert [event.id for event in streamed] == [str(number) for number in everything]
            assert numbers([event.data["data"] for event in streamed]) == everything
            # They have rejoined those who keep up.
            await until(server, subscriptions_catching_up=0.0)
            made = (await figures(server))["payloads_made_total"]
            await add_notes(desk, task, 1)
            for reader in (quick, crawling.stream, stalled.stream, events):
                assert (await reader.next())["postvak"]["volgnummer"] == FACTS + 2
            assert (await figures(server))["payloads_made_total"] == made + 1


async def test_who_takes_nothing_is_closed_with_1013_and_comes_back_where_they_were(
    settings: Settings, template: Template
) -> None:
    brief = with_figures(impatient(settings, silence_seconds=0.6))
    async with serving(brief, template.eenheden, send_buffer=SMALL) as server:
        eenheid, inbox, desk = server.eenheden["VER"], server.as_(VERGUNNINGEN), server.as_(DESK)
        task = (await new_taak(desk, eenheid))["id"]
        async with (
            slow_socket(inbox, POSTVAK, eenheid=eenheid) as stalled,
            # Nothing comes for this one, and it does not answer.
            slow_socket(desk, POSTVAK, eenheid=server.eenheden["KCC"]) as silent,
        ):
            await add_notes(desk, task, FACTS)
            await until(server, open_connections=0.0)
            got, nothing = numbers(await stalled.until_closed()), await silent.until_closed()
            assert stalled.stream.socket.ws.close_code == silent.stream.socket.ws.close_code == 1013
        assert len(got) < FACTS
        async with inbox.follow(POSTVAK, eenheid=eenheid, na=got[-1] if got else 1) as again:
            rest = numbers([await again.next() for _ in range(FACTS - len(got))])
        assert got + rest == list(range(2, FACTS + 2))
        assert nothing == []


async def test_who_answers_stays_however_little_there_is_to_take(settings: Settings, template: Template) -> None:
    brief = with_figures(impatient(settings, silence_seconds=0.3))
    async with serving(brief, template.eenheden) as server:
        eenheid, inbox = server.eenheden["VER"], server.as_(VERGUNNINGEN)
        async with (
            inbox.follow(POSTVAK, eenheid=eenheid) as quiet,
            inbox.events(POSTVAK, eenheid=eenheid) as events,
        ):
            for _ in range(3):
                # Came later than the others, and is sent away before them.
                async with slow_socket(inbox, POSTVAK, eenheid=eenheid) as silent:
                    await until(server, open_connections=2.0)
                    assert await silent.until_closed() == []
            await new_taak(server.as_(DESK), eenheid)
            assert (await quiet.next())["postvak"]["volgnummer"] == 1
            assert (await events.next())["postvak"]["volgnummer"] == 1


async def test_who_only_sends_and_takes_nothing_is_closed_too_and_no_answers_pile_up_for_them(
    settings: Settings, template: Template
) -> None:
    brief = with_figures(impatient(settings, silence_seconds=1.5, max_messages=1_000_000))
    async with serving(brief, template.eenheden, send_buffer=SMALL) as server:
        eenheid, inbox, desk = server.eenheden["VER"], server.as_(VERGUNNINGEN), server.as_(DESK)
        task = (await new_taak(desk, eenheid))["id"]
        await add_notes(desk, task, FACTS)
        async with slow_socket(inbox, POSTVAK, eenheid=eenheid) as stalled:
            ws = stalled.stream.socket.ws
            await stalled.stream.socket.subscribe(POSTVAK, eenheid=eenheid, na=0)
            most_pending = 0.0
            async with asyncio.timeout(PATIENCE):
                while (now := await figures(server))["open_connections"]:
                    most_pending = max(most_pending, now["pending_bytes"])
                    for _ in range(200):
                        ws.protocol.send_ping(b"p" * 100)
                    ws.transport.write(b"".join(ws.protocol.data_to_send()))
            assert 0 < most_pending <= 2 * 16_384
            stalled.go_on()
            with suppress(ConnectionClosed):
                while True:
                    await stalled.stream.socket.receive()
            assert ws.close_code == 1013


async def test_answers_for_who_was_sent_away_meanwhile_are_no_error_of_ours(
    settings: Settings, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    brief = with_figures(impatient(settings, silence_seconds=0.6))
    async with serving(brief, template.eenheden, send_buffer=SMALL) as server:
        eenheid, inbox, desk = server.eenheden["VER"], server.as_(VERGUNNINGEN), server.as_(DESK)
        task = (await new_taak(desk, eenheid))["id"]
        await add_notes(desk, task, 40)
        async with slow_socket(inbox, POSTVAK, eenheid=eenheid) as stalled:
            socket = stalled.stream.socket
            for _ in range(3):
                await socket.subscribe(LOGBOEK, id=task)
            await until(server, open_connections=0.0)
            stalled.go_on()
            with suppress(ConnectionClosed):
                while True:
                    await socket.receive()
            assert socket.ws.close_code == 1013
    assert [record.getMessage() for record in caplog.records if record.name.startswith("app.")] == []
