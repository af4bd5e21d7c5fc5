"""By which names a server is called, and by which methods; and clients of HTTP/1.0."""

import asyncio
import logging
import re

import pytest
import websockets

from app.demo.run import demo_settings
from app.settings import Settings, SettingsWrong
from tests.support.arrange import new_taak
from tests.support.client import PATIENCE
from tests.support.figures import with_figures
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.raw import connected, exchanged, request, status
from tests.support.server import Server, serving
from tests.support.template import Template

# Requests are refused before anything is read.
pytestmark = pytest.mark.database("sqlite")

OWN = "overdracht.gemeente.example"
TOKEN = f"authorization: Bearer {DESK.token()}"
KANALEN = "/graphql?query={kanalen}"
FOLLOW = "/graphql?query=subscription{{postvak(organisatorischeEenheidId:%22{}%22,na:0){{volgnummer}}}}"
HEALTH = ("/livez", "/readyz", "/metrics")


def named(settings: Settings, *hosts: str) -> Settings:
    return with_figures(settings).model_copy(update={"hosts": hosts, "screens": False, "graphiql": True})


async def asked(server: Server, path: str, host: str, *headers: str) -> int:
    sent = request("GET", path, TOKEN, "connection: close", *headers).replace(b"overdracht", host.encode(), 1)
    return status(await exchanged(server, sent))


@pytest.mark.parametrize("host", [OWN, OWN.upper(), f"{OWN}:8000", f"{OWN}.", "[::1]", "[::1]:443"])
async def test_a_server_answers_to_its_own_names_whatever_the_port(
    settings: Settings, template: Template, host: str
) -> None:
    async with serving(named(settings, OWN, "[::1]"), template.eenheden) as server:
        assert await asked(server, KANALEN, host) == 200
        assert await asked(server, "/graphiql", host) in (200, 404)


@pytest.mark.parametrize(
    "host", ["kwaad.example", f"{OWN}.kwaad.example", f"kwaad.{OWN}", "127.0.0.1", "", "[::2]"]
)
async def test_under_any_other_name_nothing_is_answered_but_how_it_is(
    settings: Settings, template: Template, host: str
) -> None:
    async with serving(named(settings, OWN, "[::1]"), template.eenheden) as server:
        for path in (KANALEN, "/graphiql", "/", "/nergens"):
            assert await asked(server, path, host) == 421
        for path in HEALTH:
            assert await asked(server, path, host) != 421


async def test_a_page_that_leads_its_own_name_here_opens_no_socket(settings: Settings, template: Template) -> None:
    async with serving(named(settings, OWN), template.eenheden) as server:
        for host, origin in (("kwaad.example", "http://kwaad.example"), ("kwaad.example", None)):
            with pytest.raises(websockets.InvalidStatus) as refused:
                await websockets.connect(
                    server.graphql_ws.replace("127.0.0.1", host),
                    host="127.0.0.1",
                    origin=origin,  # type: ignore[arg-type] # a NewType of str
                    subprotocols=["graphql-transport-ws"],  # type: ignore[list-item] # a NewType of str
                    open_timeout=PATIENCE,
                )
            assert refused.value.response.status_code == 421


async def test_without_names_every_name_is_answered_and_the_log_warns(
    settings: Settings, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with serving(named(settings), template.eenheden) as server:
            assert await asked(server, KANALEN, "hoe-dan-ook.example") == 200
    assert [record.message for record in caplog.records if "OVERDRACHT_HOSTS" in record.message]


@pytest.mark.parametrize("name", ["overdracht.example:8000", "https://overdracht.example", "*.example", "", "a b"])
def test_a_name_that_is_none_is_refused_at_the_start(name: str) -> None:
    with pytest.raises(SettingsWrong, match="OVERDRACHT_HOSTS"):
        Settings.read(hosts=[name])


def test_the_demo_answers_to_the_names_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert demo_settings(tmp_path_factory.mktemp("demo")).hosts == ("127.0.0.1", "localhost", "[::1]")


@pytest.mark.parametrize("path", ["/graphql/", "/livez/", "//kwaad.example/", "//kwaad.example/graphql/"])
async def test_nothing_is_redirected_to_a_host_that_a_client_sent(server: Server, path: str) -> None:
    answer = await exchanged(server, request("GET", path, TOKEN, "connection: close"))
    assert status(answer) == 404
    assert b"location:" not in answer


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "POST"])
@pytest.mark.parametrize("path", ["/livez", "/readyz", "/graphiql"])
async def test_what_is_read_only_says_by_which_methods(
    settings: Settings, template: Template, method: str, path: str
) -> None:
    async with serving(named(settings), template.eenheden) as server:
        answer = await exchanged(server, request(method, path, "connection: close", "content-length: 0"))
        assert status(answer) == 405
        allowed = re.search(rb"\r\nallow: (.*)\r\n", answer)
        assert allowed is not None
        assert set(allowed[1].split(b", ")) == {b"GET", b"HEAD"}


@pytest.mark.parametrize("host", [b"host: overdracht\r\n", b""])
async def test_a_client_of_http_1_0_is_answered_without_chunks(
    settings: Settings, template: Template, host: bytes
) -> None:
    sent = request("GET", KANALEN, TOKEN).replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"host: overdracht\r\n", host)
    async with serving(named(settings), template.eenheden) as server:
        head, _, body = (await exchanged(server, sent)).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head
    assert b"connection: close" in head
    assert b"content-length: %d" % len(body) in head
    assert body.startswith(b'{"data":')


async def test_events_reach_a_client_of_http_1_0_as_they_come_and_without_chunks(server: Server) -> None:
    eenheid = server.eenheden["VER"]
    token = f"authorization: Bearer {VERGUNNINGEN.token()}"
    sent = request("GET", FOLLOW.format(eenheid), token, "accept: text/event-stream")
    reader, writer = await connected(server)
    writer.write(sent.replace(b"HTTP/1.1", b"HTTP/1.0"))
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    assert status(head) == 200
    assert b"transfer-encoding" not in head
    assert b"connection: close" in head
    for number in (1, 2):
        await new_taak(server.as_(DESK), eenheid)
        said = await asyncio.wait_for(reader.readuntil(b'"volgnummer":%d}}}\n\n' % number), PATIENCE)
        assert not re.search(rb"(^|\n)[0-9a-f]+\r\n", said)
    writer.close()
