"""Proxies: what they say of who calls is believed of those that are named, and of nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import websockets
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from app.settings import Settings, SettingsWrong
from app.wiring.listening import listen, make_server
from tests.support.client import JSON, PATIENCE
from tests.support.http import send
from tests.support.server import NO_AUTHORITIES, serving
from tests.support.template import Template
from tests.support.waiting import until

CALLER = "192.0.2.7"

FORWARDED = {"x-forwarded-for": CALLER, "x-forwarded-proto": "https"}


async def show(request: Request) -> JSONResponse:
    return JSONResponse([request.scope["client"][0], request.scope["scheme"]])


async def show_on_socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_json([socket.scope["client"][0], socket.scope["scheme"]])
    await socket.close()


@asynccontextmanager
async def showing(trusted: str) -> AsyncIterator[int]:
    """A server that shows who calls, and its port."""
    app = Starlette(routes=[Route("/", show), WebSocketRoute("/ws", show_on_socket)])
    with listen("127.0.0.1", 0) as listener:
        server = make_server(app, Settings(trusted_proxies=trusted))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        await until(lambda: server.started)
        yield listener.getsockname()[1]
        server.should_exit = True
        await asyncio.wait_for(running, PATIENCE)


async def seen(port: int, headers: dict[str, str]) -> tuple[JSON, JSON]:
    """Who calls and by which scheme, as the application has it over HTTP and over WebSocket."""
    async with httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        over_http = (await http.get(f"http://127.0.0.1:{port}/", headers=headers)).json()
    async with websockets.connect(f"ws://127.0.0.1:{port}/ws", additional_headers=headers) as socket:
        return over_http, json.loads(await socket.recv())


@pytest.mark.parametrize("trusted", ["", "192.0.2.0/24,10.0.0.1"])
async def test_nobody_is_believed_who_is_not_named_not_even_on_this_machine(trusted: str) -> None:
    async with showing(trusted) as port:
        assert await seen(port, FORWARDED) == (["127.0.0.1", "http"], ["127.0.0.1", "ws"])


@pytest.mark.parametrize("trusted", ["127.0.0.1", "10.0.0.1, 127.0.0.0/8"])
async def test_a_named_proxy_is_believed_over_http_and_over_websocket(trusted: str) -> None:
    async with showing(trusted) as port:
        assert await seen(port, FORWARDED) == ([CALLER, "https"], [CALLER, "wss"])
        assert await seen(port, {}) == (["127.0.0.1", "http"], ["127.0.0.1", "ws"])


async def test_what_a_caller_wrote_before_their_own_address_is_not_believed() -> None:
    async with showing("127.0.0.1,10.0.0.0/8") as port:
        for said in (f"198.51.100.1, {CALLER}", f"198.51.100.1, {CALLER}, 10.1.2.3", f"nonsense,{CALLER}:4711"):
            over_http, over_websocket = await seen(port, FORWARDED | {"x-forwarded-for": said})
            assert over_http[0] == over_websocket[0] == CALLER, said


async def test_the_servers_own_origin_is_the_one_that_a_named_proxy_tells(
    settings: Settings, template: Template
) -> None:
    trusting = settings.model_copy(update={"trusted_proxies": ("127.0.0.1",)})
    async with serving(trusting, template.eenheden) as server:
        origin = {"origin": server.url.replace("http", "https")}
        secure = origin | FORWARDED
        assert (await send(server, {"query": "{ kanalen }"}, headers=secure)).status_code == 200
        assert (await send(server, {"query": "{ kanalen }"}, headers=origin)).status_code == 403
        async with websockets.connect(server.graphql_ws, additional_headers=secure):
            pass


@pytest.mark.parametrize("wrong", ["*", "proxy.example", "10.0.0.1/8", "127.0.0.1:80"])
def test_a_proxy_that_is_no_address_and_no_network_is_named_with_what_is_accepted(wrong: str) -> None:
    with pytest.raises(SettingsWrong, match=r"OVERDRACHT_TRUSTED_PROXIES: .*addresses or networks"):
        Settings.read(trusted_proxies=f"10.0.0.1,{wrong}")
