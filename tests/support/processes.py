"""Servers in separate processes, which a test can kill."""

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
"""The settings of the test that a process is started with."""


@dataclass
class Process:
    """A server's process, with a `Server` to access it."""

    process: Fork
    server: Server
    printed: "asyncio.Future[str]"
    """Everything that it printed on stdout and stderr; done when it has ended."""

    async def end(self, how: signal.Signals) -> int:
        """Send a signal and wait until the process has ended; its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def workers(self) -> list[psutil.Process]:
        """Its worker processes, if it has several."""
        await asyncio.sleep(0)
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if _serves(child)]


@asynccontextmanager
async def serving_process(settings: Settings, eenheden: dict[str, str], **more: str) -> AsyncIterator[Process]:
    """`overdracht serve` on a free port, killed at the end if it still runs. `more` are further settings.

    Fails if a private text of the tests is in its output.
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
        # Read its output, because a full pipe would block it.
        reading = asyncio.create_task(_printed(process, said))
        async with httpx.AsyncClient(timeout=PATIENCE, verify=NO_AUTHORITIES) as http:
            # With several workers the port is open before they serve; wait for the first answer.
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
    """Everything that it printed before, and that it prints until it ends."""
    out, err = await process.communicate()
    return said + out.decode() + err.decode()


def _serves(child: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(child.cmdline())
    except psutil.Error:
        # The process has just ended.
        return False
