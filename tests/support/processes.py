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
from tests.support.forks import Fork
from tests.support.people import DEMO_KEY
from tests.support.privacy import found_in
from tests.support.server import NO_AUTHORITIES, Server

_TOLD = ("poll_seconds", "login_seconds", "presence_renew_seconds", "presence_void_seconds", "broker_url")
"""Settings that a process is started with as the test has them."""


@dataclass
class Process:
    """A process that serves, with a client's view of it."""

    process: Fork
    server: Server
    printed: "asyncio.Future[str]"
    """All that it printed, on both of its outputs, when it has ended."""

    async def end(self, how: signal.Signals) -> int:
        """Send it a signal and wait until it has ended; its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def workers(self) -> list[psutil.Process]:
        """Its serving processes, where it has several."""
        await asyncio.sleep(0)
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if _serves(child)]


@asynccontextmanager
async def serving_process(settings: Settings, eenheden: dict[str, str], **more: str) -> AsyncIterator[Process]:
    """`overdracht serve` on a free port, killed at the end if it still runs. `more` are further settings.

    Whatever it printed, nothing that the tests register is in it.
    """
    told = {name: str(getattr(settings, name)) for name in _TOLD} | {"token_demo_key": DEMO_KEY, "port": "0"} | more
    process = await start(settings.database_url, "serve", **told)
    reading = None
    try:
        port, said = None, ""
        while port is None:
            line = (await asyncio.wait_for(process.stderr.readline(), PATIENCE)).decode()
            assert line, "it ended before it listened"
            said += line
            if "listening on" in line:
                port = int(line.split(" port ")[1].split(",")[0])
        # A pipe that nobody empties would hold it up.
        reading = asyncio.create_task(_printed(process, said))
        async with httpx.AsyncClient(timeout=PATIENCE, verify=NO_AUTHORITIES) as http:
            # Several workers listen before they serve.
            assert (await http.get(f"http://127.0.0.1:{port}/graphql")).status_code == 401
            yield Process(process, Server(f"http://127.0.0.1:{port}", eenheden, http), reading)
    finally:
        if process.returncode is None:
            for one in psutil.Process(process.pid).children():
                one.kill()
            process.kill()
        await (reading if reading is not None else process.wait())
    assert found_in(reading.result()) == []


async def _printed(process: Fork, said: str) -> str:
    """What it said before, and all that it prints until it ends."""
    out, err = await process.communicate()
    return said + out.decode() + err.decode()


def _serves(child: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(child.cmdline())
    except psutil.Error:
        # It has just ended.
        return False
