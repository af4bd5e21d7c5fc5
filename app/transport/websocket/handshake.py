"""The handshake of a WebSocket: checks the origin, the number of connections and the subprotocol."""

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose

from app.transport.connections.pipe import PIPE, CloseCode, Socket
from app.transport.http.request_headers import Headers, Origins
from app.transport.limits import LimitReached
from app.transport.transport import Transport
from app.transport.websocket.handler import WebSocketHandler

PROTOCOL = "graphql-transport-ws"


class Handshakes:
    """An ASGI application that opens WebSockets and serves each until it closes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._origins = Origins(transport.settings.allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket. The response to a page of a forbidden origin is 403, for too many connections
        429.
        """
        if not self._origins.is_allowed(scope, Headers(scope)):
            # A close before the accept becomes a 403 response.
            await WebSocketClose(CloseCode.POLICY_VIOLATION)(scope, receive, send)
            return
        try:
            place = self._transport.connection_counter.from_address(scope)
        except LimitReached:
            await WebSocket(scope, receive, send).send_denial_response(PlainTextResponse("", 429))
            return
        with place:
            await self._open(scope, receive, send)

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept the socket, and serve it. A wrong subprotocol is refused after that, by a close code."""
        protocol = PROTOCOL if PROTOCOL in scope["subprotocols"] else None
        # The first message is `websocket.connect`.
        await receive()
        await send({"type": "websocket.accept", "subprotocol": protocol, "headers": []})
        # Read it now: the application removes the pipe from the scope when the socket has ended.
        pipe: Socket = scope["extensions"][PIPE]
        if protocol is None:
            pipe.end(CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable")
        else:
            await WebSocketHandler(self._transport, pipe).handle(receive)
