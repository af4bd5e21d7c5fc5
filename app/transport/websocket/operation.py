"""One operation on a WebSocket, from its `subscribe` message to its end."""

import asyncio
from typing import Any, Protocol

import orjson
from graphql import GraphQLError, GraphQLFormattedError, OperationType

from app.transport.connections.answer_budget import ERROR_BYTES, Reservation
from app.transport.connections.pipe import CloseCode, Socket
from app.transport.delivery.groups import Delivery
from app.transport.delivery.receiving import Batch, BudgetedReceiver
from app.transport.delivery.sharing import Selection
from app.transport.execution.documents import DocumentRefused
from app.transport.execution.operation import Operation
from app.transport.execution.request import GraphQLRequest
from app.transport.ports import CallerSession, EventSource, There
from app.transport.transport import Transport, follow


class OperationHost(Protocol):
    """The socket that an operation runs on; implemented by `WebSocketHandler`."""

    transport: Transport
    pipe: Socket
    session: CallerSession

    async def session_now(self) -> CallerSession:
        """The caller's session with their current rights; raises a GraphQLError if they lost access."""

    def has(self, operation: "SocketOperation") -> bool:
        """Whether the operation still runs: a client may stop it, and use its id for another one."""

    def forget(self, operation: "SocketOperation") -> None:
        """Remove an operation that has ended."""

    async def send(self, message: dict[str, Any]) -> None:
        """Serialise and send a message; waits until there is room for it."""

    async def send_text(self, text: bytes) -> None:
        """Send a serialised message; waits until there is room for it."""

    def close_after_error(self, error: Exception) -> None:
        """Close the socket after an error that is not the client's fault."""

    def send_away(self, code: CloseCode) -> None:
        """Close the socket of a caller who lost access or whose token is not valid."""


