"""Runs the Python client gql for a test, with the same JSON commands and results as play.mjs."""

import asyncio
import importlib.util
import json
import sys
from typing import Any

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport


class Player:
    """A client built by the documented recipe."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._recipe = _module(f"{options['recipes']}/following.py")
        self._ws = options["ws"]
        self._token = options["token"]
        self._timing = {"ping_every": options["pingEvery"] / 1000, "wait_at_most": options["waitAtMost"] / 1000}

    async def command(self, command: str, **params: Any) -> None:
        """Execute one command of the test."""
        if command == "token":
            self._token = params["value"]
        elif command == "ask":
            await self._ask(**params)
        else:
            await self._follow(**params)

    async def _ask(self, id: int, document: str, variables: dict[str, Any], **_: Any) -> None:
        request = gql(document)
        request.variable_values = variables
        transport = WebsocketsTransport(self._ws, init_payload={"authorization": f"Bearer {self._token}"})
        async with Client(transport=transport) as session:
            _say(id=id, data=await session.execute(request))

    async def _follow(self, id: int, document: str, variables: dict[str, Any], **_: Any) -> None:
        try:
            async for data in self._recipe.follow(
                self._ws, self._current_token, document, variables, **self._timing
            ):
                _say(id=id, data=data)
        except TransportQueryError as refused:
            _say(id=id, error=refused.errors)

    async def _current_token(self) -> str:
        return str(self._token)


def _say(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _module(file: str) -> Any:
    spec = importlib.util.spec_from_file_location("following", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def main() -> None:
    """Execute commands until there are no more."""
    player = Player(json.loads(sys.argv[1]))
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    _say(id="ready")
    async with asyncio.TaskGroup() as tasks:
        async for line in lines:
            tasks.create_task(player.command(**json.loads(line)))


if __name__ == "__main__":
    asyncio.run(main())
