"""Running the demo: fill the database, serve it, play the case, and keep serving."""

import asyncio
import secrets
from pathlib import Path

import uvicorn

from app.common.garbage import settle
from app.demo import guide, story
from app.demo.history import Filler
from app.demo.login import DemoLogin
from app.demo.people import EENHEDEN, MEDEWERKERS
from app.service.writing import Writer, nobody_listens
from app.settings import Settings, SettingsWrong
from app.storage.migrations.migrate import migrate
from app.web.spa import are_built
from app.wiring.application import GRAPHQL_PATH
from app.wiring.asgi import create_app
from app.wiring.listening import listen, make_server
from app.wiring.parts import open_database

_TOKEN_SECONDS = 7 * 24 * 3600


def demo_settings(data: Path) -> Settings:
    """Settings with a database and a secret key in the data directory, which is created if it does not exist.

    Raises `SettingsWrong` if it cannot be created.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsWrong(f"{data} cannot be a directory for data: {error.strerror}.") from None
    key = data / "demo.key"
    if not key.exists() or len(key.read_text()) < 32:
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48))
    return Settings.read(
        database_url=f"sqlite+aiosqlite:///{data.resolve() / 'overdracht.sqlite'}",
        token_demo_key=key.read_text(),
        token_key_file=None,
        token_jwks_file=None,
        oidc_issuer=None,
        claim_eenheden_map=(),
        claim_rollen_map=(),
        oidc_client_id=None,
        # Other host names are refused: a web page could point its own name here to read the tokens (DNS rebinding).
        hosts=("127.0.0.1", "localhost", "[::1]"),
        screens=True,
        graphiql=True,
        introspection=True,
        verwerkingenlog=str(data.resolve() / "verwerkingenlog.jsonl"),
    )


async def run(data: Path, port: int) -> None:
    """Fill the database, serve it on loopback, play the case once, print what the user can do, and keep serving."""
    settings = demo_settings(data)
    await migrate(settings.database_url)
    ids = await _fill(settings)
    with listen("127.0.0.1", port, send_buffer=settings.send_buffer_bytes) as listener:
        login = DemoLogin(settings)
        server = make_server(create_app(settings, demo_login=login.routes()), settings)
        settle()
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        facts = _facts(login, listener.getsockname()[1], ids)
        await asyncio.gather(serving, _play(server, serving, facts, data))


async def _fill(settings: Settings) -> dict[str, str]:
    database = open_database(settings)
    try:
        return await Filler(database, Writer(database, nobody_listens), settings).fill()
    finally:
        await database.close()


async def _play(server: uvicorn.Server, serving: asyncio.Task[None], facts: guide.DemoFacts, data: Path) -> None:
    while not server.started:
        if serving.done():
            return
        await asyncio.sleep(0.01)
    guide.show_screens(facts)
    print("Case C0534, gespeeld via de API; de tijd loopt vanaf de registratie:\n")
    try:
        await story.play(facts.ws, facts.tokens, facts.eenheden["vergunningen"])
    except Exception as error:
        # The user may have deactivated a department or employee of the case. That must not end the demo.
        print(f"  De case kan met deze gegevens niet worden gespeeld ({type(error).__name__}).")
    guide.show(facts, guide.write(facts, data))


def _facts(login: DemoLogin, port: int, ids: dict[str, str]) -> guide.DemoFacts:
    address = f"127.0.0.1:{port}"
    return guide.DemoFacts(
        screens=f"http://{address}/" if are_built() else None,
        url=f"http://{address}{GRAPHQL_PATH}",
        ws=f"ws://{address}{GRAPHQL_PATH}",
        tokens={who.key: login.token(who, valid_seconds=_TOKEN_SECONDS) for who in MEDEWERKERS},
        eenheden={eenheid.key: ids[eenheid.identificatie] for eenheid in EENHEDEN},
        medewerkers={who.key: who.id for who in MEDEWERKERS},
    )
