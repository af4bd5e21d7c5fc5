"""The handshake of a WebSocket: who may open one, and in which protocol."""

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
    """Opens WebSockets, as an ASGI application, and has each served until it closes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._origins = Origins(transport.settings.allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket. A handshake that a page of another origin makes is answered with 403, one too many of
        its address with 429.
        """
        if not self._origins.may_call(scope, Headers(scope)):
            # Before it is accepted a close is a 403.
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
        """Accept it, and serve it if it speaks our protocol: before it is accepted it has no close codes."""
        protocol = PROTOCOL if PROTOCOL in scope["subprotocols"] else None
        # That it connects is the first message.
        await receive()
        await send({"type": "websocket.accept", "subprotocol": protocol, "headers": []})
        # The application takes the pipe out of the scope when the socket has ended.
        pipe: Socket = scope["extensions"][PIPE]
        if protocol is None:
            pipe.end(CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable")
        else:
            await WebSocketHandler(self._transport, pipe).handle(receive)
