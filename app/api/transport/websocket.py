"""graphql-transport-ws: Strawberry's handler, with messages checked first and a context for each operation.

Specification: PROTOCOL.md of the npm package graphql-ws.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import Operation as Subscribed
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    CompleteMessage,
    ConnectionInitMessage,
    ErrorMessage,
    Message,
    NextMessage,
    PingMessage,
)

from app.api.transport.delivery import Batch, Delivery
from app.api.transport.executor import DocumentRefused, Operation
from app.api.transport.messages import malformed, pong
from app.api.transport.ports import PIPE, CallerSession, OperationContext, Socket
from app.api.transport.results import is_request_error, passing_error, response_body
from app.api.transport.serving import Serving
from app.api.transport.tracing import trace_id
from app.api.transport.watch import TRY_AGAIN_LATER

_MAX_REASON = 123
"""The bytes of a reason that fit in a close frame (RFC 6455, section 5.5)."""


@dataclass
class SocketContext:
    """What a WebSocket carries: the payload of its connection_init, and who came in with it."""

    connection_params: Mapping[str, object] = field(default_factory=dict)
    session: CallerSession | None = None

    @property
    def authorization(self) -> object:
        """The Authorization value of the payload, under that name in any case."""
        return next((v for k, v in self.connection_params.items() if k.lower() == "authorization"), None)


class SocketAdapter(ASGIWebSocketAdapter):
    """Strawberry's adapter over a pipe. Several operations may close a socket; the first one does."""

    view: Any

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send a message when there is room for it; nothing where the socket was closed meanwhile."""
        await self.send_text(orjson.dumps(message))

    async def send_text(self, text: bytes) -> None:
        """Send a message that is written already, in the same way."""
        while not self.pipe.offer(b"", [text], b"", self.view.serving.max_pending):
            await self.pipe.emptied()

    async def close(self, code: int, reason: str) -> None:
        """Close the socket, with as much of the reason as a close frame holds."""
        self.pipe.end(code, reason.encode()[:_MAX_REASON].decode(errors="ignore"))

    @property
    def pipe(self) -> Socket:
        """The connection itself."""
        pipe: Socket = self.ws.scope["extensions"][PIPE]
        return pipe


class WebSocketHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """One socket. Each operation has a task of its own, so that one that waits holds up no other."""

    view: Any
    websocket: Any
    _init_timer: asyncio.TimerHandle
    _letting_in: asyncio.Task[None] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deliveries: dict[str, Delivery] = {}
        self.serving: Serving = self.view.serving
        self.pipe: Socket = self.websocket.pipe

    async def handle(self) -> None:
        """Serve the socket until it closes."""
        self.serving.watch.add(self.pipe)
        try:
            await super().handle()
        except Exception as error:
            self._end_after(error)
        finally:
            self.serving.watch.remove(self.pipe)

    def on_request_accepted(self) -> None:
        """Begin to wait for connection_init: by a timer, which costs a crowd of sockets less than a task each."""
        seconds = self.connection_init_wait_timeout.total_seconds()
        self._init_timer = asyncio.get_running_loop().call_later(
            seconds, self.pipe.end, 4408, "Connection initialisation timeout"
        )

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Begin to let the caller in, or close the socket where that was begun.

        In a task of its own: what comes meanwhile is answered as well, and it was not acknowledged yet.
        """
        self._init_timer.cancel()
        if self.connection_init_received:
            await self.websocket.close(4429, "Too many initialisation requests")
            return
        self.connection_init_received = True
        self.context.connection_params = message.get("payload") or {}
        self._letting_in = asyncio.create_task(self._let_in())

    async def _let_in(self) -> None:
        try:
            await self.view.on_ws_connect(self.context)
            self.connection_acknowledged = True
            await self.send_message({"type": "connection_ack"})
        except ConnectionRejectionError:
            await self.websocket.close(4403, "Forbidden")
        except Exception as error:
            self._end_after(error)
        finally:
            self._letting_in = None

    async def handle_ping(self, message: PingMessage) -> None:
        """Answer with the payload of the ping."""
        if (answer := pong(message.get("payload"))) is None:
            await self.handle_invalid_message("its payload cannot be sent back")
        else:
            await self.websocket.send_text(answer)

    async def handle_invalid_message(self, error_message: str) -> None:
        """Close the socket with 4400: a message is none of the protocol."""
        await self.websocket.close(4400, f"Invalid message received: {error_message}")

    async def shutdown(self) -> None:
        """The socket is closed: end everything that was begun on it."""
        self._init_timer.cancel()
        if (letting_in := self._letting_in) is not None:
            letting_in.cancel()
            await asyncio.wait([letting_in])
        await super().shutdown()
        # An operation that broke after it began to follow is forgotten above, but not what it follows.
        for operation_id in list(self.deliveries):
            self._stop_delivery(operation_id)

    async def handle_message(self, message: Any) -> None:
        """Dispatch a message that has the shape of its type; close with 4400 on any other.

        What came behind a message that the socket was closed for is not looked at.
        """
        if not self.pipe.is_open:
            return
        if (reason := malformed(message)) is not None:
            await self.handle_invalid_message(reason)
            return
        await super().handle_message(message)

    async def run_operation(self, operation: Subscribed[Any, None]) -> None:
        """Run an operation to its end; what it asks wrongly is an `error` on it alone.

        Who would not be let in any more is told so, and his socket is closed: with 4403, after which clients
        come back with a fresh token, or with 4401, after which they stay away.
        """
        try:
            await self._run(operation, await self.context.session.renewed())
        except GraphQLError as error:
            await self._send_errors(operation, [error])
            await self.websocket.close(4403 if self.context.session.is_expired else 4401, "Forbidden")
        except DocumentRefused as refused:
            await self._send_errors(operation, refused.errors)
        except WebSocketDisconnected:
            # The client went in the midst of it, as clients do.
            return
        except Exception as error:
            if self.serving.passes(error):
                self._end_after(error)
                return
            # We broke: formatting it logs the trace and gives the client an id.
            await self._send_errors(operation, [GraphQLError("", original_error=error)])

    def _end_after(self, error: Exception) -> None:
        """End the socket: so that the client comes back where the error passes, else with 4500 since we broke."""
        if self.serving.passes(error):
            self.pipe.end(TRY_AGAIN_LATER)
        else:
            self.serving.format_error(GraphQLError("", original_error=error))
            self.pipe.end(4500)

    async def _run(self, subscribed: Subscribed[Any, None], session: CallerSession) -> None:
        executor = self.serving.executor
        asked = executor.prepare(subscribed.query, subscribed.operation_name, subscribed.variables)
        context = session.open_context(asked.call(trace_id(None)))
        try:
            if asked.kind is OperationType.SUBSCRIPTION:
                await self._follow(subscribed, asked, context)
            else:
                self.pipe.begin_answer()
                try:
                    await self._answer(subscribed, await executor.execute(asked, context))
                finally:
                    self.pipe.end_answer()
        finally:
            await context.close()

    async def _follow(self, subscribed: Subscribed[Any, None], asked: Operation, context: OperationContext) -> None:
        """Deliver what the operation selects from each event; the operation needs no task of its own for it."""
        source = await self.serving.executor.subscribe(asked, context)
        if isinstance(source, ExecutionResult):
            if (error := passing_error(source, self.serving.passes)) is not None:
                # An `error` would end it for good; after this close code the client comes back with it.
                self._end_after(error)
                return
            await self._send_errors(subscribed, source.errors or [])
            return
        selection = self.serving.selection(asked, context)
        receiver = _SocketReceiver(self, subscribed)
        self.deliveries[subscribed.id] = self.serving.deliveries.start(source, selection, receiver)

    async def cleanup_operation(self, operation_id: str) -> None:
        """End an operation, as its client or the end of the socket asks."""
        await super().cleanup_operation(operation_id)
        self._stop_delivery(operation_id)

    def _stop_delivery(self, operation_id: str) -> None:
        if (delivery := self.deliveries.pop(operation_id, None)) is not None:
            delivery.stop()

    async def _answer(self, subscribed: Subscribed[Any, None], result: ExecutionResult) -> None:
        if is_request_error(result):
            await self._send_errors(subscribed, result.errors or [])
            return
        payload = response_body(result, self.serving.format_error)
        await self._send(subscribed, NextMessage(id=subscribed.id, type="next", payload=payload))
        await self._send(subscribed, CompleteMessage(id=subscribed.id, type="complete"))

    def finish(self, subscribed: Subscribed[Any, None], error: Exception | None) -> None:
        """End an operation whose events have ended, or cannot be delivered because of an error of ours."""
        if self.operations.get(subscribed.id) is subscribed:
            del self.operations[subscribed.id]
            self._stop_delivery(subscribed.id)
            message: dict[str, Any] = {"id": subscribed.id, "type": "complete"}
            if error is not None:
                message["type"] = "error"
                message["payload"] = [self.serving.format_error(GraphQLError("", original_error=error))]
            self.pipe.write(orjson.dumps(message))

    async def _send_errors(self, subscribed: Subscribed[Any, None], errors: list[GraphQLError]) -> None:
        payload = [self.serving.format_error(error) for error in errors]
        await self._send(subscribed, ErrorMessage(id=subscribed.id, type="error", payload=payload))

    async def _send(self, subscribed: Subscribed[Any, None], message: Message) -> None:
        """Send a message of an operation, unless the client ended it: its id may be another operation's by now."""
        if self.operations.get(subscribed.id) is subscribed:
            await subscribed.send_operation_message(message)


class _SocketReceiver:
    """Writes the payloads of one operation to its socket, as long as not too much waits there."""

    __slots__ = ("_handler", "_most", "_pipe", "_prefix", "_subscribed")

    def __init__(self, handler: WebSocketHandler, subscribed: Subscribed[Any, None]) -> None:
        self._handler = handler
        self._subscribed = subscribed
        self._pipe = handler.pipe
        self._most = handler.serving.max_pending
        self._prefix = b'{"id":%b,"type":"next","payload":' % orjson.dumps(subscribed.id)

    def take(self, batch: Batch) -> bool:
        """Send payloads, unless too much waits already."""
        return self._pipe.offer(self._prefix, batch.payloads, b"}", self._most)

    async def room(self) -> None:
        """Wait until all that was sent is taken."""
        await self._pipe.emptied()

    def finish(self, error: Exception | None) -> None:
        """Say that there will be no more."""
        self._handler.finish(self._subscribed, error)
