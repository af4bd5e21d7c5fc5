"""Serving processes of their own, which a test may kill."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import psutil

from app.settings import Settings
from tests.support.client import PATIENCE
from tests.support.commands import start
from tests.support.people import DEMO_KEY
from tests.support.server import Server

_TOLD = ("poll_seconds", "login_seconds", "presence_renew_seconds", "presence_void_seconds", "broker_url")
"""Settings that a process is started with as the test has them."""


@dataclass
class Process:
    """A process that serves, with a client's view of it."""

    process: asyncio.subprocess.Process
    server: Server
    reading: asyncio.Task[tuple[bytes, bytes]]
    said: str
    """What it logged before it listened."""

    async def end(self, how: signal.Signals) -> int:
        """Send it a signal and wait until it has ended; its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def logged(self) -> str:
        """Everything that it wrote to stderr, once it has ended."""
        _, err = await asyncio.wait_for(asyncio.shield(self.reading), PATIENCE)
        return self.said + err.decode()

    async def workers(self) -> list[psutil.Process]:
        """Its serving processes, where it has several."""
        await asyncio.sleep(0)
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if _serves(child)]


@asynccontextmanager
async def serving_process(settings: Settings, eenheden: dict[str, str], **more: str) -> AsyncIterator[Process]:
    """`overdracht serve` on a free port, killed at the end if it still runs. `more` are further settings."""
    told = {name: str(getattr(settings, name)) for name in _TOLD} | {"token_demo_key": DEMO_KEY, "port": "0"} | more
    process = await start(settings.database_url, "serve", **told)
    assert process.stderr is not None
    reading = None
    said = ""
    try:
        port = None
        while port is None:
            line = (await asyncio.wait_for(process.stderr.readline(), PATIENCE)).decode()
            assert line, "it ended before it listened"
            said += line
            if "listening on" in line:
                port = int(line.split(" port ")[1].split(",")[0])
        # A pipe that nobody empties would hold it up.
        reading = asyncio.create_task(process.communicate())
        async with httpx.AsyncClient(timeout=PATIENCE) as http:
            # Several workers listen before they serve.
            assert (await http.get(f"http://127.0.0.1:{port}/graphql")).status_code == 401
            yield Process(process, Server(f"http://127.0.0.1:{port}", eenheden, http), reading, said)
    finally:
        if process.returncode is None:
            for one in psutil.Process(process.pid).children():
                one.kill()
            process.kill()
        await (reading if reading is not None else process.wait())


def _serves(child: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(child.cmdline())
    except psutil.Error:
        # It has just ended.
        return False
