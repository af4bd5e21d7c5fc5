"""What the commands share: reading settings, running a use case, and saying what went wrong in one line."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import typer

from app.domain.refusals import Weigering
from app.logs.lines import STANDARD_OUTPUT
from app.service.organisation import Onbekend
from app.service.verwerkingenlog import Verwerkingenlog
from app.service.writing import OnSystemFacts, Writer, nobody_listens
from app.settings import Settings, SettingsWrong
from app.storage.engine.database import Database
from app.storage.engine.failures import DatabaseOnbereikbaar
from app.storage.migrations.compatibility import DatabaseVerouderd
from app.storage.migrations.migrate import check
from app.storage.write.organisation import IdentificatieBestaat
from app.wiring.listening import PortUnusable
from app.wiring.parts import open_database, verwerkingenlog_lines

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
            async with _written_down(settings) as by_system:
                return await work(database, Writer(database, nobody_listens, by_system=by_system))
        finally:
            await database.close()

    with said_plainly():
        return asyncio.run(run())


@asynccontextmanager
async def _written_down(settings: Settings) -> AsyncIterator[OnSystemFacts]:
    """Have tasks that are laid back written to the processing log, where that is a file: what a command prints is
    for whoever gave it.
    """
    lines = None if settings.verwerkingenlog == STANDARD_OUTPUT else verwerkingenlog_lines(settings)
    if lines is None:
        yield lambda facts: None
        return
    async with lines.running():
        yield Verwerkingenlog(lines.write).by_system
