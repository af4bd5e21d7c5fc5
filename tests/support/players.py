"""Clients of the README's recipes, each in a separate process, controlled by a test."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.support.client import JSON, PATIENCE
from tests.support.node import CLIENTS, NODE

OVER_GRAPHQL_WS = ["graphql-ws", "apollo", "urql", "relay"]
KINDS = [*OVER_GRAPHQL_WS, "graphql-sse", "gql"]
"""The clients that the README has a recipe for."""
CACHING = ["apollo", "urql", "relay"]
"""The clients with a cache of objects by id."""


@dataclass
class Feed:
    """The results of a command that has several."""

    lines: asyncio.Queue[JSON] = field(default_factory=asyncio.Queue)

    async def next(self) -> JSON:
        """The next data, which must come without an error."""
        line = await asyncio.wait_for(self.lines.get(), PATIENCE)
        assert "error" not in line, line
        return line["data"]

    async def refused(self) -> list[str]:
        """The codes of the errors, which must come next."""
        line = await asyncio.wait_for(self.lines.get(), PATIENCE)
        return [error["extensions"]["code"] for error in line["error"]]

    def is_quiet(self) -> bool:
        """Whether all results so far were read."""
        return self.lines.empty()


class Player:
    """A logged-in client that gets commands as lines of JSON and prints their results as lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = count()
        self.closed = Feed()
        """The codes with which its WebSockets are closed; only for graphql-ws."""
        self._ready = asyncio.Event()
        self._feeds: dict[int | str, Feed] = {"closed": self.closed}

    async def token(self, value: str) -> None:
        """Make it use another token from now on."""
        await self._send({"command": "token", "value": value})

    async def ask(self, document: str, **variables: Any) -> JSON:
        """Execute a query or mutation; its data."""
        return await (await self._command("ask", document, variables)).next()

    async def follow(self, document: str, **variables: Any) -> Feed:
        """Start a subscription."""
        return await self._command("follow", document, variables)

    async def show(self, document: str, **variables: Any) -> Feed:
        """Watch a query in the client's cache: its data at every change."""
        return await self._command("show", document, variables)

    async def _command(self, command: str, document: str, variables: dict[str, Any]) -> Feed:
        id_, feed = next(self._ids), Feed()
        self._feeds[id_] = feed
        found = re.search(r"query|mutation|subscription", document)
        assert found is not None
        asked = {"document": document, "kind": found[0], "variables": variables}
        await self._send({"command": command, "id": id_} | asked)
        return feed

    async def _send(self, command: JSON) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        await self._process.stdin.drain()

    async def read(self) -> None:
        """Read the output of the process into the feeds, until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            if (id_ := said.pop("id")) == "ready":
                self._ready.set()
            else:
                self._feeds[id_].lines.put_nowait(said)

    async def ready(self) -> None:
        """Wait until it accepts commands."""
        await asyncio.wait_for(self._ready.wait(), PATIENCE)


@asynccontextmanager
async def playing(
    kind: str, recipes: Path, url: str, token: str, *, ping_seconds: float = 10
) -> AsyncIterator[Player]:
    """Run a client of one of `KINDS` with the server at a URL. It notices an outage within some `ping_seconds`."""
    http, milliseconds = f"{url}/graphql", ping_seconds * 1000
    given: JSON = {"player": kind, "recipes": str(recipes), "http": http, "ws": http.replace("http", "ws", 1)}
    given |= {"token": token, "pingEvery": milliseconds, "silence": milliseconds, "waitAtMost": 200}
    command = (sys.executable, "play.py") if kind == "gql" else (NODE, "play.mjs")
    pipe = asyncio.subprocess.PIPE
    # Its errors go to our own stderr.
    process = await asyncio.create_subprocess_exec(
        *command, json.dumps(given), cwd=CLIENTS, stdin=pipe, stdout=pipe
    )
    player = Player(process)
    reading = asyncio.create_task(player.read())
    try:
        await player.ready()
        yield player
    finally:
        process.kill()
        await process.wait()
        await reading
