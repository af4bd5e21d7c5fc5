"""Clients whose queries graphql-core executes: queries with introspection are not compiled to plans."""

from typing import Any

from tests.support.client import JSON, Client
from tests.support.server import Server

_LOOK = 'looked: __type(name: "Query") { name }'


class InterpretedClient(Client):
    """A client that adds introspection to every query, and removes its result from the answer."""

    async def answer(self, document: str, **variables: Any) -> JSON:
        before, query, rest = document.partition("query")
        if before.strip() or not query:
            return await super().answer(document, **variables)
        head, brace, _ = rest.rpartition("}")
        answer = await super().answer(f"query{head} {_LOOK} {brace}", **variables)
        if answer.get("data"):
            del answer["data"]["looked"]
        return answer


class InterpretedServer(Server):
    """A server with such clients."""

    def with_token(self, token: str | None) -> Client:
        return InterpretedClient(self.http, self.graphql, self.graphql_ws, token)


def interpreted(server: Server) -> Server:
    """The same server with such clients."""
    return InterpretedServer(server.url, server.eenheden, server.http, server.process)
