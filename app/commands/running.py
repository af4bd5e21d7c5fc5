"""What the commands share: reading settings, running a use case, and saying what went wrong in one line."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer

from app.domain.refusals import Weigering
from app.parts import open_database
from app.server.listening import PortUnusable
from app.service.organisation import Onbekend
from app.service.writing import Writer, nobody_listens
from app.settings import Settings, SettingsWrong
from app.storage.database import Database
from app.storage.failures import DatabaseOnbereikbaar
from app.storage.migrate import DatabaseVerouderd, check
from app.storage.organisation import IdentificatieBestaat

T = TypeVar("T")


@contextmanager
def said_plainly() -> Iterator[None]:
    """End the program with a message for what the user can mend, without a traceback."""
    try:
        yield
    except (SettingsWrong, DatabaseVerouderd, DatabaseOnbereikbaar, PortUnusable, Onbekend) as error:
        message = str(error)
    except IdentificatieBestaat:
        message = "Another department has this identificatie."
    except Weigering as refused:
        message = refused.bericht
    else:
        return
    typer.echo(message, err=True)
    raise typer.Exit(1)


def on_database(work: Callable[[Database, Writer], Awaitable[T]]) -> T:
    """Run a use case on the configured database. Servers find what it wrote by their poll."""

    async def run() -> T:
        settings = Settings.read()
        await check(settings.database_url)
        database = open_database(settings)
        try:
            return await work(database, Writer(database, nobody_listens))
        finally:
            await database.close()

    with said_plainly():
        return asyncio.run(run())
