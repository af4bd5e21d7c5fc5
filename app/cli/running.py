"""Shared by the commands: read the settings, run a use case on the database, and print errors in one line."""

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
    """Turn errors that the user can fix into a message on stderr, without a traceback, and exit code 1."""
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
    """Run a use case on the configured database. Running servers notice its facts by polling."""

    async def run() -> T:
        settings = Settings.read()
        await check(settings.database_url)
        database = open_database(settings)
        try:
            async with _processing_log(settings) as by_system:
                return await work(database, Writer(database, nobody_listens, by_system=by_system))
        finally:
            await database.close()

    with said_plainly():
        return asyncio.run(run())


@asynccontextmanager
async def _processing_log(settings: Settings) -> AsyncIterator[OnSystemFacts]:
    """A callback that writes tasks that are given back to the processing log.

    It writes nothing if the log goes to standard output, because a command's output is for its user.
    """
    lines = None if settings.verwerkingenlog == STANDARD_OUTPUT else verwerkingenlog_lines(settings)
    if lines is None:
        yield lambda facts: None
        return
    async with lines.running():
        yield Verwerkingenlog(lines.write).by_system
