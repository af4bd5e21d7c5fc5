"""Serves one WebSocket in the protocol graphql-transport-ws: validates its messages and carries them out.

Specification: PROTOCOL.md of the npm package graphql-ws.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

import orjson
from graphql import GraphQLError
from starlette.types import Receive

from app.transport.connections.connection_counter import ConnectionLimit, CountedConnection, RateLimit
from app.transport.connections.pipe import CloseCode, Socket
from app.transport.connections.session_watch import AnotherCaller, SessionWatch
from app.transport.execution.request import Malformed, NotJson, read_json, request_of
from app.transport.limits import Limit, LimitReached
from app.transport.ports import CallerSession
from app.transport.transport import Transport
from app.transport.websocket.messages import malformed, pong
from app.transport.websocket.operation import SocketOperation

_MAX_REASON = 123
"""The bytes of a reason that fit in a close frame (RFC 6455, section 5.5)."""


class WebSocketHandler:
    """One socket. Each operation runs in a task of its own, so that a slow one does not delay the others."""

    session: CallerSession
    _init_timer: asyncio.TimerHandle
    _letting_in: asyncio.Task[None] | None = None

    def __init__(self, transport: Transport, pipe: Socket) -> None:
        self.transport = transport
        self.pipe = pipe
        self.operations: dict[str, SocketOperation] = {}
        self._is_initialised = self._is_acknowledged = False
        self._limits = transport.settings.sockets
        self._pace = RateLimit(self._limits.messages)
        self._place: CountedConnection | None = None
        self._session_watch: SessionWatch | None = None

    async def handle(self, receive: Receive) -> None:
        """Serve the socket until it closes."""
        self.transport.idle_watch.add(self.pipe)
        self.transport.connection_counter.add_anonymous(self.pipe)
        self._await_initialisation()
        try:
            try:
                await self._listen(receive)
            finally:
                await self._shut_down()
        except Exception as error:
            self.close_after_error(error)
        finally:
            self.transport.connection_counter.remove_anonymous(self.pipe)
            if self._place is not None:
                self._place.leave()
            self.transport.idle_watch.remove(self.pipe)
            self.transport.observer.closed(*self.pipe.ending)

    def _await_initialisation(self) -> None:
        """Start the timeout for connection_init; for thousands of sockets, timers cost less than tasks."""
        self._init_timer = asyncio.get_running_loop().call_later(
            self.transport.settings.connection_init_seconds,
            self.pipe.end,
            CloseCode.CONNECTION_INITIALISATION_TIMEOUT,
            "Connection initialisation timeout",
        )

    async def _listen(self, receive: Receive) -> None:
        """Handle messages until the socket is closed, or until a message is not JSON."""
        while (received := await receive())["type"] != "websocket.disconnect":
            if (text := received.get("text")) is None:
                self._refuse("WebSocket message type must be text")
                return
            try:
                message = read_json(text)
            except NotJson:
                self._refuse("WebSocket message must be valid JSON")
                return
            await self._take(message)

    async def _shut_down(self) -> None:
        """The socket is closed: stop everything that runs for it."""
        self._init_timer.cancel()
        try:
            if (letting_in := self._letting_in) is not None:
                letting_in.cancel()
                await asyncio.wait([letting_in])
        finally:
            if self._session_watch is not None:
                self._session_watch.end()
                # It refers to methods of this object: break the reference cycle.
                self._session_watch = None
            await self._stop_operations()

    async def _stop_operations(self) -> None:
        """Stop every operation, and wait until its task has ended."""
        tasks = [operation.task for operation in self.operations.values() if operation.task is not None]
        for id_ in list(self.operations):
            self._complete(id_)
        for task in tasks:
            # One by one: if this task itself is cancelled meanwhile, the remaining tasks are still awaited.
            with suppress(Exception, asyncio.CancelledError):
                await task

    async def _take(self, message: object) -> None:
        """Validate a message and carry it out; an invalid message closes the socket with 4400.

        Messages that came after the one that closed the socket are ignored.
        """
        if not self.pipe.is_open:
            return
        if not self._pace.allows():
            self.transport.observer.limit_refused(ConnectionLimit.MESSAGES)
            self.pipe.end(CloseCode.POLICY_VIOLATION, "Too many messages")
            return
        self.transport.attendance.heard(self.pipe)
        if (reason := malformed(message)) is not None:
            self._refuse(reason)
            return
        await self._do(cast(Mapping[str, Any], message))

    async def _do(self, message: Mapping[str, Any]) -> None:
        """Carry out a valid message. A `pong` needs no action: it was only a sign of life."""
        match message["type"]:
            case "connection_init":
                self._initialise(message.get("payload"))
            case "ping":
                await self._ping(message.get("payload"))
            case "subscribe":
                await self._subscribe(message["id"], message["payload"])
            case "complete":
                self._complete(message["id"])

    def _refuse(self, reason: str) -> None:
        """Close the socket with 4400, because a message is invalid."""
        self._close(CloseCode.BAD_REQUEST, f"Invalid message received: {reason}")

    def _close(self, code: CloseCode, reason: str) -> None:
        """Close the socket. The reason is cut to what fits in a close frame, because an id in it may be long."""
        self.pipe.end(code, reason.encode()[:_MAX_REASON].decode(errors="ignore"))

    def _initialise(self, payload: Mapping[str, object] | None) -> None:
        """Start authenticating the caller; a second connection_init closes the socket.

        This runs in a task of its own, so that messages before the acknowledgement are handled meanwhile.
        """
        if self._is_initialised:
            self.pipe.end(CloseCode.TOO_MANY_INITIALISATION_REQUESTS, "Too many initialisation requests")
            return
        self._is_initialised = True
        self._init_timer.cancel()
        self._letting_in = asyncio.create_task(self._check(payload))

    async def _check(self, payload: Mapping[str, object] | None) -> None:
        """Authenticate the caller, and acknowledge; or close the socket."""
        try:
            session = await self.transport.open_session(_authorization(payload))
            self._place = self.transport.connection_counter.of_caller(session.caller)
            await self._let_in(session)
        except GraphQLError:
            self.pipe.end(CloseCode.FORBIDDEN, "Forbidden")
        except LimitReached:
            self.pipe.end(CloseCode.TRY_AGAIN_LATER, "Too many connections")
        except Exception as error:
            self.close_after_error(error)
        finally:
            self._letting_in = None

    async def _let_in(self, session: CallerSession) -> None:
        self.transport.connection_counter.remove_anonymous(self.pipe)
        self.session = session
        self._session_watch = SessionWatch(session, self._rights_changed, self.send_away)
        await self._session_watch.settle()
        self._is_acknowledged = True
        await self.send({"type": "connection_ack"})

    async def _ping(self, payload: Mapping[str, object] | None) -> None:
        """Answer a ping with the same payload. An Authorization value in it renews the caller's session."""
        if self._session_watch is not None and (authorization := _authorization(payload)) is not None:
            try:
                await self._session_watch.renew(await self.transport.open_session(authorization))
            except (GraphQLError, AnotherCaller):
                self.pipe.end(CloseCode.FORBIDDEN, "Forbidden")
                return
        if (answer := pong(payload)) is None:
            self._refuse("its payload cannot be sent back")
        else:
            await self.send_text(answer)

    async def _subscribe(self, id_: str, payload: Mapping[str, object]) -> None:
        """Start an operation, or refuse it."""
        if self.pipe.pending:
            # No further messages are read from a client that does not read its own.
            await self.pipe.drained()
        if not self._is_acknowledged:
            self.pipe.end(CloseCode.UNAUTHORIZED, "Unauthorized")
        elif id_ in self.operations:
            self._close(CloseCode.SUBSCRIBER_ALREADY_EXISTS, f"Subscriber for {id_} already exists")
        elif len(self.operations) >= self._limits.operations:
            reached = LimitReached(Limit.OPERATIONS, self._limits.operations)
            error = self.transport.format_error(GraphQLError("", original_error=reached))
            await self.send({"id": id_, "type": "error", "payload": [error]})
        else:
            await self._begin(id_, payload)

    async def _begin(self, id_: str, payload: Mapping[str, object]) -> None:
        try:
            self.operations[id_] = SocketOperation(self, id_, request_of(payload))
        except Malformed as malformed_request:
            # The message itself is valid, but `extensions` may hold a wrong value.
            error = self.transport.format_error(GraphQLError(str(malformed_request)))
            await self.send({"id": id_, "type": "error", "payload": [error]})

    def _complete(self, id_: str) -> None:
        """Stop an operation, because its client or the end of the socket requires it. An unknown id is ignored."""
        if (operation := self.operations.pop(id_, None)) is not None:
            operation.stop()

    async def _rights_changed(self, session: CallerSession) -> None:
        """Continue the subscriptions with the new rights. If these allow none of them, close the socket."""
        self.session = session
        # All are paused before the first one continues, because continuing may wait for room on the socket.
        paused = [
            (operation, place)
            for operation in self.operations.values()
            if (place := operation.pause(session)) is not None
        ]
        allowed = [await operation.resume(session, place) for operation, place in paused]
        if allowed and not any(allowed) and not any(operation.follows for operation in self.operations.values()):
            self.send_away(CloseCode.UNAUTHORIZED)

    async def session_now(self) -> CallerSession:
        """The caller's session with their current rights; raises a GraphQLError if they lost access."""
        before = self.session
        try:
            now = await before.renewed()
        except GraphQLError:
            if self.session is before:
                raise
            # The client renewed the session meanwhile.
            return await self.session_now()
        if self.session is before:
            self.session = now
        return self.session

    def send_away(self, code: CloseCode) -> None:
        """Close the socket of a caller who lost access or whose token is not valid."""
        self.pipe.end(code, "Forbidden" if code is CloseCode.FORBIDDEN else "Unauthorized")

    def close_after_error(self, error: Exception) -> None:
        """Close the socket after an error: a transient one with 1013, so that the client reconnects, else
        4500.
        """
        # The result is not sent; formatting records the error in the log and the metrics.
        self.transport.format_error(GraphQLError("", original_error=error))
        if self.transport.is_transient(error):
            self.pipe.end(CloseCode.TRY_AGAIN_LATER, "Try again later")
        else:
            self.pipe.end(CloseCode.INTERNAL_SERVER_ERROR, "Internal server error")

    def has(self, operation: SocketOperation) -> bool:
        """Whether an operation still runs here."""
        return self.operations.get(operation.id) is operation

    def forget(self, operation: SocketOperation) -> None:
        """Remove an operation that has ended; its id may be used again."""
        del self.operations[operation.id]

    async def send_text(self, text: bytes) -> None:
        """Send a serialised message; waits until there is room for it. Does nothing if the socket was closed."""
        while not self.pipe.offer(b"", [text], b"", self.transport.max_pending):
            await self.pipe.drained()

    async def send(self, message: Mapping[str, object]) -> None:
        """Serialise and send a message; waits until there is room for it."""
        await self.send_text(orjson.dumps(message))


def _authorization(payload: Mapping[str, object] | None) -> object:
    """The value of `authorization` in a payload (the name in upper or lower case); None if there is none."""
    return next((value for key, value in (payload or {}).items() if key.lower() == "authorization"), None)