class SocketOperation:
    """One operation. It runs in a task of its own until it is answered; a subscription's task ends when it has
    started, because then its group delivers the events.
    """

    # Thousands of subscriptions last for hours, so what only the beginning needs is not stored.
    __slots__ = (
        "_delivery",
        "_is_refused",
        "_operation",
        "_session",
        "_socket",
        "_there",
        "_traceparent",
        "id",
        "task",
    )

    def __init__(self, socket: OperationHost, id_: str, request: GraphQLRequest) -> None:
        self.id = id_
        self._socket = socket
        self._traceparent: object = (request.extensions or {}).get("traceparent")
        self._operation: Operation | None = None
        self._delivery: Delivery | None = None
        self._there: There | None = None
        self._session = socket.session
        self._is_refused = False
        self.task: asyncio.Task[None] | None = asyncio.create_task(self._run(request))

    @property
    def follows(self) -> bool:
        """Whether it is a subscription that has started."""
        return self._delivery is not None

    def stop(self) -> None:
        """Stop the operation: the client ended it, or the socket is closed."""
        if self.task is not None:
            self.task.cancel()
        self._stop_following()

    def pause(self, session: CallerSession) -> int | None:
        """Stop delivery with the old rights, because the session has changed.

        Returns the place to continue from; None if there is no delivery, or if the scope is the same.
        """
        if self._delivery is None or session.scope == self._session.scope:
            return None
        place = self._delivery.place
        self._stop_following()
        return place

    async def resume(self, session: CallerSession, place: int) -> bool:
        """Continue delivery from a place, with new rights. Returns False if these forbid it (an error is
        sent).
        """
        if self._operation is None or not self._socket.has(self):
            return True
        self.task = asyncio.create_task(self._guarded(self._go_on(self._operation, session, place)))
        await asyncio.wait([self.task])
        self.task = None
        return not self._is_refused

    async def _run(self, request: GraphQLRequest) -> None:
        place = self._transport.budget.place(self._socket.pipe, self._session.caller)
        with place, self._transport.attempt(self._traceparent):
            await self._guarded(self._begin(request, place))
        self.task = None

    async def _guarded(self, work: Any) -> None:
        """Await work for the operation, and send an `error` message if it fails; other operations go on.

        If the caller lost access, the socket is closed after that message.
        """
        try:
            await work
        except DocumentRefused as refused:
            await self._send_errors(refused.errors)
        except GraphQLError as error:
            await self._send_away([error])
        except Exception as error:
            # Formatting an internal error logs its traceback, and gives the client an id to quote.
            errors = [GraphQLError("", original_error=error)]
            if self._transport.is_unauthorized(error):
                await self._send_away(errors)
            else:
                await self._send_errors(errors)

    async def _send_away(self, errors: list[GraphQLError]) -> None:
        await self._send_errors(errors)
        expired = self._socket.session.is_expired
        self._socket.send_away(CloseCode.FORBIDDEN if expired else CloseCode.UNAUTHORIZED)

    @property
    def _transport(self) -> Transport:
        return self._socket.transport

    async def _begin(self, request: GraphQLRequest, place: Reservation) -> None:
        # Waits while the client does not read the answers before this one.
        await place.take(ERROR_BYTES)
        try:
            self._session = await self._socket.session_now()
        except Exception as error:
            if not self._transport.is_transient(error):
                raise
            # The caller's access cannot be checked now, and without that nothing may be executed.
            self._socket.close_after_error(error)
            return
        self._operation = operation = await self._transport.executor.prepare(request)
        if operation.kind is OperationType.SUBSCRIPTION:
            await self._follow(operation, self._session, None)
        else:
            await place.take(operation.estimated.cost.bytes)
            await self._answer(operation, place)

    async def _answer(self, operation: Operation, place: Reservation) -> None:
        context = self._transport.open_context(self._session, operation.call(self._traceparent))
        self._socket.pipe.begin_answer()
        try:
            result = await self._transport.executor.answer(operation, context)
            answer = self._transport.written(operation, context, result)
            place.made(len(answer.body))
            if answer.refused:
                await self._send({"id": self.id, "type": "error", "payload": answer.refused})
                return
            await self._send_next(answer.body)
            # From here on the bytes count as pending bytes of the connection.
            place.leave()
            await self._send({"id": self.id, "type": "complete"})
        finally:
            self._socket.pipe.end_answer()
            await context.close()

    async def _follow(self, operation: Operation, session: CallerSession, after: int | None) -> None:
        """Start delivery of the subscription's events, after the place `after` if given; or send the errors."""
        self._session = session
        call = operation.call(self._traceparent, None if after is None else str(after))
        refused = await follow(self._transport, session, operation, call, self._deliver)
        if refused is not None:
            self._transport.raise_if_fatal(refused)
            self._is_refused = True
            await self._send_errors(refused.errors or [])
        elif self._delivery is not None and (now := self._socket.session).scope != session.scope:
            # The caller's rights changed while the subscription was starting.
            place = self._delivery.place
            self._stop_following()
            await self._follow(operation, now, place)

    async def _go_on(self, operation: Operation, session: CallerSession, place: int) -> None:
        """Continue delivery from a place. After a transient error the socket is closed, and the client reconnects:
        a transient error must not end a subscription that has started.
        """
        try:
            await self._follow(operation, session, place)
        except Exception as error:
            if not self._transport.is_transient(error):
                raise
            self._socket.close_after_error(error)

    def _deliver(self, source: EventSource, selection: Selection) -> None:
        assert self._operation is not None  # noqa: S101 - it was prepared
        receiver = _SocketReceiver(self, self._operation)
        self._delivery = self._transport.deliveries.start(source, selection, receiver)
        if source.there is not None:
            self._there = source.there
            self._transport.attendance.follows(self._socket.pipe, source.there)

    def _stop_following(self) -> None:
        there, self._there = self._there, None
        if there is not None:
            self._transport.attendance.leaves(self._socket.pipe, there)
        delivery, self._delivery = self._delivery, None
        if delivery is not None:
            delivery.stop()

    def finish(self, error: Exception | None) -> None:
        """End the subscription: there are no more events, or an internal error prevents their delivery."""
        if not self._socket.has(self):
            return
        self._socket.forget(self)
        self._stop_following()
        message: dict[str, Any] = {"id": self.id, "type": "complete"}
        if error is not None:
            message["type"] = "error"
            message["payload"] = self._written([GraphQLError("", original_error=error)])
        self._socket.pipe.write(orjson.dumps(message))

    async def _send_errors(self, errors: list[GraphQLError]) -> None:
        self._stop_following()
        await self._send({"id": self.id, "type": "error", "payload": self._written(errors)})

    def _written(self, errors: list[GraphQLError]) -> list[GraphQLFormattedError]:
        return [self._transport.format_error(error) for error in errors]

    async def _send_next(self, payload: bytes) -> None:
        if self._socket.has(self):
            await self._socket.send_text(_next_prefix(self.id) + payload + b"}")

    async def _send(self, message: dict[str, Any]) -> None:
        """Send a message, unless the client ended the operation. Before the last message its id becomes free."""
        if self._socket.has(self):
            if message["type"] in ("error", "complete"):
                self._socket.forget(self)
            await self._socket.send(message)


def _next_prefix(id_: str) -> bytes:
    """The text of a `next` message before its payload; after the payload comes a closing brace."""
    return b'{"id":%b,"type":"next","payload":' % orjson.dumps(id_)


class _SocketReceiver(BudgetedReceiver):
    """Writes the payloads of one operation to its socket as `next` messages, unless too many bytes wait there."""

    __slots__ = ("_most", "_operation", "_prefix")

    def __init__(self, operation: SocketOperation, request: Operation) -> None:
        socket = operation._socket
        super().__init__(socket.transport.budget, socket.pipe, socket.session.caller, request)
        self._operation = operation
        self._most = socket.transport.max_pending
        self._prefix = _next_prefix(operation.id)

    def offer(self, batch: Batch) -> bool:
        """Write a batch; returns False if too many bytes wait already."""
        return self.pipe.offer(self._prefix, batch.payloads, b"}", self._most)

    def finish(self, error: Exception | None) -> None:
        """End the subscription."""
        self._operation.finish(error)
