"""In the demo the user chooses which employee they are, and gets a token of that employee."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from time import time

import httpx
import jwt
import pytest

from app.demo.history import Filler
from app.demo.login import DemoLogin
from app.demo.people import MEDEWERKERS, DemoMedewerker
from app.service.writing import Writer, nobody_listens
from app.settings import Settings
from app.storage.migrations.migrate import migrate
from app.wiring.parts import open_database
from tests.support.client import JSON
from tests.support.databases import Databases
from tests.support.screens import build
from tests.support.server import Server, application, serving, settings_on

pytestmark = pytest.mark.database("sqlite")

IK = "{ ik { rollen medewerker { id naam } postvakken { organisatorischeEenheid { naam } } } }"

MINUTE = 60


async def fill(url: str) -> None:
    await migrate(url)
    settings = settings_on(url)
    database = open_database(settings)
    try:
        await Filler(database, Writer(database, nobody_listens), settings).fill()
    finally:
        await database.close()


@pytest.fixture(scope="module")
def filled_once(databases: Databases) -> Iterator[str]:
    """A database with the employees of the demo, which is copied."""
    with databases.new() as url:
        asyncio.run(fill(url))
        yield url


@pytest.fixture
def filled(filled_once: str, databases: Databases) -> Iterator[Settings]:
    """Settings on a copy of it."""
    with databases.new(filled_once) as url:
        yield settings_on(url)


@pytest.fixture
async def demo(filled: Settings) -> AsyncIterator[Server]:
    """A server to which one logs in by choosing; its tokens are valid for a minute."""
    routes = DemoLogin(filled, valid_seconds=MINUTE).routes()
    async with serving(filled, {}, create=partial(application, demo_login=routes)) as running:
        yield running


async def chosen(server: Server, body: JSON | bytes, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": "application/json"} | headers
    return await server.http.post(f"{server.url}/demo/token", content=content, headers=sent)


def expiry(token: str) -> int:
    exp: int = jwt.decode(token, options={"verify_signature": False})["exp"]
    return exp


async def test_everybody_is_offered_by_name_role_and_department(demo: Server) -> None:
    offered = (await demo.http.get(f"{demo.url}/demo/medewerkers")).json()
    assert [who["key"] for who in offered] == [wie.key for wie in MEDEWERKERS]
    by_key = {who.pop("key"): who for who in offered}
    assert by_key["desk"] == {"naam": "Karin Kok", "rol": "KCC", "eenheid": "Klantcontactcentrum"}
    assert by_key["vergunningen_en_burgerzaken"]["eenheid"] == "Afdeling vergunningen en Burgerzaken"
    assert {who["rol"] for who in by_key.values()} == {"KCC", "BEHANDELAAR", "LEZER", "TOEZICHTHOUDER"}


@pytest.mark.parametrize("wie", MEDEWERKERS, ids=lambda wie: wie.key)
async def test_who_is_chosen_is_logged_in_and_stays_so_with_every_next_token(
    demo: Server, wie: DemoMedewerker
) -> None:
    before = int(time())
    tokens = [(await chosen(demo, {"medewerker": wie.key})).json() for _ in range(2)]
    for given in tokens:
        assert before + MINUTE <= given["verlooptOp"] <= expiry(given["token"]) <= time() + MINUTE
    for given in (*tokens, tokens[0]):
        ik = (await demo.with_token(given["token"]).data(IK))["ik"]
        assert ik["medewerker"] == {"id": wie.id, "naam": wie.naam}
        assert ik["rollen"] == [wie.rol.value]
        assert len(ik["postvakken"]) == len(wie.eenheden)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"medewerker": NaN}', [], "desk", None, {}, {"medewerker": None}, {"medewerker": ["desk"]},
     {"medewerker": "niemand"}, {"medewerker": ""}, {"medewerker": "desk" + " " * 2_000}],
    ids=repr,
)  # fmt: skip
async def test_who_is_not_there_is_refused(demo: Server, body: JSON | bytes) -> None:
    assert (await chosen(demo, body)).status_code == 400


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=x"]
)
async def test_what_a_page_could_send_without_asking_first_is_refused(demo: Server, kind: str) -> None:
    refused = await chosen(demo, {"medewerker": "desk"}, **{"content-type": kind})
    assert (refused.status_code, "token" in refused.text) == (415, False)


async def test_a_page_of_another_origin_is_refused_and_our_own_is_not(demo: Server) -> None:
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert (await chosen(demo, {"medewerker": "desk"}, **headers)).status_code == 403
    assert (await chosen(demo, {"medewerker": "desk"}, origin=demo.url)).status_code == 200


async def test_a_token_is_asked_by_post_only_and_kept_nowhere(demo: Server) -> None:
    given = await chosen(demo, {"medewerker": "desk"})
    assert given.headers["cache-control"] == "no-store"
    assert (await demo.http.get(f"{demo.url}/demo/token")).status_code == 405


async def test_the_screens_are_told_that_one_chooses(filled: Settings, tmp_path: Path) -> None:
    shows = filled.model_copy(update={"screens": True})
    create = partial(application, demo_login=DemoLogin(filled).routes(), screens=build(tmp_path / "screens"))
    async with serving(shows, {}, create=create) as server:
        told = (await server.http.get(f"{server.url}/config.json")).json()
    assert told == {"login": "demo", "graphiql": False}


async def test_a_server_that_is_no_demo_gives_nobody_a_token(server: Server) -> None:
    assert (await chosen(server, {"medewerker": "desk"})).status_code == 404
    assert (await server.http.get(f"{server.url}/demo/medewerkers")).status_code == 404
