"""Clients of the recipes, each in a process of its own, played from a test."""

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
"""The clients that docs/clients.md has a recipe for."""
CACHING = ["apollo", "urql", "relay"]
"""Those that keep what they have read by its id."""


@dataclass
class Feed:
    """What comes of something that goes on."""

    lines: asyncio.Queue[JSON] = field(default_factory=asyncio.Queue)

    async def next(self) -> JSON:
        """The data that comes next, which must come without an error."""
        line = await asyncio.wait_for(self.lines.get(), PATIENCE)
        assert "error" not in line, line
        return line["data"]

    async def refused(self) -> list[str]:
        """The codes of the errors that come next."""
        line = await asyncio.wait_for(self.lines.get(), PATIENCE)
        return [error["extensions"]["code"] for error in line["error"]]

    def is_quiet(self) -> bool:
        """Whether nothing has come that was not taken."""
        return self.lines.empty()


class Player:
    """A logged-in client, which does as it is told by lines of JSON and says so what comes of it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = count()
        self.closed = Feed()
        """The codes that its WebSockets are closed with, of graphql-ws alone."""
        self._ready = asyncio.Event()
        self._feeds: dict[int | str, Feed] = {"closed": self.closed}

    async def token(self, value: str) -> None:
        """Have it use another token from now on."""
        await self._send({"command": "token", "value": value})

    async def ask(self, document: str, **variables: Any) -> JSON:
        """The data of a query or mutation."""
        return await (await self._command("ask", document, variables)).next()

    async def follow(self, document: str, **variables: Any) -> Feed:
        """Begin a subscription."""
        return await self._command("follow", document, variables)

    async def show(self, document: str, **variables: Any) -> Feed:
        """What its cache shows of a query, each time that it changes."""
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
        """Hand on what the process says, until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            if (id_ := said.pop("id")) == "ready":
                self._ready.set()
            else:
                self._feeds[id_].lines.put_nowait(said)

    async def ready(self) -> None:
        """Wait until it takes commands."""
        await asyncio.wait_for(self._ready.wait(), PATIENCE)


@asynccontextmanager
async def playing(
    kind: str, recipes: Path, url: str, token: str, *, ping_seconds: float = 10
) -> AsyncIterator[Player]:
    """A client of a kind at the server at a URL. It notices within some `ping_seconds` that the network is gone."""
    http, milliseconds = f"{url}/graphql", ping_seconds * 1000
    given: JSON = {"player": kind, "recipes": str(recipes), "http": http, "ws": http.replace("http", "ws", 1)}
    given |= {"token": token, "pingEvery": milliseconds, "silence": milliseconds, "waitAtMost": 200}
    command = (sys.executable, "play.py") if kind == "gql" else (NODE, "play.mjs")
    pipe = asyncio.subprocess.PIPE
    # What it has to complain goes to our own standard error.
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
