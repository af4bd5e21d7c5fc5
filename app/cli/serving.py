"""The commands serve, migrate, schema, settings and token."""

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from starlette.applications import Starlette

from app.access.tokens import sign
from app.cli.running import said_plainly
from app.common.garbage import settle
from app.domain.model import Rol
from app.graphql.schema import build_schema, sdl
from app.logs.formats import log_to_stderr
from app.settings import Settings, SettingsWrong
from app.settings.described import page as settings_page
from app.storage.migrations.migrate import check
from app.storage.migrations.migrate import migrate as migrate_database
from app.wiring.application import GRAPHQL_PATH
from app.wiring.asgi import create_app
from app.wiring.listening import listen, make_server, make_workers
from app.wiring.login import token_keys, token_rules

log = logging.getLogger(__name__)

_WORKERS = "OVERDRACHT_WORKERS_DIRECTORY"
"""The environment variable with the private directory that the server processes of one parent share."""


def serve(
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="The number of processes; by default OVERDRACHT_WORKERS.")
    ] = None,
) -> None:
    """Serve the API on OVERDRACHT_HOST and OVERDRACHT_PORT."""
    with said_plainly():
        settings = Settings.read() if workers is None else Settings.read(workers=workers)
        _log(settings)
        app = create_app(settings)
        asyncio.run(check(settings.database_url))
        listener = listen(settings.host, settings.port, send_buffer=settings.send_buffer_bytes)
    with listener:
        host, port, *_ = listener.getsockname()
        log.info("listening on %s port %s, path %s", host, port, GRAPHQL_PATH)
        if settings.workers == 1:
            settle()
            make_server(app, settings).run(sockets=[listener])
        else:
            _warn_of_neighbours(settings)
            factory = f"{__name__}:{worker_app.__name__}"
            with TemporaryDirectory(prefix="overdracht-") as directory:
                # The environment is the only way to pass something to the worker processes.
                os.environ[_WORKERS] = directory
                make_workers(factory, listener, settings).run()


def worker_app() -> Starlette:
    """The application of one of several server processes, configured by its environment."""
    settings = Settings.read()
    _log(settings)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    app = create_app(settings, workers=Path(os.environ[_WORKERS]))
    settle()
    return app


def _end_with_parent() -> None:
    """Stop when the parent process has ended: if it is killed, it cannot stop its workers, which keep the port."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _log(settings: Settings) -> None:
    log_to_stderr(as_json=settings.log_format == "json", level=settings.log_level)


def _warn_of_neighbours(settings: Settings) -> None:
    """Warn about settings with which several processes work less well."""
    if settings.database_url.startswith("sqlite"):
        log.warning("several processes wait unfairly for one SQLite file; PostgreSQL is made for them")
    if settings.broker_url.startswith("memory:"):
        log.warning("without Redis processes find each other's facts by polling only")


def migrate() -> None:
    """Upgrade the database to this version, and print its version; an empty database gets all tables.

    Servers of the previous version can keep running meanwhile. It is safe to run this command several times at
    once.
    """
    with said_plainly():
        url = Settings.read().database_url
        asyncio.run(migrate_database(url, tell=typer.echo))
        version = asyncio.run(check(url))
    typer.echo(f"The database is at version {version}.")


def schema() -> None:
    """Print the GraphQL schema in the schema definition language."""
    typer.echo(sdl(build_schema()), nl=False)


def describe_settings() -> None:
    """Print every setting with its default and meaning, as Markdown."""
    typer.echo(settings_page(), nl=False)


def token(
    subject: Annotated[str, typer.Option(help="The employee: a UUID, or any text by which the issuer knows them.")],
    name: Annotated[str, typer.Option(help="Their name.")],
    eenheid: Annotated[
        list[str], typer.Option(help="A department, by id or identificatie; can be repeated, the first one first.")
    ],
    rol: Annotated[list[Rol], typer.Option(help="Their role; can be repeated.")],
    hours: Annotated[int, typer.Option(min=1, help="How many hours it is valid.")] = 12,
) -> None:
    """Print a signed token for development. Needs OVERDRACHT_TOKEN_DEMO_KEY."""
    with said_plainly():
        settings = Settings.read()
        if not settings.token_demo_key:
            raise SettingsWrong(
                "Tokens are made with OVERDRACHT_TOKEN_DEMO_KEY only; your issuer makes the real ones."
            )
        token_keys(settings)
        rules = token_rules(settings)
    claims = rules.names.as_claims(subject, name, eenheid, rol)
    typer.echo(sign(settings.token_demo_key, rules, claims, valid_seconds=hours * 3600))
