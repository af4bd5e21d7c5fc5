"""One operation on a WebSocket, from its `subscribe` to its end."""

import asyncio
from typing import Any, Protocol

import orjson
from graphql import GraphQLError, GraphQLFormattedError, OperationType

from app.transport.connections.answer_budget import FOR_REFUSAL, Reservation
from app.transport.connections.pipe import CloseCode, Socket
from app.transport.delivery.groups import Delivery
from app.transport.delivery.receiving import Batch, BudgetedReceiver
from app.transport.delivery.sharing import Selection
from app.transport.execution.documents import DocumentRefused
from app.transport.execution.operation import Operation
from app.transport.execution.request import GraphQLRequest
from app.transport.ports import CallerSession, EventSource, There
from app.transport.transport import Transport, follow


class OperationsSocket(Protocol):
    """The socket that an operation runs on."""

    transport: Transport
    pipe: Socket
    session: CallerSession

    async def session_now(self) -> CallerSession:
        """The caller as he stands now; a GraphQL error where he would not be let in any more."""

    def has(self, operation: "SocketOperation") -> bool:
        """Whether it still runs there: a client may end it, and give its id to another one."""

    def forget(self, operation: "SocketOperation") -> None:
        """It has ended."""

    async def send(self, message: dict[str, Any]) -> None:
        """Send a message when there is room for it."""

    async def send_text(self, text: bytes) -> None:
        """Send a message that is written already, when there is room for it."""

    def end_after(self, error: Exception) -> None:
        """End the socket after an error of ours."""

    def send_away(self, code: CloseCode) -> None:
        """End the socket of a caller who would not be let in any more."""


class SocketOperation:
    """Runs in a task of its own until it is answered, or until it follows: then its group delivers to it."""

    # Thousands of them follow for hours: what only the beginning needs is let go of.
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

    def __init__(self, socket: OperationsSocket, id_: str, request: GraphQLRequest) -> None:
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
        """Whether it is a subscription that has begun."""
        return self._delivery is not None

    def stop(self) -> None:
        """The client has ended it, or the socket is closed."""
        if self.task is not None:
            self.task.cancel()
        self._stop_following()

    def halt(self, session: CallerSession) -> int | None:
        """Send nothing more with the rights before those of a session: the place to go on from, None where they are
        the same.
        """
        if self._delivery is None or session.scope == self._session.scope:
            return None
        place = self._delivery.place
        self._stop_following()
        return place

    async def go_on(self, session: CallerSession, place: int) -> bool:
        """Follow on from a place with other rights. False where they do not allow it: it ends with an error."""
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
        """Do something for the operation; what was asked wrongly, or cannot be had now, is an `error` on it alone.

        Who would not be let in any more is told so, and their socket is closed.
        """
        try:
            await work
        except DocumentRefused as refused:
            await self._send_errors(refused.errors)
        except GraphQLError as error:
            await self._send_away([error])
        except Exception as error:
            # Where we broke, formatting it logs the trace and gives the client an id.
            told = [GraphQLError("", original_error=error)]
            if self._transport.is_unauthorized(error):
                await self._send_away(told)
            else:
                await self._send_errors(told)

    async def _send_away(self, errors: list[GraphQLError]) -> None:
        await self._send_errors(errors)
        expired = self._socket.session.is_expired
        self._socket.send_away(CloseCode.FORBIDDEN if expired else CloseCode.UNAUTHORIZED)

    @property
    def _transport(self) -> Transport:
        return self._socket.transport

    async def _begin(self, request: GraphQLRequest, place: Reservation) -> None:
        # As long as the client takes nothing of the answers before, this one is not made.
        await place.take(FOR_REFUSAL)
        try:
            self._session = await self._socket.session_now()
        except Exception as error:
            if not self._transport.is_transient(error):
                raise
            # Whether the caller is still let in cannot be looked up: nothing goes on without that.
            self._socket.end_after(error)
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
            # From here on it is counted with what waits on the connection.
            place.leave()
            await self._send({"id": self.id, "type": "complete"})
        finally:
            self._socket.pipe.end_answer()
            await context.close()

    async def _follow(self, operation: Operation, session: CallerSession, after: int | None) -> None:
        """Deliver what the operation selects from each event; it needs no task of its own for it."""
        self._session = session
        call = operation.call(self._traceparent, None if after is None else str(after))
        refused = await follow(self._transport, session, operation, call, self._deliver)
        if refused is not None:
            self._transport.refuse_if_decided(refused)
            self._is_refused = True
            await self._send_errors(refused.errors or [])
        elif self._delivery is not None and (now := self._socket.session).scope != session.scope:
            # His rights changed while this was on its way.
            place = self._delivery.place
            self._stop_following()
            await self._follow(operation, now, place)

    async def _go_on(self, operation: Operation, session: CallerSession, place: int) -> None:
        """Follow on from a place. What began ends for no reason that passes: the client comes back with it."""
        try:
            await self._follow(operation, session, place)
        except Exception as error:
            if not self._transport.is_transient(error):
                raise
            self._socket.end_after(error)

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
        """End it: its events have ended, or cannot be delivered because of an error of ours."""
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
        """Send a message, unless the client ended the operation. Its id is free before its last message is sent."""
        if self._socket.has(self):
            if message["type"] in ("error", "complete"):
                self._socket.forget(self)
            await self._socket.send(message)


def _next_prefix(id_: str) -> bytes:
    """What comes before the payload of a `next`; behind it comes a brace."""
    return b'{"id":%b,"type":"next","payload":' % orjson.dumps(id_)


class _SocketReceiver(BudgetedReceiver):
    """Writes the payloads of one operation to its socket, as long as not too much waits there."""

    __slots__ = ("_most", "_operation", "_prefix")

    def __init__(self, operation: SocketOperation, request: Operation) -> None:
        socket = operation._socket
        super().__init__(socket.transport.budget, socket.pipe, socket.session.caller, request)
        self._operation = operation
        self._most = socket.transport.max_pending
        self._prefix = _next_prefix(operation.id)

    def offer(self, batch: Batch) -> bool:
        """Write payloads, unless too much waits already."""
        return self.pipe.offer(self._prefix, batch.payloads, b"}", self._most)

    def finish(self, error: Exception | None) -> None:
        """Say that there will be no more."""
        self._operation.finish(error)
