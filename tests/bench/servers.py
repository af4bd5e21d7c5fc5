"""Starting either server, as a process of its own on a core of its own, with a fresh database."""

import asyncio
import os
import socket
import sys
import uuid
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import psutil

from app.access.tokens import sign
from app.domain.organisation import NieuweEenheid
from app.service.organisation import Eenheden
from app.service.writing import Writer, nobody_listens
from app.settings import PREFIX, Settings
from app.storage.migrations.migrate import migrate
from app.wiring.login import token_rules
from app.wiring.parts import open_database
from tests.bench.http import Connection
from tests.bench.ledger import Inbox
from tests.bench.machine import Cores, ProcessTree
from tests.bench.plain.tables import make

OURS, PLAIN = "ours", "plain"

_ROOT = Path(__file__).parent.parent.parent
_KEY = "a secret of the measurements that is long enough"
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


class MeasuringFailed(Exception):
    """A workload that came to no figures; the message says why, and has the end of the server's log."""


@dataclass(frozen=True)
class Server:
    """A running server, and the inboxes that can be followed on it."""

    port: int
    tree: ProcessTree
    inboxes: list[Inbox]


@asynccontextmanager
async def running(name: str, inboxes: int, cores: Cores) -> AsyncIterator[Server]:
    """A fresh server, ours or the plain one, with so many inboxes."""
    with TemporaryDirectory(prefix="overdracht-bench-") as directory, TemporaryFile() as log:
        prepare = _prepare_ours if name == OURS else _prepare_plain
        port = _free_port()
        command, variables, found = await prepare(Path(directory), port, inboxes)
        with cores.starting_server():
            process = await _start(command, variables, log.fileno())
        try:
            await _answers(process, port)
            yield Server(port, ProcessTree(process.pid), found)
            if process.returncode is not None:
                raise ConnectionError("the server ended")
        except (OSError, psutil.Error) as error:
            log.seek(0)
            said = log.read().decode(errors="replace")
            raise MeasuringFailed(
                f"{type(error).__name__}: {error}; the server's log ends with: {said[-1500:]}"
            ) from error
        finally:
            await _stop(process)


Prepared = tuple[list[str], Mapping[str, str], list[Inbox]]
"""A command, the environment variables that it needs, and the inboxes that it will have."""


async def _prepare_ours(directory: Path, port: int, inboxes: int) -> Prepared:
    """A migrated database with departments, each with an employee of its own who is let in."""
    url = f"sqlite+aiosqlite:///{directory / 'overdracht.sqlite'}"
    settings = Settings(database_url=url, token_demo_key=_KEY, port=port)
    # Thousands of sockets come from one address here, and in one workload of one employee.
    room = {f"MAX_CONNECTIONS_OF_{whom}": "100000" for whom in ("ADDRESS", "EMPLOYEE")}
    given = {"DATABASE_URL": url, "TOKEN_DEMO_KEY": _KEY, "PORT": str(port), "SQLITE_SYNCHRONOUS": "NORMAL"} | room
    variables = {f"{PREFIX}{name}": value for name, value in given.items()}
    await migrate(url)
    return [sys.executable, "-m", "app", "serve"], variables, await _departments(settings, inboxes)


async def _prepare_plain(directory: Path, port: int, inboxes: int) -> Prepared:
    """A database with departments, each with an employee of its own. Nobody logs in there."""
    file = str(directory / "plain.sqlite")
    command = [sys.executable, "-m", "tests.bench.plain", str(port), file]
    found = [Inbox(str(uuid.uuid4()), None, medewerker_id=str(uuid.uuid4())) for _ in range(inboxes)]
    make(file, [inbox.eenheid_id for inbox in found], [inbox.medewerker_id for inbox in found])
    return command, {}, found


async def _departments(settings: Settings, inboxes: int) -> list[Inbox]:
    database = open_database(settings)
    try:
        adding = Eenheden(database, Writer(database, nobody_listens))
        keys = [f"A{number:03}" for number in range(inboxes)]
        made = [await adding.add(NieuweEenheid(f"Afdeling {key}", key)) for key in keys]
    finally:
        await database.close()
    return [_inbox(settings, eenheid.id, key) for eenheid, key in zip(made, keys, strict=True)]


def _inbox(settings: Settings, eenheid_id: str, key: str) -> Inbox:
    medewerker_id = str(uuid.uuid4())
    return Inbox(eenheid_id, _token(settings, key, medewerker_id), medewerker_id=medewerker_id)


def _token(settings: Settings, key: str, medewerker_id: str) -> str:
    claims = {"sub": medewerker_id, "name": f"Karin Kok {key}", "eenheden": [key], "rollen": ["KCC"]}
    return sign(_KEY, token_rules(settings), claims, valid_seconds=24 * 3600)


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | dict(variables)


async def _start(command: Sequence[str], variables: Mapping[str, str], output: int) -> Process:
    return await asyncio.create_subprocess_exec(
        *command, cwd=_ROOT, env=_environment(variables), stdout=output, stderr=STDOUT
    )


async def _stop(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _answers(process: Process, port: int) -> None:
    """Wait until the server takes connections."""
    connection = Connection(port)
    async with asyncio.timeout(_START_SECONDS):
        while process.returncode is None:
            try:
                (await connection.open()).close()
            except OSError:
                await asyncio.sleep(0.05)
            else:
                return
    raise ConnectionError("the server did not start")
